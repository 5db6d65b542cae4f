"""What can go wrong while recognising, and how Rekognition names it.

`PictureError`s are raised where a picture is read (in a worker process) and carry no picture;
`service.py` turns them, like every `RekognitionError`, into the answer AWS would give. Each
sentence is Rekognition's own where AWS documents or is known to send one.
"""

from doorbell.errors import DoorbellError


class RekognitionError(DoorbellError):
    """A refusal as the wire has it: `code` names it, the text says it, `status` is HTTP's."""

    code = "InternalServerError"
    status = 400
    sentence = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.sentence)


class InvalidParameter(RekognitionError, ValueError):
    """A parameter that breaks a rule, or a picture without the face there must be."""

    code = "InvalidParameterException"
    sentence = "Request has invalid parameters"


class ValidationFailed(RekognitionError, ValueError):
    """A parameter that breaks a constraint written in the service model."""

    code = "ValidationException"


class NotSerialized(RekognitionError, ValueError):
    """A body that is not JSON, or holds a value of another type than the model's."""

    code = "SerializationException"


class UnknownOperation(RekognitionError, LookupError):
    """`X-Amz-Target` names nothing that is served here."""

    code = "UnknownOperationException"


class NoSuchObject(RekognitionError, LookupError):
    """The S3 object does not exist, or the caller may not read it."""

    code = "InvalidS3ObjectException"
    sentence = (
        "Unable to get object metadata from S3. Check object key, region and/or access permissions."
    )


class NoSuchCollection(RekognitionError, LookupError):
    """No collection has this id."""

    code = "ResourceNotFoundException"


class CollectionExists(RekognitionError, ValueError):
    """A collection of this id is there already."""

    code = "ResourceAlreadyExistsException"


class RecogniserFailed(RekognitionError, RuntimeError):
    """The worker process died or stuck, also at the second try."""

    code = "InternalServerError"
    status = 500
    sentence = "Internal server error"


class UnknownWeights(RecogniserFailed, ValueError):
    """The installed file of weights is not the network that is known here."""


class PictureError(RekognitionError, ValueError):
    """A picture that cannot be looked at."""


class UnreadablePicture(PictureError):
    """Neither JPEG nor PNG, or cut short."""

    code = "InvalidImageFormatException"
    sentence = "Request has invalid image format"


class PictureTooLarge(PictureError):
    """Too many bytes (5,242,880 inline, 15 MB from S3) or too many pixels."""

    code = "ImageTooLargeException"
    sentence = "Image size is too large"


class PictureTooSmall(PictureError, InvalidParameter):
    """Under 80 px a side; AWS says no more than `Request has invalid parameters`."""

    code = "InvalidParameterException"
    sentence = "Request has invalid parameters"

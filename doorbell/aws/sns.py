"""SNS: a topic that anybody whom the operator lets in may subscribe to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from doorbell.aws.sdk import refused

if TYPE_CHECKING:
    from doorbell.aws.sdk import Sdk


class NoticeTopic:
    """`doorbell.push.ports.Topic`."""

    def __init__(self, sdk: Sdk, arn: str) -> None:
        self._sdk = sdk
        self._arn = arn

    def publish(self, text: str) -> None:
        """Publish. Raises ServiceError."""
        try:
            self._sdk.sns.publish(TopicArn=self._arn, Message=text)
        except ClientError as error:
            raise refused(error) from None

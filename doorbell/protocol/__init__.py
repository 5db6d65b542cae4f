"""The socket protocol: every frame a device may send and every frame it may get.

Frames are JSON text under 32 KB (API Gateway closes longer ones, code 1009). Devices name what
they want in `action`; the cloud names what it tells in `type`. `docs/protocol.md` is the same in
prose and `docs/asyncapi.yaml` for machines. Classes are NamedTuples, not dataclasses: they cost a
seventh at import, and this package stands on the ring path.
"""

from doorbell.errors import MessageError as MessageError
from doorbell.protocol.frames import message_frame as message_frame
from doorbell.protocol.frames import read_message as read_message
from doorbell.protocol.frames import read_request as read_request
from doorbell.protocol.frames import request_frame as request_frame
from doorbell.protocol.messages import Acknowledged as Acknowledged
from doorbell.protocol.messages import CameraFilm as CameraFilm
from doorbell.protocol.messages import CameraFilmFailed as CameraFilmFailed
from doorbell.protocol.messages import Code as Code
from doorbell.protocol.messages import Declined as Declined
from doorbell.protocol.messages import DoorOpened as DoorOpened
from doorbell.protocol.messages import Enrolled as Enrolled
from doorbell.protocol.messages import EnrolmentFailed as EnrolmentFailed
from doorbell.protocol.messages import Error as Error
from doorbell.protocol.messages import Film as Film
from doorbell.protocol.messages import HelloAnswer as HelloAnswer
from doorbell.protocol.messages import Message as Message
from doorbell.protocol.messages import Missed as Missed
from doorbell.protocol.messages import NoAnswer as NoAnswer
from doorbell.protocol.messages import NotOpened as NotOpened
from doorbell.protocol.messages import Open as Open
from doorbell.protocol.messages import Pong as Pong
from doorbell.protocol.messages import Pressed as Pressed
from doorbell.protocol.messages import Refused as Refused
from doorbell.protocol.messages import RingThrough as RingThrough
from doorbell.protocol.messages import Ticket as Ticket
from doorbell.protocol.messages import Upload as Upload
from doorbell.protocol.messages import Visitor as Visitor
from doorbell.protocol.messages import Welcome as Welcome
from doorbell.protocol.names import ERRORS as ERRORS
from doorbell.protocol.names import MAX_AGE_SECONDS as MAX_AGE_SECONDS
from doorbell.protocol.names import MAX_FRAME_BYTES as MAX_FRAME_BYTES
from doorbell.protocol.names import REASONS as REASONS
from doorbell.protocol.names import REFUSALS as REFUSALS
from doorbell.protocol.names import ROLES as ROLES
from doorbell.protocol.names import EnrolmentFailure as EnrolmentFailure
from doorbell.protocol.names import Reason as Reason
from doorbell.protocol.names import Refusal as Refusal
from doorbell.protocol.names import Role as Role
from doorbell.protocol.requests import Answer as Answer
from doorbell.protocol.requests import EnterCode as EnterCode
from doorbell.protocol.requests import Got as Got
from doorbell.protocol.requests import Hello as Hello
from doorbell.protocol.requests import Opened as Opened
from doorbell.protocol.requests import Ping as Ping
from doorbell.protocol.requests import Request as Request
from doorbell.protocol.requests import Ring as Ring

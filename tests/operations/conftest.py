"""The table that operations write to."""

from tests.doorbell.aws.conftest import moto as moto
from tests.doorbell.aws.conftest import table as table

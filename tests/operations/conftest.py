"""The table that operations write to."""

from tests.doorbell.aws.conftest import clients as clients
from tests.doorbell.aws.conftest import table as table

"""Mock pins for commands that use the door's parts."""

from tests.doorbell_client.hardware.conftest import pins as pins

"""No `open` is carried out twice, not even after a restart."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.outbox.disk import Disk


class FullDisk(Disk):
    """Refuses whatever makes a file larger, with ENOSPC."""

    def write(self, file: Path, content: bytes) -> None:
        del content
        raise OSError(28, "No space left on device", str(file))


def test_an_open_that_was_carried_out_is_known_after_a_restart(tmp_path: Path) -> None:
    replay_guard = ReplayGuard(tmp_path / "opened")
    for number in range(100):
        replay_guard.add(f"open-{number}")
    assert ReplayGuard(tmp_path / "opened").ids[-1] == "open-99"
    assert len(ReplayGuard(tmp_path / "opened").ids) == 64


def test_a_full_disk_keeps_an_open_in_memory(tmp_path: Path) -> None:
    replay_guard = ReplayGuard(tmp_path / "opened", FullDisk())
    replay_guard.add("open-1")
    assert replay_guard.ids == ("open-1",)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200))
def test_no_content_of_the_file_stops_the_door_from_starting(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "opened"
        file.write_bytes(content)
        ReplayGuard(file).add("open-1")
        assert ReplayGuard(file).ids[-1] == "open-1"

"""What the doctor says of a party camera, and of one that takes a picture now and then."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from doorbell_client.camera.shot import new_shot
from doorbell_client.camera.shots import ShotSpool
from doorbell_client.commands import doctor
from doorbell_client.commands.checks import storage
from doorbell_client.commands.checks.finding import Device, Grade, Setup
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.schema import Button, Camera, Config
from tests.doorbell_client.camera.fake_recipient import TOKEN, FakeRecipient


def examine(
    folder: Path, recipient: FakeRecipient, device: Device = "gifcam"
) -> tuple[int, dict[str, str]]:
    """The exit status, and what stands in the line of each check."""
    pictures = folder / "stills"
    pictures.mkdir(exist_ok=True)
    Image.new("RGB", (64, 48)).save(pictures / "a.jpg")
    config = Config(camera=Camera(folder=pictures), button=Button())
    out = io.StringIO()

    async def scene() -> int:
        async with recipient.running():
            where = Credentials(recipient.url, TOKEN)
            setup = Setup(config, lambda: where, folder / "pictures", device=device)
            return await asyncio.to_thread(doctor.doctor, setup, out)

    status = asyncio.run(scene())
    assert TOKEN not in out.getvalue()
    return status, {row.split()[1]: row for row in out.getvalue().splitlines()}


def test_a_camera_that_is_well_has_a_line_for_each_check(tmp_path: Path) -> None:
    recipient = FakeRecipient(answer_ask=lambda count: 400)
    status, lines = examine(tmp_path, recipient, "timelapse")
    assert status == 0
    wanted = ["config", "token", "camera", "dns", "clock", "recipient", "spool", "disk"]
    assert list(lines) == wanted
    assert lines["recipient"].startswith("ok")
    assert recipient.objects == {}, "nothing is stored by looking"


def test_a_party_camera_needs_a_button_and_no_bell(tmp_path: Path) -> None:
    status, lines = examine(tmp_path, FakeRecipient(answer_ask=lambda count: 400))
    assert status == 1
    assert lines["button"].startswith("fail")
    assert "bell" not in lines


@pytest.mark.parametrize(
    ("answer", "grade", "says"),
    [
        (401, "fail", "make add-camera"),
        (403, "fail", "make add-camera"),
        (404, "fail", "Recipient"),
        (308, "fail", "Recipient"),
        (503, "warn", "answers 503"),
    ],
)
def test_a_cloud_that_takes_no_pictures_is_named_with_the_fix(
    tmp_path: Path, answer: int, grade: str, says: str
) -> None:
    recipient = FakeRecipient(answer_ask=lambda count: answer)
    _, lines = examine(tmp_path, recipient, "timelapse")
    assert lines["recipient"].startswith(grade)
    assert says in lines["recipient"]


def test_a_cloud_out_of_reach_is_a_failure(tmp_path: Path) -> None:
    _, lines = examine(tmp_path, FakeRecipient(down=True), "timelapse")
    assert lines["recipient"].startswith("fail")
    assert "cannot be reached" in lines["recipient"]


def test_the_pictures_that_wait_are_counted_and_their_age_told(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    assert "will be made" in storage.check_shots(folder).says
    spool = ShotSpool(folder, 1_000_000)
    spool.open()
    assert storage.check_shots(folder).grade is Grade.OK
    taken_at = new_shot("picture", 1_700_000_000.0, "0123abcd")
    spool.add(taken_at, bytes(5000))
    found = storage.check_shots(folder)
    assert found.grade is Grade.WARN
    assert found.says.startswith(f"1 picture waits in {folder}, the oldest for ")
    spool.close()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert storage.check_shots(tmp_path / "file").grade is Grade.FAIL
    assert [file.name for file in tmp_path.iterdir()] == ["file"]

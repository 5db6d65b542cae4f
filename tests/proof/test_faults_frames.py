"""Frames of a socket are read however the network cuts them."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode

from proof.faults.frames import TEXT, Frames


@pytest.mark.parametrize("length", [0, 40, 125, 126, 65_535, 65_536])
@pytest.mark.parametrize("chunk", [1, 7, 1_000_000])
@pytest.mark.parametrize("mask", [True, False], ids=["client", "server"])
def test_frames_are_read_whole_however_they_are_cut(length: int, chunk: int, mask: bool) -> None:
    texts = [b'{"action":"hello"}', b"x" * length, b'{"action":"ring"}']
    sent = b"".join(Frame(Opcode.TEXT, text).serialize(mask=mask) for text in texts)
    frames = Frames()
    read = [each for i in range(0, len(sent), chunk) for each in frames.read(sent[i : i + chunk])]
    assert [each.content for each in read] == texts
    assert {each.opcode for each in read} == {TEXT}
    assert b"".join(each.raw for each in read) == sent

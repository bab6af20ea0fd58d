"""Decoded copies on their way into the analysis."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from nbd_tui.errors import CircumstanceError
from nbd_tui.library import intake
from nbd_tui.media.pcm_cache import PcmCache


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_copy_that_cannot_be_finished_takes_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def half(source: Path, target: Path, *, progress: Callable[[], None]) -> None:
        target.write_bytes(bytes(1000))
        raise failure

    monkeypatch.setattr(intake, "transcode", half)
    monkeypatch.setattr(intake, "transcoder_version", lambda: "1")
    monkeypatch.setattr(intake, "require_libvlc", lambda path: None)
    source, scratch = tmp_path / "a.m4a", tmp_path / "scratch"
    source.write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    told = CircumstanceError if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(told, match="No space left" if told is CircumstanceError else None):
        intake.open_intake(source, PcmCache(tmp_path / "cache"), scratch, lambda: None)
    assert not list(scratch.iterdir())

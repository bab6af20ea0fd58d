"""Which output is taken, and what is said about it."""

from collections.abc import Callable

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.errors import OutputError, ServerMuteError
from nbd_tui.media.output.base import ClockPair, Output, Render
from nbd_tui.media.output.choose import MAKERS, open_wanted
from nbd_tui.model.units import Frames
from nbd_tui.player.protocol import OutputChoice


class Stub:
    """An output that opens, or does not with a reason."""

    def __init__(self, name: str, broken: str = "") -> None:
        self.name = name
        self._broken = broken
        self.opened = 0

    def open(self, render: Render) -> None:
        if self._broken:
            raise OutputError(self._broken)
        self.opened += 1

    def clock(self) -> ClockPair | None:
        return None

    def failure(self) -> str | None:
        return None

    def close(self) -> None: ...


def makers(**broken: str) -> dict[str, Callable[[], Output]]:
    def maker(name: str) -> Callable[[], Output]:
        return lambda: Stub(name, broken.get(name, ""))

    return {name: maker(name) for name in MAKERS}


def nothing(frames: Frames) -> Samples:
    return np.zeros((frames, 2), np.float32)


@pytest.mark.parametrize(
    ("choice", "broken", "name", "reason"),
    [
        ("auto", {}, "vlc", ""),
        ("auto", {"vlc": "no libVLC"}, "device", "vlc: no libVLC; using device"),
        ("device", {"vlc": "no libVLC"}, "device", ""),
        ("silent", {}, "silent", ""),
    ],
)
def test_takes_the_best_that_opens_and_says_why(choice: str, broken: dict[str, str], name: str, reason: str) -> None:
    opened = open_wanted(choice, lambda output: output.open(nothing), makers(**broken))

    assert (opened.output.name, opened.reason) == (name, reason)
    assert isinstance(opened.output, Stub)
    assert opened.output.opened == 1


def test_nothing_of_what_was_wanted_is_an_error() -> None:
    with pytest.raises(OutputError, match=r"^vlc: a; device: b$"):
        open_wanted("auto", lambda output: output.open(nothing), makers(vlc="a", device="b"))


@pytest.mark.parametrize("choice", list(OutputChoice))
def test_every_choice_of_the_settings_is_known(choice: OutputChoice) -> None:
    assert open_wanted(choice, lambda output: output.open(nothing), makers()).output.name in MAKERS


def test_only_what_is_better_than_the_one_in_use_is_tried() -> None:
    def attach(output: Output) -> None:
        output.open(nothing)

    assert open_wanted("auto", attach, makers(), better_than="device").output.name == "vlc"
    with pytest.raises(OutputError, match=r"^vlc: a$"):
        open_wanted("auto", attach, makers(vlc="a"), better_than="device")


def test_a_server_that_hangs_would_hang_for_the_next_output_too() -> None:
    class Mute(Stub):
        def open(self, render: Render) -> None:
            raise ServerMuteError("no answer")

    with pytest.raises(OutputError, match=r"^vlc: no answer$"):
        open_wanted("auto", lambda output: output.open(nothing), makers() | {"vlc": lambda: Mute("vlc")})


def test_an_output_that_breaks_in_an_unknown_way_keeps_no_other_from_being_tried() -> None:
    class Odd(Stub):
        def open(self, render: Render) -> None:
            raise AttributeError("an odd libVLC")

    opened = open_wanted("auto", lambda output: output.open(nothing), makers() | {"vlc": lambda: Odd("vlc")})
    assert opened.output.name == "device"
    assert "an odd libVLC" in opened.reason

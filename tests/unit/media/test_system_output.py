"""Which way leads to the system's device, and the watch over a sound server that another output plays to."""

import pytest

from nbd_tui.errors import ServerMuteError
from nbd_tui.media import libpulse
from nbd_tui.media.libpulse import Line
from nbd_tui.media.output.cushion import Cushion
from nbd_tui.media.output.device import Buffer
from nbd_tui.media.output.system import SystemOutput
from nbd_tui.media.output.watch import PATIENCE, ServerWatch
from tests.unit.media.fake_outputs import Ramp, fake_devices
from tests.unit.media.fake_pulse import RunningServer

LOOK_S = 0.1


def test_a_sound_server_is_spoken_to_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    made, server = fake_devices(monkeypatch), RunningServer()
    output = SystemOutput(Cushion(), Buffer(), lambda: server)  # type: ignore[arg-type,return-value]
    assert (output.clock(), output.failure()) == (None, None)
    output.open(Ramp())
    server.stream_state = libpulse.STREAM_FAILED

    assert made == []
    assert output.failure() == "the sound server or device is gone"
    output.close()
    assert server.closed


def test_without_one_miniaudio_finds_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    made, ramp = fake_devices(monkeypatch), Ramp()
    output = SystemOutput(Cushion(), Buffer(), lambda: None)
    output.open(ramp)
    assert ramp.wait()
    assert len(made) == 1
    assert output.clock() is not None
    output.close()


def test_a_server_that_does_not_answer_is_told_and_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    made = fake_devices(monkeypatch)

    def mute() -> Line | None:
        raise ServerMuteError(libpulse.MUTE)

    with pytest.raises(ServerMuteError):
        SystemOutput(Cushion(), Buffer(), mute).open(Ramp())
    assert made == []


class Watched:
    """A watch that looks ten times a second."""

    def __init__(self) -> None:
        self.server = RunningServer()
        self.watch = ServerWatch(self.server)  # type: ignore[arg-type]
        self.now = 100.0

    def look(self, seconds: float) -> str | None:
        for _ in range(round(seconds / LOOK_S)):
            self.now += LOOK_S
            told = self.watch.failure(self.now)
        return told


def test_a_server_that_hangs_is_noticed_soon() -> None:
    watched = Watched()
    assert watched.look(30) is None
    watched.server.is_hanging = True

    assert watched.look(PATIENCE - LOOK_S) is None
    assert watched.look(1.5) == libpulse.MUTE


def test_a_program_that_stood_still_blames_nobody() -> None:
    watched = Watched()
    watched.look(30)
    watched.server.is_hanging = True
    watched.look(0.9)
    watched.now += 60
    assert watched.look(LOOK_S) is None
    watched.server.is_hanging = False

    assert watched.look(30) is None


def test_a_server_that_hung_up_or_is_none_is_not_watched() -> None:
    watched = Watched()
    watched.server.is_up = False
    watched.server.is_hanging = True
    assert watched.look(30) is None
    assert ServerWatch(None).failure(100.0) is None

    watched.watch.close()
    watched.watch.close()
    assert watched.server.closed

"""What outputs do where the machine fails them."""

import os
import threading
from collections.abc import Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nbd_tui.errors import OutputError
from nbd_tui.media import libvlc
from nbd_tui.media.output import device as device_module
from nbd_tui.media.output.device import DeviceOutput
from nbd_tui.media.output.silent import SilentOutput
from nbd_tui.media.output.vlc import VlcOutput
from nbd_tui.media.output.wavefile import WaveFileOutput
from nbd_tui.model.units import RATE, Frames
from tests.unit.media.fake_outputs import (
    CHUNK,
    PATIENCE_S,
    FakePlaybackDevice,
    FakeTime,
    Ramp,
    fake_devices,
)


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        WaveFileOutput(tmp_path / "no" / "folder.wav", 100).open(Ramp())


def test_vlc_without_a_sound_server_says_so_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := libvlc.why_not():
        pytest.skip(reason)
    ramp = Ramp()
    output = VlcOutput(audio_output="none-such,none")

    with pytest.raises(OutputError, match="no sound server or device"):
        output.open(ramp)
    ramp.closed = True
    threading.Event().wait(0.05)
    assert ramp.after_close == 0
    assert output.clock() is None


def test_vlc_missing_is_told_by_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OutputError("libVLC is not installed")

    monkeypatch.setattr(libvlc, "load", missing)
    output = VlcOutput()

    with pytest.raises(OutputError, match="not installed"):
        output.open(Ramp())
    output.close()


def test_a_machine_without_devices_gets_no_null_device(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakePlaybackDevice()
    device.backend = "Null"
    module = SimpleNamespace(
        PlaybackDevice=lambda **_: device, MiniaudioError=RuntimeError, SampleFormat=SimpleNamespace(SIGNED16=2)
    )
    monkeypatch.setattr(device_module, "load", lambda: module)

    with pytest.raises(OutputError, match="no sound device"):
        DeviceOutput().open(Ramp())
    assert device._stop.is_set()


def test_a_device_that_stops_asking_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    time = FakeTime()
    fake_devices(monkeypatch)
    output = DeviceOutput(time)
    ramp = Ramp()
    output.open(ramp)
    assert ramp.wait()

    assert output.failure() is None
    time.now += 10.0
    # The fake goes on asking, which moves the last request to the new time: stop it first.
    output._device.close()
    time.now += 0.7
    assert output.failure() == "the sound device stopped, or the program stood still"
    output.close()
    assert output.failure() is None


def test_silence_that_stood_still_has_failed() -> None:
    time = FakeTime()
    asleep = threading.Event()
    wake = threading.Event()

    def wait(_event: threading.Event, _seconds: float) -> None:
        asleep.set()
        wake.wait(PATIENCE_S)

    output = SilentOutput(time, wait)
    ramp = Ramp()
    output.open(ramp)
    assert asleep.wait(PATIENCE_S)
    time.now += 3.0
    wake.set()

    assert output.failure() == "the program stood still"
    output.close()
    assert ramp.total < RATE


class AskedByHand(FakePlaybackDevice):
    """Asks when the test says so."""

    def start(self, chunks: Generator[Any, int, None]) -> None:
        self.chunks = chunks
        for _ in range(device_module.STEADY_REQUESTS + LONGEST_FILL - 1):
            self.chunks.send(CHUNK)


LONGEST_FILL = max(
    ms // chunk_ms for ms, chunk_ms in zip(device_module.BUFFERS_MS, device_module.CHUNKS_MS, strict=True)
)
"""Chunks that fill a buffer before anything is heard."""


def test_a_device_that_ran_dry_twice_gets_a_longer_buffer_from_the_next_output_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[tuple[object, AskedByHand]] = []
    monkeypatch.delenv(device_module.PULSE_LATENCY, raising=False)

    def make(buffersize_msec: int, **_: object) -> AskedByHand:
        made.append(((os.environ[device_module.PULSE_LATENCY], buffersize_msec), AskedByHand()))
        return made[-1][1]

    module = SimpleNamespace(PlaybackDevice=make, MiniaudioError=RuntimeError, SampleFormat=SimpleNamespace(SIGNED16=2))
    monkeypatch.setattr(device_module, "load", lambda: module)
    time, buffer = FakeTime(), device_module.Buffer()

    def ask(output: DeviceOutput, requests: int) -> str | None:
        for _ in range(requests):
            time.now += CHUNK / RATE
            made[-1][1].chunks.send(CHUNK)
        return output.failure()

    for longest in (False, False, True):
        output = DeviceOutput(time, buffer=buffer)
        output.open(Ramp())
        assert ask(output, 100) is None
        asked_ms = buffer.ms
        for _ in range(2):
            assert output.failure() is None
            time.now += 0.3
            ask(output, 1)
            time.now -= asked_ms / 2000 + device_module.SPARE  # the device fills up again
            told = ask(output, 100)
        assert told == (None if longest else "the sound broke off; it goes on with a longer buffer")
        output.close()
    wanted = zip(map(str, device_module.BUFFERS_MS), device_module.CHUNKS_MS, strict=True)
    assert [asked for asked, _ in made] == list(wanted)
    assert device_module.PULSE_LATENCY not in os.environ


def test_a_latency_that_the_user_asks_of_the_sound_server_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(device_module.PULSE_LATENCY, "300")
    seen: list[str] = []

    def make(**_: object) -> AskedByHand:
        seen.append(os.environ[device_module.PULSE_LATENCY])
        return AskedByHand()

    module = SimpleNamespace(PlaybackDevice=make, MiniaudioError=RuntimeError, SampleFormat=SimpleNamespace(SIGNED16=2))
    monkeypatch.setattr(device_module, "load", lambda: module)
    output = DeviceOutput(FakeTime())
    output.open(Ramp())
    output.close()
    assert (seen, os.environ[device_module.PULSE_LATENCY]) == (["300"], "300")


class SlowToStart(FakePlaybackDevice):
    """An idle sink: takes one chunk, then nothing."""

    def _run(self, chunks: Generator[Any, Frames, None]) -> None:
        chunks.send(2646)
        self._stop.wait()


def test_a_device_counts_as_open_when_it_asks_steadily(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(
        PlaybackDevice=SlowToStart, MiniaudioError=RuntimeError, SampleFormat=SimpleNamespace(SIGNED16=2)
    )
    monkeypatch.setattr(device_module, "load", lambda: module)
    monkeypatch.setattr(device_module, "START_LIMIT", 0.2)
    ramp = Ramp()
    with pytest.raises(OutputError, match="does not ask"):
        DeviceOutput().open(ramp)
    assert ramp.total == 2646

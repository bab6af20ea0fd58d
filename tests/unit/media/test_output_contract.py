"""What every output promises its owner (`media/output/base.py`), held against all of them."""

import os
import threading
import wave
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.errors import OutputError
from nbd_tui.media import libvlc
from nbd_tui.media.output import device as device_module
from nbd_tui.media.output.base import ClockPair, Output
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.media.output.device import DeviceOutput
from nbd_tui.media.output.silent import SilentOutput
from nbd_tui.media.output.vlc import VlcOutput
from nbd_tui.media.output.wavefile import WaveFileOutput
from nbd_tui.model.units import RATE, Frames

PATIENCE_S = 10.0
CHUNK: Frames = 3528
WAV_HEADER = 44
STARTING_UP: Frames = RATE * 4 // 10
"""libVLC drops the blocks whose time had passed before its output was open."""
ENOUGH: Frames = RATE // 2


class Ramp:
    """A `render` whose samples are numbered, with a note of every call."""

    def __init__(self, enough: Frames = ENOUGH) -> None:
        self.sizes: list[Frames] = []
        self.at: list[float] = []
        self.total: Frames = 0
        self.closed = False
        self.after_close = 0
        self._enough = enough
        self._reached = threading.Event()

    def __call__(self, frames: Frames) -> Samples:
        self.after_close += self.closed
        numbers = np.arange(self.total, self.total + frames) % 32000
        self.sizes.append(frames)
        self.total += frames
        if self.total >= self._enough:
            self._reached.set()
        return np.repeat((numbers / 32767).astype(np.float32)[:, None], 2, axis=1)

    def wait(self) -> bool:
        return self._reached.wait(PATIENCE_S)


class FakeTime:
    """A clock that goes on only when somebody waits for it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, _event: threading.Event, seconds: float) -> None:
        self.now += seconds


class FakePlaybackDevice:
    """As much of `miniaudio.PlaybackDevice` as we use: a thread that asks for chunks of uneven sizes."""

    def __init__(self, **_: object) -> None:
        self.backend = "Fake"
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.taken: list[np.ndarray[Any, Any]] = []

    def start(self, chunks: Generator[Any, Frames, None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(chunks,))
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _run(self, chunks: Generator[Any, Frames, None]) -> None:
        sizes = (2646, 441, 882)
        while not self._stop.wait(0.001):
            try:
                self.taken.append(chunks.send(sizes[len(self.taken) % 3]))
            except StopIteration:
                return


@dataclass
class Case:
    output: Output
    clock: Clock = MONOTONIC
    samples: Callable[[], np.ndarray[Any, Any]] | None = None
    """What reached the far end, where that can be seen."""
    lead_in: Frames = 0
    """What it may swallow while it starts."""
    ramp: Ramp = field(default_factory=Ramp)


def silent_on_fake_time(_: Path, __: pytest.MonkeyPatch) -> Case:
    time = FakeTime()
    return Case(SilentOutput(time, time.wait), time)


def silent(_: Path, __: pytest.MonkeyPatch) -> Case:
    return Case(SilentOutput())


def wavefile(folder: Path, _: pytest.MonkeyPatch) -> Case:
    file = folder / "mix.wav"
    output = WaveFileOutput(file, ENOUGH + 100)

    def samples() -> np.ndarray[Any, Any]:
        output.wait(PATIENCE_S)
        with wave.open(str(file), "rb") as reader:
            assert (reader.getnchannels(), reader.getframerate()) == (2, RATE)
            return np.frombuffer(reader.readframes(reader.getnframes()), "<i2").reshape(-1, 2)

    return Case(output, lambda: 0.0, samples)


def fake_device(_: Path, patch: pytest.MonkeyPatch) -> Case:
    made: list[FakePlaybackDevice] = []

    def make(**options: object) -> FakePlaybackDevice:
        made.append(FakePlaybackDevice(**options))
        return made[0]

    module = SimpleNamespace(PlaybackDevice=make, MiniaudioError=RuntimeError, SampleFormat=SimpleNamespace(SIGNED16=2))
    patch.setattr(device_module, "load", lambda: module)
    output = DeviceOutput()

    def samples() -> np.ndarray[Any, Any]:
        output.close()
        return np.concatenate(made[0].taken)

    return Case(output, samples=samples)


def null_device(_: Path, __: pytest.MonkeyPatch) -> Case:
    miniaudio = pytest.importorskip("miniaudio")
    return Case(DeviceOutput(backends=[miniaudio.Backend.NULL]))


def vlc_without_sound(_: Path, __: pytest.MonkeyPatch) -> Case:
    if reason := libvlc.why_not():
        pytest.skip(reason)
    return Case(VlcOutput(audio_output="adummy"))


def vlc_to_file(folder: Path, _: pytest.MonkeyPatch) -> Case:
    """libVLC's own file output, a WAV of what left its decoder and mixer."""
    if reason := libvlc.why_not():
        pytest.skip(reason)
    file = folder / "vlc.wav"
    output = VlcOutput(audio_output="afile", options=(f"--audiofile-file={file}",))

    def samples() -> np.ndarray[Any, Any]:
        output.close()
        return np.frombuffer(file.read_bytes()[WAV_HEADER:], "<i2").reshape(-1, 2)

    return Case(output, samples=samples, lead_in=STARTING_UP)


CASES = (silent_on_fake_time, silent, wavefile, fake_device, null_device, vlc_without_sound)
VISIBLE = (wavefile, fake_device, vlc_to_file)
"""Those that show what reached the far end; for the others there is nothing to compare."""


@pytest.fixture(params=CASES, ids=lambda case: case.__name__)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    made: Case = request.param(tmp_path, monkeypatch)
    yield made
    made.output.close()


def test_asks_for_frames_in_positive_numbers(case: Case) -> None:
    case.output.open(case.ramp)

    assert case.ramp.wait()
    assert min(case.ramp.sizes) > 0


@pytest.mark.parametrize("case", VISIBLE, ids=lambda case: case.__name__, indirect=True)
def test_carries_every_frame_in_order(case: Case) -> None:
    case.output.open(case.ramp)
    assert case.ramp.wait()
    assert case.samples is not None
    got = case.samples()

    first = int(got[0, 0])
    assert first <= case.lead_in
    assert first + len(got) >= ENOUGH
    assert got.dtype == np.int16
    assert np.array_equal(got[:, 0], (first + np.arange(len(got))) % 32000)


def test_its_clock_is_near_and_rises_with_the_frames(case: Case) -> None:
    assert case.output.clock() is None
    case.output.open(case.ramp)
    pairs: list[ClockPair] = []
    while not pairs or pairs[-1].frame < ENOUGH // 2:
        if (pair := case.output.clock()) is not None and pair not in pairs:
            pairs.append(pair)
            assert pair.frame <= case.ramp.total
            assert abs(pair.at - case.clock()) < 2.0
        elif case.output.failure():
            pytest.fail(str(case.output.failure()))
        threading.Event().wait(0.005)
    case.output.close()

    assert all(left.frame <= right.frame for left, right in pairwise(pairs))


def test_closes_for_good_and_twice(case: Case) -> None:
    case.output.open(case.ramp)
    assert case.ramp.wait()
    assert case.output.failure() is None
    case.output.close()
    case.ramp.closed = True
    case.output.close()
    threading.Event().wait(0.05)

    assert case.ramp.after_close == 0


def test_closes_without_having_been_opened(case: Case) -> None:
    case.output.close()

    assert case.output.clock() is None
    assert case.output.failure() is None


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
    fake_device(Path(), monkeypatch)
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


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        WaveFileOutput(tmp_path / "no" / "folder.wav", 100).open(Ramp())


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

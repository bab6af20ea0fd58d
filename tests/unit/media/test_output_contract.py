"""What every output promises its owner (`media/output/base.py`), held against all of them."""

import threading
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nbd_tui.media import libvlc
from nbd_tui.media.output.base import ClockPair, Output
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.media.output.device import DeviceOutput
from nbd_tui.media.output.pulse import PulseOutput
from nbd_tui.media.output.silent import SilentOutput
from nbd_tui.media.output.vlc import VlcOutput
from nbd_tui.media.output.wavefile import WaveFileOutput
from nbd_tui.model.units import RATE, Frames
from tests.unit.media.fake_outputs import ENOUGH, PATIENCE_S, STARTING_UP, WAV_HEADER, FakeTime, Ramp, fake_devices
from tests.unit.media.fake_pulse import RunningServer


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
    made = fake_devices(patch)
    output = DeviceOutput()

    def samples() -> np.ndarray[Any, Any]:
        output.close()
        return np.concatenate(made[0].taken)

    return Case(output, samples=samples)


def fake_server(_: Path, __: pytest.MonkeyPatch) -> Case:
    server = RunningServer()
    output = PulseOutput(server, server.clock, wall_clock=server.time)  # type: ignore[arg-type]

    def samples() -> np.ndarray[Any, Any]:
        output.close()
        return np.concatenate(server.written)

    return Case(output, server.clock, samples)


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


CASES = (silent_on_fake_time, silent, wavefile, fake_device, fake_server, null_device, vlc_without_sound)
VISIBLE = (wavefile, fake_device, fake_server, vlc_to_file)
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

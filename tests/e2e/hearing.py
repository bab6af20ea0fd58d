"""Ears for the tests: a private sound server, a recording of what it plays, and finding known sounds in it.

Imports nothing of the program: what is heard is judged by the recording alone.
"""

import os
import subprocess
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

RATE: Final = 44_100
"""Of the sink and the recording: the program's own rate, so that nothing is resampled on the way."""

Signal = npt.NDArray[np.float64]


class SoundServer:
    """A PulseAudio server with one null sink, `gym`, reached only through `env`."""

    def __init__(self, runtime: Path) -> None:
        self.env = os.environ | {
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_RUNTIME_PATH": str(runtime / "pulse"),
            "PULSE_STATE_PATH": str(runtime / "state"),
            "PULSE_COOKIE": str(runtime / "cookie"),
            "HOME": str(runtime),
        }
        self.env.pop("PULSE_SERVER", None)

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        subprocess.run(
            [
                *("pulseaudio", "-n", "--daemonize=yes", "--exit-idle-time=-1", "--disallow-exit", "--use-pid-file=no"),
                *("-L", f"module-null-sink sink_name=gym rate={RATE}", "-L", "module-native-protocol-unix"),
            ],
            env=self.env,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._answers, 10, "the sound server")

    def kill(self) -> None:
        """Ends it as a crash would."""
        subprocess.run(["pkill", "-9", "-f", self._pattern()], check=False)
        wait_for(lambda: not self._answers(), 10, "the end of the sound server")

    def _answers(self) -> bool:
        asked = subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False, timeout=10)
        return asked.returncode == 0

    def _pattern(self) -> str:
        return f"pulseaudio .*sink_name=gym rate={RATE}"


class Recording:
    """What the sink's monitor gives while it is open.

    A sink nobody plays to delivers nothing, so a second client plays silence all the while. The sink's clock is not the
    system's (up to 120 ppm off): `times` fits a line through the arrivals.
    """

    def __init__(self, server: SoundServer) -> None:
        self._parts: list[bytes] = []
        self._arrivals: list[tuple[int, float]] = []
        self._first = threading.Event()
        play = ["pacat", "--raw", "--latency-msec=50", f"--rate={RATE}", "/dev/zero"]
        record = ["parec", "-d", "gym.monitor", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=10"]
        self._silence = subprocess.Popen(play, env=server.env, stderr=subprocess.DEVNULL)
        self._process = subprocess.Popen(record, env=server.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._reader = threading.Thread(target=self._read, name="recording", daemon=True)
        self._reader.start()
        assert self._first.wait(15), "the sink's monitor gives nothing"

    def _read(self) -> None:
        assert self._process.stdout is not None
        frames = 0
        while data := os.read(self._process.stdout.fileno(), 65_536):
            frames += len(data) // 2
            self._parts.append(data)
            self._arrivals.append((frames, time.monotonic()))
            self._first.set()

    def stop(self) -> "Heard":
        """Ends the recording."""
        for process in (self._process, self._silence):
            process.terminate()
            process.wait()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()
        samples = np.frombuffer(b"".join(self._parts), "<i2").astype(np.float64) / 32768
        return Heard(samples, np.array(self._arrivals))


class Heard:
    """A finished recording."""

    def __init__(self, samples: Signal, arrivals: Signal) -> None:
        self.samples = samples
        frames, at = arrivals.T
        self._slope, start = np.polyfit(frames, at, 1)
        self._start = start + float(np.min(at - (start + self._slope * frames)))  # a chunk can only come late

    def times(self, frames: npt.ArrayLike) -> Signal:
        """Monotonic times of places in the recording."""
        return np.asarray(self._start + self._slope * np.asarray(frames, dtype=np.float64))

    def frame_at(self, at: float) -> int:
        """The place in the recording of a monotonic time."""
        return round(float((at - self._start) / self._slope))

    def find(self, sound: Signal, near: float, within: float) -> tuple[float, float]:
        """Where a known sound begins: its monotonic time, and how alike it is (0 to 1).

        Args:
            sound: the beginning of the sound, at `RATE`.
            near: where to look, a monotonic time.
            within: seconds before and after.
        """
        first = max(0, self.frame_at(near - within))
        part = self.samples[first : max(first, self.frame_at(near + within)) + len(sound)]
        if len(part) < len(sound):
            return float("nan"), 0.0
        likeness = correlation(part, sound)
        best = int(np.argmax(likeness))
        return float(self.times(first + best + _between(likeness, best))), float(likeness[best])

    def dropouts(self, start: float, end: float, longest_s: float, floor: float = 2e-4) -> list[tuple[float, float]]:
        """Silences longer than `longest_s` between two monotonic times: (time, length in s)."""
        first = max(0, self.frame_at(start))
        quiet = np.abs(self.samples[first : self.frame_at(end)]) < floor
        edges = np.flatnonzero(np.diff(np.r_[0, quiet.astype(np.int8), 0]))
        runs = edges.reshape(-1, 2)
        return [(float(self.times(first + a)), (b - a) / RATE) for a, b in runs.tolist() if (b - a) / RATE > longest_s]

    def first_sound(self, after: float, floor: float = 0.01) -> float | None:
        """When anything is heard after a monotonic time."""
        first = max(0, self.frame_at(after))
        loud = np.flatnonzero(np.abs(self.samples[first:]) > floor)
        return float(self.times(first + loud[0])) if len(loud) else None


def correlation(part: Signal, sound: Signal) -> Signal:
    """Normalised cross-correlation at every lag (0: nothing alike, 1: the same but for its level)."""
    size = 1 << (len(part) + len(sound)).bit_length()
    spectrum = np.fft.rfft(part, size) * np.conj(np.fft.rfft(sound, size))
    lags = len(part) - len(sound) + 1
    product = np.fft.irfft(spectrum, size)[:lags]
    energy = np.cumsum(np.r_[0.0, part**2])
    local = np.sqrt(np.maximum(energy[len(sound) :] - energy[: -len(sound)], 1e-9))[:lags]
    return np.asarray(np.abs(product) / (local * np.sqrt(np.sum(sound**2)) + 1e-12))


def _between(values: Signal, best: int) -> float:
    """Where between the samples the peak lies (parabola through three points)."""
    if not 0 < best < len(values) - 1:
        return 0.0
    before, at, after = values[best - 1 : best + 2]
    curve = before - 2 * at + after
    return float(0.5 * (before - after) / curve) if curve else 0.0


def read_wav(path: Path, seconds: float) -> Signal:
    """The beginning of a 16-bit WAV, mixed to mono."""
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE
        assert file.getsampwidth() == 2
        data = file.readframes(round(seconds * RATE))
        return np.asarray(
            np.frombuffer(data, "<i2").astype(np.float64).reshape(-1, file.getnchannels()).mean(axis=1) / 32768
        )


def wait_for(condition: object, seconds: float, what: str) -> None:
    """Waits until `condition()` holds; fails after `seconds`."""
    assert callable(condition)
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        pause.wait(0.05)


@contextmanager
def recorded(server: SoundServer) -> Iterator[list[Heard]]:
    """Records while the block runs; the list holds the recording afterwards."""
    recording, result = Recording(server), list[Heard]()
    try:
        yield result
    finally:
        result.append(recording.stop())

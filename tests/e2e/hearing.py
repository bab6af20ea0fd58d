"""Ears for the tests: a private sound server, a recording of what it plays, and finding known sounds in it.

Imports nothing of the program: what is heard is judged by the recording alone.
"""

import os
import signal
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

RATE: Final = 44_100
"""Of the sink and the recording: the program's own rate, so that nothing is resampled on the way."""

SINK: Final = f"sink_name=gym rate={RATE}"
SILENT: Final = 0.001
"""Peaks below this are silence; the quietest thing the tests listen to is ten times as loud."""
LISTEN_S: Final = 0.3
FIT_S: Final = 5.0
"""A shorter recording tells nothing of the sink's clock."""

Signal = npt.NDArray[np.float64]


class SoundServer:
    """A PulseAudio server with one null sink, `gym`, reached only through `env`. A child of the test's own."""

    def __init__(self, runtime: Path) -> None:
        config = runtime / "client.conf"
        config.write_text("autospawn = no\n", encoding="utf-8")
        self.env = os.environ | {
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_RUNTIME_PATH": str(runtime / "pulse"),
            "PULSE_STATE_PATH": str(runtime / "state"),
            "PULSE_COOKIE": str(runtime / "cookie"),
            "PULSE_CLIENTCONFIG": str(config),
            "HOME": str(runtime),
        }
        self.env.pop("PULSE_SERVER", None)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        options = ["-n", "--daemonize=no", "--exit-idle-time=120", "--use-pid-file=no", "--log-target=stderr"]
        modules = ["-L", f"module-null-sink {SINK}", "-L", "module-native-protocol-unix"]
        self._process = subprocess.Popen(
            ["pulseaudio", *options, *modules],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        wait_for(lambda: self._told("info").returncode == 0, 15, "the sound server")

    def kill(self) -> None:
        """Ends it as a crash would; does nothing when it is dead."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def freeze(self) -> None:
        """It hangs: it is there, and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def unplug(self) -> None:
        """Takes the sink away, as a pulled cable does; the server goes on."""
        assert self._told("unload-module", "module-null-sink").returncode == 0

    def plug_in(self) -> None:
        """Gives the sink back."""
        assert self._told("load-module", "module-null-sink", *SINK.split()).returncode == 0

    def _told(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["pactl", *words], env=self.env, capture_output=True, check=False, timeout=10)


class Recording:
    """What the sink's monitor gives while it is open.

    A sink nobody plays to delivers nothing, so a second client plays silence all the while. The sink's clock is not the
    system's (up to 120 ppm off): `times` fits a line through the arrivals.
    """

    def __init__(self, server: SoundServer) -> None:
        self._parts: list[bytes] = []
        self._arrivals: list[tuple[int, float]] = []
        self._first = threading.Event()
        self._heard: Heard | None = None
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

    def await_sound(self, seconds: float) -> None:
        """Waits until something is to be heard now."""
        wait_for(lambda: self._peak_now() > SILENT, seconds, "sound")

    def await_silence(self, seconds: float) -> None:
        """Waits until nothing has been heard for a moment."""
        wait_for(lambda: self._peak_now() <= SILENT, seconds, "silence")

    def _peak_now(self) -> float:
        """The loudest sample of the last moment."""
        wanted, parts = round(LISTEN_S * RATE) * 2, list[bytes]()
        for part in reversed(self._parts.copy()):
            parts.insert(0, part)
            wanted -= len(part)
            if wanted <= 0:
                break
        return float(np.max(np.abs(np.frombuffer(b"".join(parts), "<i2").astype(np.int32)))) / 32768

    @property
    def heard(self) -> "Heard":
        """What was recorded; known when the recording is over."""
        assert self._heard is not None, "still recording"
        return self._heard

    def stop(self) -> None:
        """Ends the recording."""
        for process in (self._process, self._silence):
            process.terminate()
            process.wait()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()
        samples = np.frombuffer(b"".join(self._parts), "<i2").astype(np.float64) / 32768
        self._heard = Heard(samples, np.array(self._arrivals))


class Heard:
    """A finished recording."""

    def __init__(self, samples: Signal, arrivals: Signal) -> None:
        self.samples = samples
        frames, at = arrivals.T
        long_enough = at[-1] - at[0] > FIT_S
        self._slope = float(np.polyfit(frames, at, 1)[0]) if long_enough else 1 / RATE
        self._start = float(np.min(at - self._slope * frames))  # a chunk can only come late

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


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Waits until `condition()` holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        pause.wait(0.05)


@contextmanager
def recorded(server: SoundServer) -> Iterator[Recording]:
    """Records while the block runs; `heard` of the recording is known afterwards."""
    recording = Recording(server)
    try:
        yield recording
    finally:
        recording.stop()


Figures = TypeVar("Figures")


def measured(take: Callable[[int], Figures], is_good: Callable[[Figures], bool]) -> Figures:
    """Figures from a recording, taken once more where they are not good: another program may have had the processor.

    Args:
        take: measures and prints; is given the number of the attempt, 0 or 1.
        is_good: what the test is going to assert.
    """
    figures = take(0)
    if is_good(figures):
        return figures
    print("not good, measured once more:")
    return take(1)

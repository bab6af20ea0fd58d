"""The shipped sounds: cues as the mixer expects them, demo music as its tags and its truth file say."""

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

ASSETS = Path(__file__).parents[2] / "assets"
RATE = 44_100
CUES = ("bell-single", "bell-triple", "clapper", "beep", "beep-high", "phase", "halfway", "finish")
SETS = ("sharp", "soft")
EVERY_CUE = [(set_name, cue) for set_name in SETS for cue in CUES]

Samples = NDArray[np.float64]


def read_cue(set_name: str, cue: str) -> Samples:
    with wave.open(str(ASSETS / "cues" / set_name / f"{cue}.wav"), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 2)
        raw = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return raw.reshape(-1, 2).astype(np.float64) / 32768.0


def db(ratio: float) -> float:
    return float(20.0 * np.log10(max(ratio, 1e-12)))


def presence_share(samples: Samples) -> float:
    """Share of the energy that lies at 2-4 kHz."""
    power = np.abs(np.fft.rfft(samples.mean(axis=1))) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[(hz >= 2000) & (hz < 4000)].sum() / power.sum())


def onsets_s(samples: Samples) -> list[float]:
    """Times at which the level of 10 ms more than doubles that of the 10 ms before, 100 ms apart at least."""
    hop = RATE // 100
    mono = samples[: len(samples) // hop * hop].mean(axis=1)
    level = np.sqrt(np.mean(mono.reshape(-1, hop) ** 2, axis=1))
    found: list[float] = []
    for index, now in enumerate(level):
        before = level[index - 1] if index else 0.0
        if now > 2 * before and now > 0.2 * level.max() and (not found or index / 100 - found[-1] > 0.1):
            found.append(index / 100)
    return found


@pytest.mark.parametrize(("set_name", "cue"), EVERY_CUE)
def test_cue_sounds_from_its_first_millisecond(set_name: str, cue: str) -> None:
    samples = read_cue(set_name, cue)
    loud = np.abs(samples).max(axis=1) > 0.2 * np.abs(samples).max()
    assert int(np.argmax(loud)) < RATE // 1000


@pytest.mark.parametrize(("set_name", "cue"), EVERY_CUE)
def test_cue_peaks_at_minus_3_dbfs_without_dc_and_ends_in_silence(set_name: str, cue: str) -> None:
    samples = read_cue(set_name, cue)
    assert db(float(np.abs(samples).max())) == pytest.approx(-3.0, abs=0.1)
    assert np.abs(samples.mean(axis=0)).max() < 0.002
    assert np.abs(samples[-8:]).max() < 0.001


@pytest.mark.parametrize("cue", CUES)
def test_sharp_set_has_its_energy_where_rock_leaves_room(cue: str) -> None:
    assert presence_share(read_cue("sharp", cue)) > 0.5
    assert presence_share(read_cue("soft", cue)) < 0.15


@pytest.mark.parametrize(
    ("cue", "shortest_s", "longest_s"),
    [("bell-single", 1.6, 2.5), ("beep", 0.08, 0.2), ("clapper", 0.3, 0.8), ("finish", 3.0, 4.0)],
)
def test_cue_length(cue: str, shortest_s: float, longest_s: float) -> None:
    for set_name in SETS:
        assert shortest_s <= len(read_cue(set_name, cue)) / RATE <= longest_s


@pytest.mark.parametrize("set_name", SETS)
@pytest.mark.parametrize(
    ("cue", "strikes_s"), [("bell-single", [0.0]), ("bell-triple", [0.0, 0.35, 0.7]), ("clapper", [0.0, 0.17, 0.34])]
)
def test_strikes(set_name: str, cue: str, strikes_s: list[float]) -> None:
    assert onsets_s(read_cue(set_name, cue)) == pytest.approx(strikes_s, abs=0.015)


def test_script_gives_the_shipped_bytes_again(tmp_path: Path) -> None:
    script = ASSETS / "scripts" / "make_cues.py"
    subprocess.run([sys.executable, str(script), "bell-triple", "beep", "--out", str(tmp_path)], check=True)
    made = sorted(tmp_path.rglob("*.wav"))
    assert [path.relative_to(tmp_path).as_posix() for path in made] == [
        f"{set_name}/{cue}.wav" for set_name in SETS for cue in ("beep", "bell-triple")
    ]
    for path in made:
        assert path.read_bytes() == (ASSETS / "cues" / path.relative_to(tmp_path)).read_bytes()

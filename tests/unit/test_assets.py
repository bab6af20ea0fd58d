"""The shipped sounds: cues as the mixer expects them, demo music as its tags and its truth file say."""

import json
import subprocess
import sys
import wave
from functools import lru_cache
from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import pytest
from numpy.typing import NDArray
from tinytag import TinyTag

ASSETS = Path(__file__).parents[2] / "assets"
RATE = 44_100
CUES = ("bell-single", "bell-triple", "clapper", "beep", "beep-high", "phase", "halfway", "finish")
SETS = ("sharp", "soft")
DRIVING = ("02-taped-knuckles.ogg", "03-underdog-arithmetic.ogg", "04-voltage-corner.ogg")
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


def read_clip(file: Path) -> Samples:
    with wave.open(str(file), "rb") as reader:
        assert (reader.getframerate(), reader.getsampwidth(), reader.getnchannels()) == (22_050, 2, 1)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2").astype(np.float64) / 32768.0


def spoken_db(samples: Samples) -> float:
    """Level of what is within 20 dB of the loudest 20 ms."""
    levels = np.sqrt(np.mean(samples[: len(samples) // 441 * 441].reshape(-1, 441) ** 2, axis=1))
    return db(float(np.sqrt(np.mean(levels[levels > levels.max() / 10] ** 2))))


CLIPS = sorted((ASSETS / "voice").glob("*.wav"))


@pytest.mark.parametrize("file", CLIPS, ids=lambda file: file.stem)
def test_clip_is_heard_at_once_at_the_level_of_the_others_and_ends_in_silence(file: Path) -> None:
    samples = read_clip(file)
    peak = float(np.abs(samples).max())
    assert int(np.argmax(np.abs(samples) > 0.03 * peak)) < 22_050 // 100
    assert db(peak) <= -1.0
    assert -18 < spoken_db(samples) < -13
    assert np.abs(samples[-4:]).max() < 0.001
    assert 0.2 < len(samples) / 22_050 < 1.3


def test_clips_have_their_energy_where_rock_leaves_room_and_are_small() -> None:
    spectra = [np.abs(np.fft.rfft(read_clip(file), 65_536)) ** 2 for file in CLIPS]
    hz = np.fft.rfftfreq(65_536, 1 / 22_050)
    power = np.sum(spectra, axis=0)
    assert power[hz > 1000].sum() > 0.35 * power.sum()
    assert sum(file.stat().st_size for file in CLIPS) < 1_500_000


def demo_files() -> list[Path]:
    return sorted((ASSETS / "demo").glob("*.ogg"))


def truth() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((ASSETS / "truth" / "demo.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=8)
def decoded(path: Path) -> NDArray[np.float32]:
    sound = miniaudio.decode_file(
        str(path), output_format=miniaudio.SampleFormat.FLOAT32, nchannels=2, sample_rate=RATE
    )
    return np.asarray(sound.samples, dtype=np.float32).reshape(-1, 2)


def rms_db(samples: NDArray[np.float32], start_s: float, end_s: float) -> float:
    part = samples[round(start_s * RATE) : round(end_s * RATE)].astype(np.float64)
    return db(float(np.sqrt(np.mean(part**2))))


@lru_cache(maxsize=8)
def loudness_lufs(path: Path) -> float:
    """BS.1770 with the K-weighting taken from its 48 kHz coefficients, which at 44.1 kHz is right within 0.1 LU."""
    samples, step, length = decoded(path), RATE // 10, 4 * RATE // 10
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(length, 1 / RATE) / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    rumble = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weight = np.abs(shelf * rumble) ** 2
    window = np.hanning(length) * np.sqrt(8 / 3)
    blocks = np.array(
        [
            np.sum(np.abs(np.fft.rfft(samples[at : at + length] * window[:, None], axis=0)) ** 2 * weight[:, None])
            for at in range(0, len(samples) - length, step)
        ]
    )
    power = blocks * 2 / length**2
    power = power[power > 10 ** (-6.9309)]
    return float(-0.691 + 10 * np.log10(power[power > power.mean() / 10].mean()))


def test_demo_has_six_songs_in_eight_megabytes() -> None:
    assert len(demo_files()) >= 6
    assert sum(path.stat().st_size for path in demo_files()) <= 8_000_000
    assert sorted(truth()) == [path.name for path in demo_files()]


def test_demo_covers_every_phase_of_a_workout() -> None:
    tempos = sorted(entry["tempo_bpm"] for entry in truth().values())
    driving = [tempo for tempo in tempos if 128 <= tempo <= 142]
    assert (tempos[0], tempos[1], tempos[2]) == pytest.approx((75, 90, 118), abs=5)
    assert len(set(driving)) >= 3


def test_no_two_demo_songs_share_an_artist() -> None:
    artists = [TinyTag.get(path).artist for path in demo_files()]
    assert len(set(artists)) == len(artists)


@pytest.mark.parametrize("path", demo_files(), ids=lambda path: path.stem)
def test_demo_tags(path: Path) -> None:
    tags = TinyTag.get(path)
    about = truth()[path.name]
    assert tags.title == about["title"]
    assert all((tags.artist, tags.album, tags.genre, tags.year))
    assert float(tags.other["bpm"][0]) == about["tempo_bpm"]
    assert tags.other["license"] == ["CC0"]
    gain = str(tags.other["replaygain_track_gain"][0])
    assert gain.endswith(" dB")
    assert float(gain.removesuffix(" dB")) == pytest.approx(-18.0 - loudness_lufs(path), abs=0.3)


@pytest.mark.parametrize("path", demo_files(), ids=lambda path: path.stem)
def test_demo_length_and_level(path: Path) -> None:
    samples = decoded(path)
    assert 60 <= len(samples) / RATE <= 120
    assert len(samples) / RATE == pytest.approx(truth()[path.name]["duration_s"], abs=0.001)
    assert loudness_lufs(path) == pytest.approx(-14.0, abs=0.7)
    assert np.abs(samples).max() <= 10 ** (-1 / 20)


@pytest.mark.parametrize("path", demo_files(), ids=lambda path: path.stem)
def test_demo_falls_silent_only_where_its_truth_says(path: Path) -> None:
    about = truth()[path.name]
    lulls = about["lulls_s"]
    for start_s in np.arange(0.5, about["beats_s"][-1] - 1, 0.5):
        if not any(start < start_s + 0.5 and start_s < end for start, end in lulls):
            assert rms_db(decoded(path), float(start_s), float(start_s) + 0.5) > -36


@pytest.mark.parametrize("name", DRIVING)
def test_driving_song_builds_up_stops_and_slams_back_in(name: str) -> None:
    about, samples = truth()[name], decoded(ASSETS / "demo" / name)
    assert about["drops_s"]
    for build_s, drop_s, lull in zip(about["build_ups_s"], about["drops_s"], about["lulls_s"], strict=True):
        beat_s = 60 / about["tempo_bpm"]
        assert 16 <= round((drop_s - build_s) / beat_s) <= 32
        assert 1 <= round((lull[1] - lull[0]) / beat_s) <= 2
        assert rms_db(samples, drop_s, drop_s + 1) > rms_db(samples, drop_s - beat_s, drop_s) + 12
        half_s = (lull[0] - build_s) / 2
        assert rms_db(samples, build_s + half_s, lull[0]) > rms_db(samples, build_s, build_s + half_s) + 1


@pytest.mark.parametrize("name", DRIVING)
def test_drop_is_heard_within_two_milliseconds_of_its_time(name: str) -> None:
    samples = decoded(ASSETS / "demo" / name)
    for drop_s in truth()[name]["drops_s"]:
        first = round((drop_s - 0.05) * RATE)
        around = np.abs(samples[first : first + RATE // 10]).max(axis=1)
        assert first + int(np.argmax(around > 0.1)) == pytest.approx(drop_s * RATE, abs=RATE * 0.002)


def attack_curve(samples: NDArray[np.float32]) -> Samples:
    """How much the level of 5 ms rises over that of the 20 ms before, in dB, never below 0; 200 a second."""
    hop = RATE // 200
    mono = samples[: len(samples) // hop * hop].mean(axis=1)
    level = 10 * np.log10(np.mean(mono.reshape(-1, hop).astype(np.float64) ** 2, axis=1) + 1e-6)
    before = np.stack([np.roll(level, lag) for lag in (1, 2, 3, 4)]).mean(axis=0)
    return np.asarray(np.maximum(level - before, 0.0))


def pulse(path: Path, rate_hz: float) -> complex:
    """Strength of the pulse at this rate in the file's attacks; its angle is that of the first beat's moment."""
    curve = attack_curve(decoded(path))
    since_s = np.arange(len(curve)) * (RATE // 200) / RATE - truth()[path.name]["first_beat_s"]
    return complex(np.sum(curve * np.exp(-2j * np.pi * rate_hz * since_s)) / np.sum(curve))


@pytest.mark.parametrize("path", demo_files(), ids=lambda path: path.stem)
def test_demo_beats_lie_on_the_grid_that_is_heard(path: Path) -> None:
    about = truth()[path.name]
    beats, beat_s = np.array(about["beats_s"]), 60 / about["tempo_bpm"]
    assert np.diff(beats) == pytest.approx(beat_s, abs=1e-5)
    assert about["downbeats_s"] == about["beats_s"][::4]
    assert beats[0] == about["first_beat_s"]
    sixteenths_hz = 4 / beat_s
    heard = pulse(path, sixteenths_hz)
    assert abs(np.angle(heard)) / (2 * np.pi * sixteenths_hz) < 0.01
    assert abs(heard) > 2 * max(abs(pulse(path, sixteenths_hz * factor)) for factor in (0.98, 0.99, 1.01, 1.02))

"""Compose, render and encode the demo music of `assets/demo`, and write its truth file.

From the checkout, with the dependency group `assets` installed: `python assets/scripts/compose_demo.py`; names of songs
as arguments limit the work to these. Takes some minutes on one core; the same seed gives the same samples.
"""

import argparse
import importlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from synth.dsp import RATE, Signal, gain_of
from synth.master import loudness_lufs, true_peak
from synth.ogg_tags import tagged
from synth.render import FIRST_BEAT_S, Desk, rendered
from synth.score import BEATS_PER_BAR, About, Sheet

SONGS = (
    "first_light",
    "taped_knuckles",
    "underdog_arithmetic",
    "voltage_corner",
    "water_between_rounds",
    "ringside_lights_off",
)
ASSETS = Path(__file__).parents[1]
QUALITY = 0.36
"""Vorbis quality 0..1 at which the six songs stay under 8 MB together."""
REPLAYGAIN_LUFS = -18.0
TRUE_PEAK_DB = -1.0
"""What no decoded file exceeds."""
DATE = "2026"
_CHUNK = 1 << 15


def encoded(sound: Signal, quality: float) -> bytes:
    """Ogg Vorbis, written in pieces (libsndfile's encoder overflows its stack on one long write)."""
    buffer = io.BytesIO()
    options: dict[str, Any] = {"format": "OGG", "subtype": "VORBIS", "compression_level": 1.0 - quality}
    with soundfile.SoundFile(buffer, "w", samplerate=RATE, channels=2, **options) as file:
        for start in range(0, len(sound), _CHUNK):
            file.write(sound[start : start + _CHUNK])
    return buffer.getvalue()


def encoded_quietly_enough(sound: Signal, quality: float) -> tuple[bytes, Signal]:
    """The encoded song and the samples it was made from, lowered where the codec overshoots `TRUE_PEAK_DB`."""
    for _ in range(3):
        data = encoded(sound, quality)
        decoded, _ = soundfile.read(io.BytesIO(data), dtype="float64")
        over = float(true_peak(decoded).max()) / gain_of(TRUE_PEAK_DB)
        if over <= 1.0:
            break
        sound = sound / (over * 1.005)
    return data, sound


def tags_of(about: About, sound: Signal) -> dict[str, str]:
    """Vorbis comments; the gain is relative to -18 LUFS as in ReplayGain 2.0."""
    return {
        "TITLE": about.title,
        "ARTIST": about.artist,
        "ALBUM": about.album,
        "GENRE": about.genre,
        "DATE": DATE,
        "BPM": str(about.bpm),
        "REPLAYGAIN_TRACK_GAIN": f"{REPLAYGAIN_LUFS - loudness_lufs(sound):.2f} dB",
        "REPLAYGAIN_TRACK_PEAK": f"{float(np.abs(sound).max()):.6f}",
        "LICENSE": "CC0",
        "COMMENT": "Composed and synthesised for nbd-tui",
    }


def truth_of(sheet: Sheet, sound: Signal) -> dict[str, Any]:
    """What a listener should find in the file; times are seconds of the decoded file."""
    beat_s = 60.0 / sheet.about.bpm

    def at(beat: float) -> float:
        return round(FIRST_BEAT_S + beat * beat_s, 6)

    beats = sheet.bars * BEATS_PER_BAR
    return {
        "title": sheet.about.title,
        "tempo_bpm": sheet.about.bpm,
        "duration_s": round(len(sound) / RATE, 6),
        "first_beat_s": FIRST_BEAT_S,
        "beats_s": [at(beat) for beat in range(beats)],
        "downbeats_s": [at(beat) for beat in range(0, beats, BEATS_PER_BAR)],
        "drops_s": [at(beat) for beat in sheet.drops],
        "build_ups_s": [at(beat) for beat in sheet.build_ups],
        "lulls_s": [[at(start), at(end)] for start, end in sheet.lulls],
    }


def song(name: str) -> tuple[Sheet, Desk]:
    """The written song and its desk."""
    module = importlib.import_module(f"songs.{name}")
    return module.write(), module.DESK


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("songs", nargs="*", metavar="SONG", help=f"of {', '.join(SONGS)}; none: all")
    parser.add_argument("--out", type=Path, default=ASSETS, help="folder that gets demo/ and truth/")
    parser.add_argument("--quality", type=float, default=QUALITY)
    parser.add_argument("--wave", type=Path, help="folder for the samples before encoding, too")
    options = parser.parse_args()
    truth_file = options.out / "truth" / "demo.json"
    truth = json.loads(truth_file.read_text("utf-8")) if truth_file.exists() and options.songs else {}
    for folder in ("demo", "truth"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    for name in options.songs or SONGS:
        sheet, desk = song(name)
        sound = rendered(sheet, desk)
        data, sound = encoded_quietly_enough(sound, options.quality)
        data = tagged(data, tags_of(sheet.about, sound), sheet.about.seed)
        (options.out / "demo" / sheet.about.file).write_bytes(data)
        truth[sheet.about.file] = truth_of(sheet, sound)
        if options.wave:
            soundfile.write(options.wave / f"{name}.wav", sound, RATE, "FLOAT")
        print(f"{sheet.about.file}  {len(sound) / RATE:.1f} s  {loudness_lufs(sound):.2f} LUFS  {len(data):,} bytes")
    truth_file.write_text(json.dumps(dict(sorted(truth.items())), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

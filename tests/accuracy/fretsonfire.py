"""Real songs with a true tempo map: folders of the game Frets on Fire (song.ogg, guitar.ogg, notes.mid, song.ini)."""

from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.media.decode import open_stream
from nbd_tui.model.units import RATE, Bpm, Seconds
from tests.accuracy.generator.truth import Times, Truth
from tests.accuracy.listeners import Listener
from tests.accuracy.midi import MidiSong, read_midi
from tests.accuracy.scoring import Score, score
from tests.accuracy.table import REAL
from tests.bench.figures import Figure


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """One song."""

    name: str
    samples: Samples
    truth: Truth
    notes_s: Times
    """When the player has to strike a note: nearly always on a beat or a half."""


def songs_below(folder: Path) -> list[Path]:
    """Folders of songs, by name."""
    return sorted(path.parent for path in folder.rglob("notes.mid") if (path.parent / "song.ogg").exists())


def read_chart(folder: Path) -> Chart:
    """Both recordings mixed, and the beats of the tempo map between the first and the last note."""
    song = read_midi((folder / "notes.mid").read_bytes())
    delay_s = _delay_s(folder / "song.ini")
    samples = _mixed(folder)
    notes_s = song.seconds_of(np.array(song.note_ticks, float)) + delay_s
    first_s, last_s = (float(notes_s[0]), float(notes_s[-1])) if len(notes_s) else (0.0, 0.0)
    beats_s = song.beats_until(len(samples) / RATE) + delay_s
    inside = beats_s[(beats_s >= first_s - 0.1) & (beats_s <= last_s + 0.1)]
    bpm = _main_tempo(song, last_s)
    is_constant = len({us for _, us in song.tempi[1:]} or {0}) == 1
    return Chart(folder.name, samples, Truth(bpm, inside, np.zeros(0), is_constant=is_constant), notes_s)


def _delay_s(path: Path) -> Seconds:
    ini = ConfigParser(interpolation=None, strict=False)
    ini.read(path, encoding="utf-8")
    return ini.getfloat("song", "delay", fallback=0.0) / 1000


def _main_tempo(song: MidiSong, end_s: Seconds) -> Bpm:
    """The tempo in the middle of the time: half of the song is slower, half faster."""
    beats_s = song.beats_until(end_s)
    periods_s = np.diff(beats_s)
    order = np.argsort(periods_s)
    middle = np.searchsorted(np.cumsum(periods_s[order]), periods_s.sum() / 2)
    return float(60 / periods_s[order][middle])


def _mixed(folder: Path) -> Samples:
    parts = [_decoded(folder / name) for name in ("song.ogg", "guitar.ogg") if (folder / name).exists()]
    mix = np.zeros((max(len(part) for part in parts), 2), np.float32)
    for part in parts:
        mix[: len(part)] += part
    return mix / np.float32(max(1.0, float(np.abs(mix).max())))


def _decoded(path: Path) -> Samples:
    stream = open_stream(path)
    pieces = []
    while (piece := stream.read(65_536)) is not None:
        pieces.append(piece)
    stream.close()
    return np.concatenate(pieces)


def score_songs(folder: Path, listener: Listener) -> list[Score]:
    """Scores every song below a folder. Beats are scored where the chart has notes."""
    scores = []
    for place in songs_below(folder):
        chart = read_chart(place)
        heard = listener(chart.samples)
        scores.append(score(f"{REAL} {chart.name}", REAL, "real", chart.truth, heard))
    return scores


def figures_of_songs(scores: list[Score]) -> list[Figure]:
    """All tempi right, and the mean F-measure."""
    right = sum(one.is_exact for one in scores)
    beats = float(np.mean([one.beat_f for one in scores])) if scores else float("nan")
    return [
        Figure("real songs: tempo, exact octave", right, "", least=len(scores), note=f"of {len(scores)}"),
        Figure("real songs: beat F-measure, 70 ms", beats, "", least=0.85, note=f"mean of {len(scores)}"),
    ]

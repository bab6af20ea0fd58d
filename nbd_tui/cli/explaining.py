"""`nbd analyse --explain` and `--json`: what is heard in single files, now and without the database."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from nbd_tui.errors import DecodeError, printable
from nbd_tui.library.analyse import Workshop, listen_now
from nbd_tui.library.tags import read_track
from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.tempo import is_same
from nbd_tui.model.units import Seconds
from nbd_tui.paths import places
from nbd_tui.tui.energy_layout import Mark, Marked, column_of, eighths, heights, marks, means_of
from nbd_tui.tui.text import Glyphs, clock, clock_tenths, glyphs_for

ROWS: Final = 6
"""Of the picture."""
WIDEST: Final = 120

_PLACES: Final = 4
"""Of seconds in JSON: a tenth of a millisecond."""


def print_json(files: tuple[Path, ...]) -> int:
    """One object, with what was found in each file by its name as given; 1 where a file could not be heard."""
    found = _listen(files)
    print(json.dumps({str(path): as_json_object(heard) for path, heard in found.items() if isinstance(heard, Hearing)}))
    return _tell_failures(found)


def explain_files(files: tuple[Path, ...]) -> int:
    """All that was found in each file, for people; 1 where a file could not be heard."""
    found = _listen(files)
    glyphs = glyphs_for(sys.stdout.encoding)
    width = min(WIDEST, shutil.get_terminal_size((80, 24)).columns) - 1
    for path, heard in found.items():
        if isinstance(heard, Hearing):
            print(*_explained(path, heard, width, glyphs), sep="\n", end="\n\n")
    return _tell_failures(found)


def as_json_object(heard: Hearing) -> dict[str, object]:
    """What was found in a file; times in seconds, energy from 0 to 1, four times a second."""
    return {
        "bpm": None if heard.bpm is None else round(heard.bpm, 3),
        "confidence": round(heard.confidence, 3),
        "constant": heard.is_constant,
        "beats": [round(at_s, _PLACES) for at_s in heard.beats_s],
        "downbeats": [round(at_s, _PLACES) for at_s in heard.downbeats_s],
        "lufs": _rounded(heard.lufs),
        "true_peak_db": _rounded(heard.true_peak_db),
        "drops": [_json_drop(drop) for drop in heard.drops],
        "energy": [round(value, 3) for value in heard.energy.values],
    }


def picture(heard: Hearing, width: int, glyphs: Glyphs) -> Iterator[str]:
    """The energy over the whole track, and under it beats, bars, build-ups, gaps and drops."""
    window = Span(0.0, max(heard.duration_s, 0.001))
    columns = heights(means_of(heard.energy), window, heard.duration_s, width)
    for row in reversed(range(ROWS)):
        yield "".join(glyphs.bars[eighths(value, ROWS, row)] for value in columns).rstrip()
    marked = marks(Marked(heard.drops, heard.beats_s, heard.downbeats_s), window, width)
    signs = {
        Mark.NONE: " ", Mark.BEAT: "'", Mark.BAR: "|", Mark.BUILD: "/", Mark.GAP: "_", Mark.DROP: glyphs.marker,
    }  # fmt: skip
    yield "".join(signs[mark] for mark in marked).rstrip()
    yield _beat_row(heard, window, width, glyphs)
    end = clock(round(heard.duration_s))
    yield f"0:00{end:>{max(1, width - 4)}}"
    yield f"{glyphs.dot} beats  / build-up  _ gap  {glyphs.marker} drop"


def _beat_row(heard: Hearing, window: Span, width: int, glyphs: Glyphs) -> str:
    """Where there are beats at all; they are too many to be told apart."""
    columns = {column_of(at_s, window, width) for at_s in heard.beats_s}
    return "".join(glyphs.dot if column in columns else " " for column in range(width)).rstrip()


def _listen(files: Sequence[Path]) -> "Mapping[Path, Hearing | str]":
    where = places()
    return listen_now(files, Workshop(where.cache, where.pcm_cache))


def _tell_failures(found: "Mapping[Path, Hearing | str]") -> int:
    failures = [(path, heard) for path, heard in found.items() if isinstance(heard, str)]
    for path, reason in failures:
        print(f"! {printable(str(path), 1_000)}: {printable(reason, 1_000)}", file=sys.stderr)
    return 1 if failures else 0


def _explained(path: Path, heard: Hearing, width: int, glyphs: Glyphs) -> Iterator[str]:
    peak = "" if heard.true_peak_db is None else f", true peak {heard.true_peak_db:+.1f} dBTP"
    yield printable(str(path), 1_000)
    yield f"  length     {clock_tenths(heard.duration_s)}"
    yield f"  tempo      {_tempo(path, heard)}"
    yield f"  beats      {beats_words(heard)}"
    yield f"  loudness   {'none' if heard.lufs is None else f'{heard.lufs:.1f} LUFS'}{peak}"
    yield f"  intensity  {heard.intensity:.2f} (0 ambient, 1 full band)"
    for number, drop in enumerate(heard.drops, 1):
        yield f"  drop {number:<5} {_drop(drop)}"
    if not heard.drops:
        yield "  drops      none"
    yield ""
    yield from (f"  {line}" for line in picture(heard, width - 2, glyphs))


def _tempo(path: Path, heard: Hearing) -> str:
    if heard.bpm is None:
        found = "none"
    elif heard.is_steady:
        found = f"{heard.bpm:.2f} BPM, {'constant' if heard.is_constant else 'changing'}"
    else:
        found = f"no steady beat ({heard.bpm:.0f} BPM at best)"
    return f"{found}, confidence {heard.confidence:.2f}{_tag(path, heard)}"


def _tag(path: Path, heard: Hearing) -> str:
    try:
        bpm = read_track(path).bpm
    except DecodeError:
        return ""
    if bpm is None:
        return ""
    differs = heard.bpm is not None and heard.is_steady and not is_same(heard.bpm, bpm)
    return f"; the tag says {bpm:g}{', which is another tempo' if differs else ''}"


def beats_words(heard: Hearing) -> str:
    """How many beats and bars, and how many beats a bar has."""
    if not heard.beats_s:
        return "none"
    beats = f"{len(heard.beats_s):,}, the first at {heard.beats_s[0]:.3f} s"
    if not heard.downbeats_s:
        return beats
    bars = f"{len(heard.downbeats_s):,} bars of {heard.beats_per_bar}"
    return f"{beats}, {bars}, the first at {heard.downbeats_s[0]:.3f} s"


def _drop(drop: Drop) -> str:
    parts = [f"{clock_tenths(drop.at_s)} ({drop.at_s:.3f} s)", f"score {drop.score:.2f}"]
    if drop.gap:
        parts.append(f"after a gap of {_length_s(drop.gap):.2f} s")
    if drop.build:
        parts.append(f"build-up of {_length_s(drop.build):.1f} s from {clock_tenths(drop.build.start_s)}")
    return ", ".join(parts)


def _length_s(span: Span) -> Seconds:
    return span.end_s - span.start_s


def _json_drop(drop: Drop) -> dict[str, object]:
    return {
        "t": round(drop.at_s, _PLACES),
        "score": round(drop.score, 3),
        "gap": _json_span(drop.gap),
        "build": _json_span(drop.build),
    }


def _json_span(span: Span | None) -> list[Seconds] | None:
    return [round(span.start_s, _PLACES), round(span.end_s, _PLACES)] if span else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)

"""What the track screen says of a track: words and numbers, no widgets. Pure."""

from bisect import bisect_right
from typing import Final

from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import TempoSource, is_same
from nbd_tui.model.units import Bpm, Seconds
from nbd_tui.tui.drop_edit import SAME_S
from nbd_tui.tui.library_view import folder_words
from nbd_tui.tui.tempo_edit import bpm_text
from nbd_tui.tui.text import Glyphs, clean, clock, clock_tenths

Parts = tuple[tuple[str, str], ...]
"""Texts with their tones, see `LineParts`."""

_JUDGED: Final = {Opinion.LIKED: "liked", Opinion.BANNED: "kept out", None: ""}
_WIDE: Final = 64
"""Cells from which on a drop tells everything."""


def heading(row: LibraryRow, opinion: Opinion | None, glyphs: Glyphs) -> tuple[str, str]:
    """Title and artist for the left end of a line, album or else the folder, and opinion for the right one."""
    names = f" {glyphs.dot} ".join(part for part in (clean(row.title) or "?", clean(row.artist)) if part)
    return names, f" {glyphs.dot} ".join(
        part for part in (clean(row.album) or folder_words(row), _JUDGED[opinion]) if part
    )


def tag_bpm(row: LibraryRow) -> Bpm | None:
    """What the tag says, as far as the list of tracks tells."""
    if row.tempo is None:
        return None
    return row.tempo.bpm if row.tempo.source is TempoSource.TAG else row.tempo.other


def tempo_words(row: LibraryRow, hearing: Hearing | None, correction: Correction) -> str:
    """The tempo that counts and who says so, how sure that is, whether it is constant, and who says otherwise."""
    heard = hearing if hearing and hearing.bpm else None
    said = [_tag_words(tag_bpm(row), correction.bpm or (heard.bpm if heard else None))]
    if correction.bpm is not None:
        first = f"{bpm_text(correction.bpm)} BPM by you"
        said.insert(0, f"heard {bpm_text(heard.bpm)}, {_sure(heard)}" if heard and heard.bpm else "")
    elif heard and heard.bpm and heard.is_steady:
        first = f"{bpm_text(heard.bpm)} BPM heard, {_sure(heard)}"
    elif hearing is not None:
        first = "no steady beat" + (f" ({bpm_text(heard.bpm)} BPM, {_sure(heard)})" if heard and heard.bpm else "")
    else:
        first = "no tempo yet" if tag_bpm(row) is None else ""
    if heard and heard.is_steady:
        said.insert(0, "constant" if heard.is_constant else "changing")
    return " · ".join(part for part in (first, *said) if part)


def sound_words(row: LibraryRow, hearing: Hearing | None) -> str:
    """Length, loudness, peak and how hard it drives."""
    length_s = hearing.duration_s if hearing else row.duration_s
    parts = [clock(round(length_s)) if length_s is not None else ""]
    if hearing is not None:
        parts += [
            f"{hearing.lufs:.1f} LUFS" if hearing.lufs is not None else "silent",
            f"peak {hearing.true_peak_db:+.1f} dBTP" if hearing.true_peak_db is not None else "",
            f"energy {hearing.intensity * 100:.0f}",
        ]
    return " · ".join(part for part in parts if part)


def unheard_words(row: LibraryRow, tap: str, write: str) -> tuple[str, ...]:
    """Why there is no picture, and what to do.

    Args:
        row: the track.
        tap: the key that taps a tempo.
        write: the key that types one.
    """
    tempo = f"Until then, {tap} taps its tempo and {write} types it."
    if row.problem:
        return (
            f"It could not be analysed: {clean(row.problem)}",
            "It is tried again when the file changes.",
            tempo.replace("Until then, ", "All the same, "),
        )
    return ("It has not been analysed yet.", "Leave nbd open, or run 'nbd analyse'.", tempo)


def drop_parts(drop: Drop, hearing: Hearing, heard: Hearing, width: int) -> Parts:
    """One drop of the list: when, how strong, what leads to it.

    Args:
        drop: of the track as the user says it is.
        hearing: that track.
        heard: the track as it was heard.
        width: cells there are.
    """
    is_heard = any(abs(one.at_s - drop.at_s) <= SAME_S for one in heard.drops)
    score = f"score {drop.score:.1f}" if is_heard else "by you"
    parts = [(f"{clock_tenths(drop.at_s):>8}", "strong"), (f"  bar {bar_at(hearing, drop.at_s)[0]:<4}", "dim")]
    if width >= _WIDE or not drop.build:
        parts.append((f"  {score:<12}", "" if is_heard else "good"))
    gap = f"gap {drop.gap.end_s - drop.gap.start_s:.1f} s" if drop.gap else "no gap"
    build = (
        f"build-up {_length(drop.build, hearing.bpm, hearing.beats_per_bar)}"
        if drop.build
        else "no build-up"
        if width >= _WIDE
        else ""
    )
    parts.append((f"  {gap:<10}  {build}".rstrip() if is_heard else "", ""))
    return tuple(parts)


def place_words(hearing: Hearing, at_s: Seconds) -> str:
    """A moment in seconds and in bars."""
    bar, beat = bar_at(hearing, at_s)
    return f"{clock_tenths(at_s)}" + (f" · bar {bar}, beat {beat}" if bar else "")


def bar_at(hearing: Hearing, at_s: Seconds) -> tuple[int, int]:
    """The bar and the beat in it at a moment, from 1 on; 0 where there are none yet."""
    bar = bisect_right(hearing.downbeats_s, at_s + SAME_S)
    if not bar:
        return 0, 0
    first = bisect_right(hearing.beats_s, hearing.downbeats_s[bar - 1] - SAME_S)
    return bar, bisect_right(hearing.beats_s, at_s + SAME_S) - first


def window_words(window: Span | None, bpm: Bpm | None, beats_per_bar: int = 4) -> str:
    """How much of the track is pictured."""
    return "whole track" if window is None else f"{_length(window, bpm, beats_per_bar)} in sight"


def _length(span: Span, bpm: Bpm | None, beats_per_bar: int) -> str:
    length_s = span.end_s - span.start_s
    bars = length_s * bpm / 60 / beats_per_bar if bpm else 0.0
    return f"{bars:.0f} bar{'' if round(bars) == 1 else 's'}" if bars >= 1 else f"{length_s:.1f} s"


def _sure(hearing: Hearing) -> str:
    return f"{hearing.confidence * 100:.0f} % sure"


def _tag_words(tag: Bpm | None, other: Bpm | None) -> str:
    """What the tag says, where that is not the same."""
    if tag is None:
        return ""
    if other is None:
        return f"{bpm_text(tag)} BPM in the tag"
    return "" if is_same(tag, other) else f"{bpm_text(tag)} in the tag"

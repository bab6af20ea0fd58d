"""The plan of a workout in words, for its screen. Pure."""

import math
from collections.abc import Iterator
from typing import Final

from nbd_tui.model.track import Track
from nbd_tui.model.units import Seconds
from nbd_tui.session.planned import Planned
from nbd_tui.soundtrack.filling import Slot, length_of
from nbd_tui.soundtrack.landing import On
from nbd_tui.tui.plan_layout import Landed, block_name
from nbd_tui.tui.plan_table import Choices
from nbd_tui.tui.preset_view import sum_text
from nbd_tui.tui.text import Glyphs, clean, clock
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline

_WIDE: Final = 76
"""Columns from which on the totals by kind have room."""


def totals(timeline: Timeline, planned: Planned | None, width: int, glyphs: Glyphs) -> str:
    """`31:20 · work 25:00 · rest 4:00 · 11 tracks`."""
    length = sum_text(timeline.total_s, has_open=timeline.has_open)
    kinds = [_kind_total(timeline, kind) for kind in (PhaseKind.WORK, PhaseKind.REST)] if width >= _WIDE else []
    tracks = _count(len({slot.song.path for slot in planned.soundtrack.slots}), "track") if planned else ""
    return f" {glyphs.dot} ".join(part for part in (length, *kinds, tracks) if part)


def _kind_total(timeline: Timeline, kind: PhaseKind) -> str:
    lengths = [segment.duration_s for segment in timeline.segments if segment.kind is kind]
    known_s = sum(length_s for length_s in lengths if length_s is not None)
    return f"{kind.value} {sum_text(known_s, has_open=None in lengths)}" if lengths else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def track_words(track: Track, glyphs: Glyphs) -> str:
    """`False Pretense · The Red Jumpsuit Apparatus`."""
    title, artist = clean(track.title), clean(track.artist)
    return f"{title} {glyphs.dot} {artist}" if artist else title


def marked_words(planned: Planned, place: int, glyphs: Glyphs) -> str:
    """`round 2, 5:30–10:30: False Pretense · The Red Jumpsuit Apparatus`."""
    want = planned.places[place]
    until = "open" if want.is_open else _clock(want.end_s)
    where = f"{block_name(planned, place)}, {_clock(want.start_s)}{glyphs.dash}{until}"
    slots = planned.slots_of(place)
    return f"{where}: {track_words(slots[0].song.track, glyphs) if slots else 'no music'}"


def beside_words(choices: Choices, place: int) -> str:
    """Why its track stays, whatever is rolled; empty where it does not."""
    return "pinned" if place in choices.pinned else "swapped" if place in choices.kept else ""


def why_words(planned: Planned, place: int) -> str:
    """Why the track of a place plays there; else why nothing does."""
    slots = planned.slots_of(place)
    if slots:
        return planned.why(slots[0])
    want = planned.places[place]
    silent = (one for one in planned.soundtrack.silences if one.start_s < want.end_s and one.end_s > want.start_s)
    return next((one.reason for one in silent), "")


def landed_words(landed: Landed, glyphs: Glyphs) -> tuple[str, ...]:
    """What to write beside the mark of a bell, the longest first."""
    mark = glyphs.marker
    if landed.is_second_wind and landed.on is On.DROP:
        return (f"{mark} second wind: drop on the bell", f"{mark} second wind", mark)
    if landed.on is On.DROP:
        return (f"{mark} drop on the bell", f"{mark} drop", mark)
    mark = "'" if glyphs.ascii_only else "╵"
    return (f"{mark} strong beat on the bell", f"{mark} strong beat", f"{mark} beat", mark)


def all_words(planned: Planned, place: int, glyphs: Glyphs) -> Iterator[str]:
    """Everything about the music of a place, in lines."""
    want, slots = planned.places[place], planned.slots_of(place)
    for number, slot in enumerate(slots):
        if number:
            yield ""
        yield f"{'then ' if number else ''}{track_words(slot.song.track, glyphs)}"
        yield from planned.why(slot).split("; ")
        yield _part(slot, planned)
    if not slots:
        yield why_words(planned, place) or "no music"
    if want.is_open:
        yield "it ends when you say so: more tracks follow then"


def _part(slot: Slot, planned: Planned) -> str:
    """Which part of a track plays, and how loud."""
    length_s = length_of(slot.song, planned.hearings.get(slot.song.path))
    part = f"from {_clock(slot.in_s)} to {_clock(slot.out_s)} of {_clock(length_s)}"
    return f"{part}, {slot.gain_db:+.1f} dB for {planned.soundtrack.target_lufs:.0f} LUFS"


def _clock(at_s: Seconds) -> str:
    return clock(math.floor(max(0.0, at_s) + 1e-6))

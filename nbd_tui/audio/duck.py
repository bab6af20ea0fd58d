"""Ducking: the music steps back before a cue, stays down while it sounds, and comes back when it ends."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final, TypeAlias

from nbd_tui.audio.envelope import Line
from nbd_tui.model.units import RATE, Frames

LEAD: Final[Frames] = RATE * 120 // 1000
"""The music begins to step back so long before a cue that is known ahead."""
ATTACK: Final[Frames] = RATE * 15 // 1000
"""And all the way in this time under a cue that comes suddenly."""
RELEASE: Final[Frames] = RATE * 350 // 1000
HOLD: Final[Frames] = RATE * 400 // 1000
"""Between cues closer together than this the music stays down."""

Interval: TypeAlias = tuple[Frames, Frames]
"""First frame of a cue, and the frame after its last."""


def duck_line(cues: Iterable[Interval], frame: Frames, depth: float) -> Line:
    """How deep the music is ducked (0..1) from `frame` on.

    Args:
        cues: all that sound or will sound.
        frame: the first frame that can still be changed.
        depth: how deep the music is ducked there; the line goes on from it without a step.
    """
    points: list[tuple[Frames, float]] = [(frame, depth)]
    for start, end in _merged(sorted(cue for cue in cues if cue[1] > max(frame, cue[0]))):
        _duck(points, start, end)
    _release(points)
    return Line(points)


def _duck(points: list[tuple[Frames, float]], start: Frames, end: Frames) -> None:
    begin = max(points[-1][0], start - LEAD)
    depth = _released_at(points[-1], begin)
    if begin > points[-1][0]:
        silent_from = _end_of_release(points[-1])
        if silent_from < begin:
            points.append((silent_from, 0.0))
        points.append((begin, depth))
    if depth < 1.0:
        points.append((max(start, begin + ceil((1.0 - depth) * ATTACK)), 1.0))
    if end > points[-1][0]:
        points.append((end, 1.0))


def _release(points: list[tuple[Frames, float]]) -> None:
    if points[-1][1] > 0.0:
        points.append((_end_of_release(points[-1]), 0.0))


def _end_of_release(point: tuple[Frames, float]) -> Frames:
    return point[0] + max(1, round(point[1] * RELEASE)) if point[1] > 0.0 else point[0]


def _released_at(point: tuple[Frames, float], frame: Frames) -> float:
    left = _end_of_release(point) - frame
    return 0.0 if left <= 0 else point[1] * left / (_end_of_release(point) - point[0])


def _merged(cues: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in cues:
        if merged and start - merged[-1][1] < HOLD:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged

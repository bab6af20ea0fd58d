"""Pieces and plans for the arranger."""

from pathlib import Path

from nbd_tui.audio.score import SourceRef
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Frames
from nbd_tui.session.arranger import (
    Piece,
    StretchPlan,
)
from nbd_tui.workout.phase import PhaseKind

S = RATE


FADE = 2 * S


def piece(number: int, frames: Frames = 60 * S) -> Piece:
    track = Track(Path(f"/m/{number}"), f"Track {number}")
    return Piece(track, SourceRef(f"/m/{number}"), frames, pick=number)


def plan(
    index: int,
    start: Frames,
    end: Frames | None,
    *pieces: Piece,
    kind: PhaseKind = PhaseKind.BREAK,
    dips: tuple[tuple[Frames, Frames], ...] = (),
) -> StretchPlan:
    return StretchPlan(index, kind, start, end, pieces, dips)

"""A `Hearing` as a message between processes."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from nbd_tui.library.child_io import Message
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span


def as_message(hearing: Hearing) -> Message:
    """The hearing in plain numbers.

    Raises:
        ValueError: some of them are no numbers.
    """
    message: Message = {
        "frames": int(hearing.frames),
        "bpm": _optional(hearing.bpm),
        "confidence": float(hearing.confidence),
        "is_constant": bool(hearing.is_constant),
        "beats": [float(at_s) for at_s in hearing.beats_s],
        "downbeats": [float(at_s) for at_s in hearing.downbeats_s],
        "lufs": _optional(hearing.lufs),
        "true_peak_db": _optional(hearing.true_peak_db),
        "intensity": float(hearing.intensity),
        "energy_hz": float(hearing.energy.rate_hz),
        "energy": [float(value) for value in hearing.energy.values],
        "drops": [[float(drop.at_s), float(drop.score), _span(drop.gap), _span(drop.build)] for drop in hearing.drops],
    }
    if not all(map(math.isfinite, _numbers(message.values()))):
        raise ValueError("some of what was heard is no number")
    return message


def from_message(message: Message) -> Hearing:
    """The hearing of `as_message`."""
    return Hearing(
        message["frames"],
        message["bpm"],
        message["confidence"],
        message["is_constant"],
        tuple(message["beats"]),
        tuple(message["downbeats"]),
        message["lufs"],
        message["true_peak_db"],
        message["intensity"],
        EnergyCurve(message["energy_hz"], tuple(message["energy"])),
        tuple(_drop(*drop) for drop in message["drops"]),
    )


def _optional(value: float | None) -> float | None:
    return None if value is None else float(value)


def _span(span: Span | None) -> list[float] | None:
    return None if span is None else [float(span.start_s), float(span.end_s)]


def _drop(at_s: float, score: float, gap: Sequence[float] | None, build: Sequence[float] | None) -> Drop:
    return Drop(at_s, score, Span(*gap) if gap else None, Span(*build) if build else None)


def _numbers(values: Any) -> Iterator[float]:  # noqa: ANN401 - JSON
    for value in values:
        if isinstance(value, list):
            yield from _numbers(value)
        elif value is not None:
            yield value

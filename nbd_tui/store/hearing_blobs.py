"""How the long parts of a `Hearing` are kept: small, and the same on every machine.

Times are kept to `TICK_S`, the energy in 255 steps, everything else as it is. Pure.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Final

from nbd_tui.model.hearing import Drop, EnergyCurve, Span
from nbd_tui.model.units import Seconds

TICK_S: Final[Seconds] = 1e-5
"""Times are kept in whole ticks, which is less than a frame."""

_MOST_TICKS: Final = 2**31 - 1
_LOUDEST: Final = 255


def pack_times(times_s: Sequence[Seconds]) -> bytes:
    """Times as the distances between them: beats on one grid take a few bytes in all."""
    ticks = [round(time_s / TICK_S) for time_s in times_s]
    steps = [max(-_MOST_TICKS, min(_MOST_TICKS, now - before)) for before, now in zip([0, *ticks], ticks, strict=False)]
    return zlib.compress(struct.pack(f"<{len(steps)}i", *steps))


def unpack_times(blob: bytes) -> tuple[Seconds, ...]:
    """The times of `pack_times`, in seconds."""
    data = zlib.decompress(blob)
    at, times = 0, []
    for (step,) in struct.iter_unpack("<i", data):
        at += step
        times.append(at * TICK_S)
    return tuple(times)


def pack_energy(curve: EnergyCurve) -> bytes:
    """The values of a curve; its rate is kept beside them."""
    return zlib.compress(bytes(round(max(0.0, min(1.0, value)) * _LOUDEST) for value in curve.values))


def unpack_energy(rate_hz: float, blob: bytes) -> EnergyCurve:
    """The curve of `pack_energy`."""
    return EnergyCurve(rate_hz, tuple(value / _LOUDEST for value in zlib.decompress(blob)))


def pack_drops(drops: Sequence[Drop]) -> str:
    """As JSON: `[[at, score, gap or null, build or null], …]`, spans as `[start, end]`, in seconds."""
    return json.dumps([[drop.at_s, drop.score, _span(drop.gap), _span(drop.build)] for drop in drops])


def unpack_drops(text: str) -> tuple[Drop, ...]:
    """The drops of `pack_drops`."""
    return tuple(
        Drop(at_s, score, Span(*gap) if gap else None, Span(*build) if build else None)
        for at_s, score, gap, build in json.loads(text)
    )


def pack_marks(times_s: Sequence[Seconds] | None) -> bytes | None:
    """The few times a person has set, exactly; None for none said."""
    return None if times_s is None else struct.pack(f"<{len(times_s)}d", *times_s)


def unpack_marks(blob: bytes | None) -> tuple[Seconds, ...] | None:
    """The times of `pack_marks`."""
    return None if blob is None else tuple(time_s for (time_s,) in struct.iter_unpack("<d", blob))


MARK_BYTES: Final = 8
"""Of one time in `pack_marks`."""


def _span(span: Span | None) -> list[Seconds] | None:
    return [span.start_s, span.end_s] if span else None

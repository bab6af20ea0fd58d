"""The arc of a session: how much energy the music should have in each stretch, as a film scores a montage. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nbd_tui.model.arc import Arc
from nbd_tui.soundtrack.wish import Wish
from nbd_tui.workout.phase import PhaseKind


@dataclass(frozen=True, slots=True)
class _Shape:
    """Points of (place in the work, place in the energy band), both 0 to 1; straight lines between them."""

    points: tuple[tuple[float, float], ...]

    def at(self, place: float) -> float:
        """How high in its band the energy is wanted at a place of the work."""
        for (x0, y0), (x1, y1) in zip(self.points, self.points[1:], strict=False):
            if place <= x1:
                return y0 + (y1 - y0) * (place - x0) / (x1 - x0)
        return self.points[-1][1]


_SHAPES: Final = {
    Arc.MONTAGE: _Shape(((0.0, 0.4), (0.75, 0.7), (1.0, 1.0))),
    Arc.STEADY: _Shape(((0.0, 0.7), (1.0, 0.7))),
    Arc.PYRAMID: _Shape(((0.0, 0.3), (0.5, 1.0), (1.0, 0.3))),
    Arc.UNDERDOG: _Shape(((0.0, 0.0), (0.6, 0.2), (0.85, 0.9), (1.0, 1.0))),
}
_REST_SHARE: Final = 0.625
"""Rests follow the arc of the work around them by so much of their own band: a valley stays a valley."""
_REST_MIDDLE: Final = 0.7
"""How high the arc is where a rest has just the middle of its band."""


def wanted_energy(wishes: Sequence[Wish], arc: Arc) -> tuple[float, ...]:
    """The energy each stretch should have, 0 to 1.

    The work follows the arc through its energy band; rests and breaks follow it a little in theirs; warm-up, prepare
    and cool-down keep to their intents, which rise and fall by themselves.
    """
    places = _work_places(wishes)
    return tuple(_energy(wish, place, _SHAPES[arc]) for wish, place in zip(wishes, places, strict=True))


def _energy(wish: Wish, place: float, shape: _Shape) -> float:
    intent, height = wish.intent, shape.at(place)
    low, high = intent.energies
    match wish.kind:
        case PhaseKind.WORK:
            return low + (high - low) * height
        case PhaseKind.REST | PhaseKind.BREAK:
            return min(high, max(low, intent.energy + (high - low) * _REST_SHARE * (height - _REST_MIDDLE)))
        case _:
            return intent.energy


def _work_places(wishes: Sequence[Wish]) -> list[float]:
    """How far each stretch is through the rounds: 0 the first, 1 the last; a stretch between two is between them."""
    work = [index for index, wish in enumerate(wishes) if wish.kind is PhaseKind.WORK]
    last = max(1, len(work) - 1)
    done, places = 0, []
    for index, wish in enumerate(wishes):
        is_work = wish.kind is PhaseKind.WORK
        places.append(min(1.0, max(0.0, (done if is_work else done - 0.5) / last)) if len(work) > 1 else 1.0)
        done += is_work and index in work
    return places

"""What the user has decided on the plan screen, and what is therefore to be asked of the next plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from nbd_tui.session.planned import Asked, Planned

MOST_UNDONE: Final = 50
_ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds from one plan to the next."""

    seed: int
    pinned: frozenset[int] = frozenset()
    """Places whose track was pinned to them."""
    refused: Mapping[int, frozenset[Path]] = field(default_factory=dict)
    """By place: the tracks that were sent away from it, for the one that is there now."""

    @property
    def kept(self) -> frozenset[int]:
        """Places whose track stays whatever is rolled."""
        return self.pinned | self.refused.keys()


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan, and the choices that led to it."""

    planned: Planned
    choices: Choices

    def again(self, seed: int | None = None) -> tuple[Asked, Choices]:
        """To ask for all but what is kept, by another seed or with more tracks."""
        seed = self.choices.seed if seed is None else seed
        kept = {place: path for place, path in self.planned.firsts.items() if place in self.choices.kept}
        return Asked(seed, kept), replace(self.choices, seed=seed)

    def is_rolled(self, planned: Planned, asked: Asked) -> bool:
        """Whether a plan is another one: of the places that may change, one in three does."""
        free = [place for place in range(len(planned.places)) if place not in asked.fixed]
        return self.changes(planned) * _ENOUGH >= len(free)

    def changes(self, planned: Planned) -> int:
        """How many places have other tracks in a plan."""
        before, after = self.planned.firsts, planned.firsts
        return sum(before.get(place) != after.get(place) for place in range(len(planned.places)))

    def another(self, place: int) -> tuple[Asked, Choices]:
        """To ask for the next best track of one place, all others as they are."""
        refused = self.choices.refused.get(place, frozenset())
        if path := self.planned.track_of(place):
            refused |= {path}
        others = {other: path for other, path in self.planned.firsts.items() if other != place}
        choices = replace(self.choices, refused={**self.choices.refused, place: refused})
        return Asked(self.choices.seed, others, {place: refused}), choices

    def forgiving(self, place: int) -> "Shown":
        """The same, where nothing was sent away from a place."""
        return replace(self, choices=replace(self.choices, refused=self._refused_but(place)))

    def turned(self, place: int) -> "Shown":
        """The same, with the track of a place pinned to it, or let go."""
        if place in self.choices.pinned:
            let_go = replace(self.choices, pinned=self.choices.pinned - {place}, refused=self._refused_but(place))
            return replace(self, choices=let_go)
        return replace(self, choices=replace(self.choices, pinned=self.choices.pinned | {place}))

    def _refused_but(self, place: int) -> dict[int, frozenset[Path]]:
        return {other: paths for other, paths in self.choices.refused.items() if other != place}


class PlanTable:
    """The plan that is shown, and those before it, to which one can go back."""

    def __init__(self) -> None:
        self.shown: Shown | None = None
        self._before: list[Shown] = []

    def show(self, shown: Shown, *, can_undo: bool = True) -> None:
        """Another plan, or other choices."""
        if self.shown is not None and can_undo:
            self._before = [*self._before, self.shown][-MOST_UNDONE:]
        self.shown = shown

    def undo(self) -> bool:
        """Goes a step back; false where there is none."""
        if not self._before:
            return False
        self.shown = self._before.pop()
        return True

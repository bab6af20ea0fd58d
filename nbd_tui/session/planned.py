"""The soundtrack of a workout before it begins: what is asked of a plan, and the plan as it is shown. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbd_tui.model.hearing import Hearing
from nbd_tui.session.script import Script
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.plan import Soundtrack
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is made by, besides the workout and the library."""

    seed: int
    fixed: Mapping[int, Path] = field(default_factory=dict)
    """By place: the track that plays there."""
    refused: Mapping[int, frozenset[Path]] = field(default_factory=dict)
    """By place: the tracks that were sent away from there."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One plan, with everything a screen says of it."""

    seed: int
    timeline: Timeline
    stretches: tuple[Stretch, ...]
    soundtrack: Soundtrack
    whys: tuple[str, ...]
    """By slot: why its track plays there."""
    warnings: tuple[str, ...]
    """What of the wishes could not be had."""
    hearings: Mapping[Path, Hearing] = field(default_factory=dict)
    """What was heard in the tracks that play, as far as anything was."""
    tracks: int = 0
    """So many there were to choose from."""
    numbers: tuple[int, ...] = ()
    """By place: its number in the session, which may have more of them."""

    @property
    def places(self) -> tuple[Want, ...]:
        """What is wished for, place by place."""
        return self.soundtrack.places

    def slots_of(self, place: int) -> tuple[Slot, ...]:
        """The music of a place, in order."""
        return tuple(slot for slot in self.soundtrack.slots if slot.place == place)

    def track_of(self, place: int) -> Path | None:
        """The track a place begins with; None where there is none."""
        return next((slot.song.path for slot in self.slots_of(place)), None)

    def why(self, slot: Slot) -> str:
        """Why a track plays where it does."""
        return self.whys[self.soundtrack.slots.index(slot)]

    @property
    def firsts(self) -> dict[int, Path]:
        """By place: the track it begins with."""
        return {place: path for place in range(len(self.places)) if (path := self.track_of(place))}

    @property
    def script(self) -> Script:
        """The same for a session to play."""
        songs = {slot.song.path: slot.song for slot in self.soundtrack.slots}
        firsts = {self.numbers[place]: path for place, path in self.firsts.items()}
        return Script(self.seed, firsts, dict(self._followers()), songs)

    def _followers(self) -> Iterator[tuple[int, tuple[Path, ...]]]:
        """By place of the session: what goes on in it."""
        for place, number in enumerate(self.numbers):
            yield number, tuple(slot.song.path for slot in self.slots_of(place)[1:])

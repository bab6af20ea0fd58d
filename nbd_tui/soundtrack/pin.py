"""Music the user has chosen for a part of a workout: it plays there before all that would be chosen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from nbd_tui.model.units import Seconds
from nbd_tui.workout.phase import PhaseKind


@dataclass(frozen=True, slots=True)
class Pin:
    """A track, folder or playlist, or an album of the library by its name."""

    path: Path | None
    """None: an album."""
    from_s: Seconds | None = None
    """Second of the track with which its place begins; where it lands on a bell, its build-up begins there."""
    drop_s: Seconds | None = None
    """Second of the track that is heard at the bell."""
    album: str = ""
    is_track: bool = False
    """It is one file, and no playlist."""

    @property
    def name(self) -> str:
        """As people call it; from a file, so never markup."""
        return self.album if self.path is None else self.path.name


class PinnedPlace(NamedTuple):
    """Phases that have a pin of their own."""

    kind: PhaseKind
    pin: Pin


Shelf: TypeAlias = PhaseKind | PinnedPlace
"""What decides which tracks may play in a place."""


def kind_of(shelf: Shelf) -> PhaseKind:
    """The kind of phase a shelf is for."""
    return shelf.kind if isinstance(shelf, PinnedPlace) else shelf


@dataclass(frozen=True, slots=True)
class WorkoutPins:
    """All pins of one workout."""

    kinds: Mapping[PhaseKind, Pin] = field(default_factory=dict)
    """For every phase of a kind."""
    phases: Mapping[int, Pin] = field(default_factory=dict)
    """For single phases, by their index in the timeline; before those of their kind."""


NO_PINS: Final = WorkoutPins()


@lru_cache(maxsize=20_000)
def album_key(album: str) -> str:
    """An album's name for comparing."""
    return " ".join(album.casefold().split())

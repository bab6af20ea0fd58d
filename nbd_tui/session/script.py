"""What was decided before a session began: the tracks of the plan that was shown. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy comes with it
    from nbd_tui.soundtrack.songs import Song


@dataclass(frozen=True, slots=True)
class Script:
    """The tracks that a session plays as long as nothing comes between: no failure, and no wish of the user's."""

    seed: int
    """What is not decided here is chosen by it."""
    tracks: Mapping[int, Path] = field(default_factory=dict)
    """By place: the track it begins with."""
    then: Mapping[int, tuple[Path, ...]] = field(default_factory=dict)
    """By place: the tracks that follow in it, in order."""
    songs: "Mapping[Path, Song]" = field(default_factory=dict)
    """What was known of the tracks; a pool that is still being filled may not have them yet."""

    def first(self, index: int, used: Collection[Path], without: Collection[Path]) -> Path | None:
        """The track a place begins with; None where something has come between.

        Args:
            index: of the place.
            used: what was played or is planned before it.
            without: what may not play there.
        """
        path = self.tracks.get(index)
        if path is None or path in without:
            return None
        return path if path not in used or path in self._before(index) else None

    def follower(self, index: int, used: Collection[Path], without: Collection[Path]) -> Path | None:
        """The next track of a place that has begun; arguments as `first`."""
        return next((path for path in self.then.get(index, ()) if path not in used and path not in without), None)

    def others(self, index: int) -> frozenset[Path]:
        """The tracks of all places but one."""
        firsts = {path for place, path in self.tracks.items() if place != index}
        return frozenset(firsts.union(*(paths for place, paths in self.then.items() if place != index)))

    def _before(self, index: int) -> set[Path]:
        """What plays in the places before: a plan that repeats a track means it."""
        firsts = {path for place, path in self.tracks.items() if place < index}
        return firsts.union(*(paths for place, paths in self.then.items() if place < index))

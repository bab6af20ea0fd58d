"""What is planned for the stretches of a session: the tracks picked for each, those kept ready, those heard."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from nbd_tui.model.track import Track
from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.pin import Shelf
from nbd_tui.soundtrack.wish import Used


@dataclass(frozen=True, slots=True)
class Pick:
    """A track chosen for a stretch; a track chosen twice makes two picks."""

    number: int
    track: Track


class Picks:
    """The picks of a session by stretch, in their order. Owned by the conductor's thread."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._picks: dict[int, list[Pick]] = {}
        self._heard: list[Track] = []
        self._heard_s: dict[int, Seconds] = {}
        self.reserve: dict[Shelf, Track] = {}
        """A track per shelf, kept ready."""
        self.filled: set[int] = set()
        """Stretches that have music to their end."""

    def of(self, index: int) -> Sequence[Pick]:
        """Those of a stretch that are yet to be heard to their end."""
        return self._picks.get(index, ())

    def first(self, index: int) -> Track | None:
        """The track a stretch is to go on with; None where nothing is picked."""
        return next((pick.track for pick in self.of(index)), None)

    def add(self, index: int, track: Track) -> None:
        """One more for a stretch."""
        self._picks.setdefault(index, []).append(Pick(next(self._numbers), track))

    def put_in_place(self, index: int, track: Track) -> None:
        """A track takes the place of what plays in a stretch, also out of the reserve or from a later stretch."""
        self.reserve = {shelf: spare for shelf, spare in self.reserve.items() if spare.path != track.path}
        for later in [later for later in self._picks if later > index]:
            self._remove(later, {track.path})
        following = [pick for pick in self.of(index)[1:] if pick.track.path != track.path]
        self.give_up(index)
        self._picks[index] = [Pick(next(self._numbers), track), *following]

    def give_up(self, index: int) -> None:
        """What plays in a stretch is not wanted any more; what follows it takes over."""
        self._heard += [pick.track for pick in self.of(index)[:1]]
        self._picks[index] = list(self.of(index)[1:])
        self.filled.discard(index)

    def drop(self, paths: Collection[Path]) -> None:
        """Takes files out of all that is planned."""
        if paths:
            for index in self._picks:
                self._remove(index, paths)
            self.reserve = {shelf: track for shelf, track in self.reserve.items() if track.path not in paths}

    def drop_after(self, index: int) -> None:
        """What is planned for later stretches is planned anew."""
        self._picks = {i: picks for i, picks in self._picks.items() if i <= index}
        self.filled &= self._picks.keys()

    def began(self, index: int, number: int, length_s: Callable[[Track], Seconds]) -> None:
        """A pick of a stretch is being heard: those before it are done with."""
        numbers = [pick.number for pick in self.of(index)]
        if number not in numbers:
            return
        done = [pick.track for pick in self.of(index)[: numbers.index(number)]]
        self._heard += done
        self._heard_s[index] = self.heard_s(index) + sum(map(length_s, done))
        del self._picks[index][: len(done)]

    def heard_s(self, index: int) -> Seconds:
        """How long the tracks of a stretch were that have been heard to their end."""
        return self._heard_s.get(index, 0.0)

    def find(self, path: Path) -> Track | None:
        """The track of a file that is planned or kept ready."""
        known = (*(pick.track for picks in self._picks.values() for pick in picks), *self.reserve.values())
        return next((track for track in known if track.path == path), None)

    def planned(self, first: int) -> set[Path]:
        """The files planned from a stretch on, and those kept ready."""
        planned = {pick.track.path for index, picks in self._picks.items() if index >= first for pick in picks}
        return planned | {track.path for track in self.reserve.values()}

    def used(self, index: int) -> Used:
        """What is planned for later (the farthest first) or kept ready, then all up to and with this stretch."""
        later = [pick.track for i in sorted(self._picks, reverse=True) if i > index for pick in self._picks[i]]
        return _used([*later, *self.reserve.values(), *self._up_to(index)])

    def used_before(self, index: int) -> Used:
        """What was heard, and what is planned up to and with this stretch."""
        return _used(self._up_to(index))

    def _up_to(self, index: int) -> list[Track]:
        return [*self._heard, *(pick.track for i in sorted(self._picks) if i <= index for pick in self._picks[i])]

    def _remove(self, index: int, paths: Collection[Path]) -> None:
        kept = [pick for pick in self._picks[index] if pick.track.path not in paths]
        if len(kept) < len(self._picks[index]):
            self._picks[index] = kept
            self.filled.discard(index)


def _used(tracks: Sequence[Track]) -> Used:
    return Used([track.path for track in tracks], [track.artist for track in tracks])

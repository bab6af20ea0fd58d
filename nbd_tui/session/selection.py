"""Which track comes next in a session, by what the user has refused, what failed and what is kept ready."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from pathlib import Path

from nbd_tui.model.track import Track
from nbd_tui.session.checked import CheckedFiles
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.music_pool import MusicPool
from nbd_tui.session.picks import Picks
from nbd_tui.soundtrack.pin import Shelf
from nbd_tui.soundtrack.wants import Want
from nbd_tui.soundtrack.wish import Used


class Selection:
    """Chooses for the playlist, and is owned by the same thread. Of the picks it changes the reserve alone."""

    def __init__(
        self, places: Sequence[Want], pool: MusicPool, checked: CheckedFiles, picks: Picks, chooser: Chooser
    ) -> None:
        self._places = places
        self._pool = pool
        self._checked = checked
        self._picks = picks
        self._chooser = chooser
        self._dry: dict[int, tuple[int, int]] = {}
        self._spareless: dict[Shelf, tuple[int, int]] = {}
        self._refused: dict[int, set[Path]] = {}
        self._kept_out: set[Path] = set()

    def next(self, index: int, *, is_next: bool) -> Track | None:
        """One more track for a stretch; None when none is left to choose.

        Args:
            index: of the stretch.
            is_next: it waits for this track: what is kept ready will do.
        """
        return (self._take_reserve(index) if is_next else None) or self._choose(index)

    def refuse(self, index: int) -> None:
        """What a stretch has now is not wanted there; it comes back only after all others."""
        self._refused.setdefault(index, set()).update(pick.track.path for pick in self._picks.of(index)[:1])

    def may_play(self, index: int, path: Path) -> bool:
        """Whether a stretch has not refused a file."""
        return path not in self._refused.get(index, ())

    def other(self, index: int) -> Track | None:
        """The best track for a stretch in place of the one it has just refused; None when there is none.

        When all others have been refused as well, those are forgotten, and they come round again.
        """
        if found := self._best_other(index):
            return found
        self._refused[index] &= {pick.track.path for pick in self._picks.of(index)[:1]}
        found = self._best_other(index)
        if found is None:
            self._refused[index].clear()
        return found

    def keep_out(self, path: Path) -> None:
        """A file is not chosen any more."""
        self._kept_out.add(path)

    def let_in(self, path: Path) -> None:
        """It may be chosen again."""
        self._kept_out.discard(path)
        for refused in self._refused.values():
            refused.discard(path)

    def has_kept_out(self, tracks: Iterable[Track]) -> bool:
        """Whether none of them may be chosen since the user keeps them out."""
        return bool(self._kept_out) and all(track.path in self._kept_out for track in tracks)

    def spare(self, ahead: Sequence[int]) -> Track | None:
        """One more track that is to be kept ready for places to come, for a failure or another wish; None: none is."""
        first = {self._places[index].shelf: index for index in reversed(ahead)}
        used = self._picks.used(len(self._places))
        state = (self._pool.version, len(self._without(used.tracks)))
        for shelf, index in first.items():
            if shelf in self._picks.reserve or self._spareless.get(shelf) == state:
                continue
            among = self._checked.all_playable if self._checked.halted else None
            if track := self._chooser.next(index, used, self._without(used.tracks), among):
                self._picks.reserve[shelf] = track
                return track
            self._spareless[shelf] = state
        return None

    def _take_reserve(self, index: int) -> Track | None:
        shelf = self._places[index].shelf
        track = self._picks.reserve.get(shelf)
        if track is None or not self._checked.playable(track.path) or track.path in self._refused.get(index, ()):
            return None
        return self._picks.reserve.pop(shelf)

    def _choose(self, index: int) -> Track | None:
        shelf, refused = self._places[index].shelf, self._refused.get(index, set[Path]())
        state = (self._pool.version, len(self._without(refused)) + bool(self._checked.halted))
        if self._dry.get(index) == state:
            return None
        used = self._picks.used(index)
        track = self._chosen(index, used, self._without(refused))
        if track is None:
            self._dry[index] = state
            return None
        spare = self._picks.reserve.get(shelf)
        if spare and track.path in used.tracks and spare.path not in refused:
            return self._picks.reserve.pop(shelf)  # better than one that comes twice
        return track

    def _chosen(self, index: int, used: Used, without: Collection[Path]) -> Track | None:
        """To begin a stretch with or to go on in it; one known to be playable when no other can be checked any more."""
        if self._checked.halted:
            return self._chooser.next(index, used, without, self._checked.all_playable)
        if self._picks.of(index) or self._picks.heard_s(index):
            return self._chooser.follower(index, used, without)
        return self._chooser.first(index, used, without)

    def _best_other(self, index: int) -> Track | None:
        """The best track for a stretch of those that are ready and not heard yet, else of all but the refused."""
        used, without = self._picks.used_before(index), self._without(self._refused[index])
        ready = self._checked.all_playable
        unheard = [path for path in ready if path not in used.tracks]
        every = ready if self._checked.halted else None
        best = partial(self._chooser.next, index, used, without, leaves_planned=False)
        if found := best(unheard) or best(every):
            return found
        return best(unheard, of_kind=True) or best(every, of_kind=True)

    def _without(self, without: Collection[Path]) -> Collection[Path]:
        """What may not be chosen."""
        return {*self._checked.failed, *self._kept_out, *without}

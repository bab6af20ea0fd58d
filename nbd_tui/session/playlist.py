"""Which tracks a session plays: chosen ahead for every stretch, checked by the probe, replaced when they fail."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from nbd_tui.audio.score import SourceRef
from nbd_tui.media.pcm_cache import LIMIT_BYTES
from nbd_tui.model.track import Track
from nbd_tui.model.units import Seconds, to_seconds
from nbd_tui.session.checked import CheckedFiles, OnFailed, Prober, why_nothing_plays
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.known import as_song
from nbd_tui.session.music_pool import Growth, MusicPool
from nbd_tui.session.picks import Pick, Picks
from nbd_tui.session.piece_shelf import PieceShelf
from nbd_tui.session.pieces import Piece
from nbd_tui.session.recall import NoRecall, RecallPort
from nbd_tui.session.script import Script
from nbd_tui.session.selection import Selection
from nbd_tui.session.tempo_fitting import AHEAD, TempoFitting
from nbd_tui.soundtrack.pin import Shelf
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wants import Want

OPEN_LENGTH_S: Final[Seconds] = 600.0
"""Music kept planned for a stretch of unknown length."""
UNKNOWN_TRACK_S: Final[Seconds] = 180.0
LOOKAHEAD: Final = 32
"""Stretches for which music is chosen and decoded ahead: an hour and more of most workouts."""
FIRST_LOOKAHEAD: Final = 4
"""While more tracks are still being found: what is chosen now is likely to be chosen anew."""
AHEAD_BYTES: Final = LIMIT_BYTES // 2
"""Decoded copies of what is planned take no more, so that none makes another leave the cache."""
MOST_PLANNED: Final = 32
"""Tracks of one stretch are planned at most so many at a time, an hour and more of songs: of jingles a long stretch has
thousands, all of which would be laid out anew with each."""
MOST_UNANSWERED: Final = 4
"""So many files wait for the prober at most: until it has answered, nobody knows whether they need a copy."""
MANY_FAILED: Final = 8
"""After so many failures, and not one file that can be played, the reason is told."""


class Playlist:
    """The tracks of one session. Owned by the conductor's thread."""

    def __init__(
        self,
        places: Sequence[Want],
        pool: MusicPool,
        prober: Prober,
        seed: int | Script,
        on_failed: OnFailed,
        *,
        recall: RecallPort | None = None,
        taste: MusicTaste = USUAL_TASTE,
    ) -> None:
        self._places = places
        self._pool = pool
        self._checked = CheckedFiles(prober, on_failed)
        self._picks = Picks()
        self._chooser = Chooser(places, pool, seed, self._picks.first, taste)
        self._running = -1
        self._selection = Selection(places, pool, self._checked, self._picks, self._chooser)
        self._grown = Growth()
        self._recall = recall or NoRecall()
        self._fitting = TempoFitting(self._checked, self._recall, is_on=taste.tempo_fit)
        self._shelf = PieceShelf(self._chooser, self._recall, self._fitting)

    def step(self, running: int, short: Collection[int] = ()) -> bool:
        """Goes one small step on with choosing and checking; true when some stretch's pieces have changed.

        Args:
            running: index of the stretch that plays now; what is past is left alone.
            short: stretches that need more than was reckoned, as workouts are paused, prolonged and gone back in.
        """
        if self._take_results() or self._shelf.refresh():
            return True
        far = FIRST_LOOKAHEAD if self._pool.growing else LOOKAHEAD
        ahead = range(running, min(running + far, len(self._places)))
        if self._grown.notice(self._pool, {self._places[index].shelf for index in ahead}):
            self._picks.drop_after(running + 1)
        self._keep_copies(running)
        self._hurry(running)
        for index in ahead[:AHEAD]:
            self._fitting.prepare(self._places[index], self._picks.of(index), self._joined(index))
        return self._plan_more(ahead, short)

    @property
    def places(self) -> Sequence[Want]:
        """What each stretch asks of its music; the last round may have two places."""
        return self._places

    def pieces(self, index: int) -> tuple[Piece, ...]:
        """The music of a stretch, as far as it may be played yet."""
        return tuple(piece for pick in self._picks.of(index) if (piece := self._piece(index, pick)))

    def began(self, index: int, number: int) -> None:
        """A piece of a stretch is being heard: those before it are done with."""
        self._shelf.began(number)
        self._picks.began(index, number, self._length_s)

    def reserve(self, shelf: Shelf) -> SourceRef | None:
        """The next best track for such places, ready to be played."""
        track = self._picks.reserve.get(shelf)
        result = self._checked.playable(track.path) if track else None
        return SourceRef(str(result.playable)) if result else None

    def another(self, index: int) -> bool:
        """Takes another track for a stretch, which may not be playable at once; false when there is none.

        The one planned to follow in the stretch, else the best of those that are ready and not heard yet, also where
        it was planned for later. A refused one comes back to its stretch only after all others.
        """
        self._selection.refuse(index)
        follower = next((pick.track.path for pick in self._picks.of(index)[1:2]), None)
        if follower and self._selection.may_play(index, follower) and self._checked.playable(follower):
            self._picks.give_up(index)
            return True
        other = self._selection.other(index)
        if other is None:
            return False
        self.put_back(index, other)
        return True

    def keep_out(self, path: Path, index: int) -> bool:
        """A file is not played any more; another takes its place in a stretch. False when there is none."""
        self._selection.keep_out(path)
        has_other = self._picks.first(index) is None or self.another(index)
        self._picks.drop({path})
        return has_other

    def let_in(self, path: Path) -> None:
        """It may be chosen again."""
        self._selection.let_in(path)

    def put_back(self, index: int, track: Track) -> None:
        """A stretch goes on with this track in place of what it has."""
        self._picks.put_in_place(index, track)
        self._ask(track, front=True)

    def begins(self, index: int, number: int) -> bool:
        """Whether a stretch begins with this pick: what comes after it does not meet the bell."""
        picks = self._picks.of(index)
        return bool(picks) and picks[0].number == number and not self._picks.heard_s(index)

    def song(self, index: int, track: Track) -> Song:
        """What is known of a track that is played in a stretch."""
        return self._chooser.song(self._places[index].shelf, track.path) or as_song(track, None)

    def lose_source(self, source: str, reason: str) -> Track | None:
        """What plays from `source` (the file or its decoded copy) broke; the track it was.

        A copy that has left the cache is made again; any other file is not played again in this session.
        """
        path = self._checked.file_of(source)
        track = self._picks.find(path)
        if track is None and self._checked.result(path) is None:
            return None  # told twice, or a copy of an earlier session
        if self._checked.forget_copy(source):
            return track
        if self._checked.forget_lost_copy(path):
            self._checked.ask(path, front=True)
        else:
            self._checked.fail(path, reason)
            self._picks.drop({path})
        return track

    @property
    def hopeful(self) -> bool:
        """Tracks may still be found."""
        return self._pool.growing

    def empty_reason(self, shelf: Shelf) -> str:
        """Why such a place has no music; empty while there is hope."""
        tracks, checked = self._pool.tracks(shelf), self._checked
        if checked.halted:
            return checked.halted
        if not tracks and self._pool.growing:
            return "looking for music …"
        if self._selection.has_kept_out(tracks):
            return "every track is banned"
        if all(track.path in checked.failed for track in tracks):
            return why_nothing_plays({**self._pool.unread, **checked.failed})
        if len(checked.failed) >= MANY_FAILED and checked.nothing_playable:
            return f"looking for a track that can be played: {checked.last_reason}"
        return ""

    def _take_results(self) -> bool:
        wanted = self._picks.planned(0)
        was_halted = self._checked.halted
        news = self._checked.take()
        self._picks.drop(news.broken)
        if self._checked.halted != was_halted:
            self._picks.drop({path for path in wanted if self._checked.result(path) is None})
        return not wanted.isdisjoint(news.answered)

    def _plan_more(self, ahead: Sequence[int], short: Collection[int]) -> bool:
        """One more track for the first stretch that needs one, or for the reserve."""
        planned = self._picks.planned(self._running)
        waiting = sum(self._checked.result(path) is None for path in planned) >= MOST_UNANSWERED
        room = not waiting and self._checked.copy_bytes(planned) < AHEAD_BYTES
        for index in ahead:
            wanted = room or self._is_urgent(index)
            if wanted and self._needs_more(index, short) and self._add_one(index):
                return bool(self._checked.playable(self._picks.of(index)[-1].track.path))
        if not waiting and (spare := self._selection.spare(ahead)):
            self._ask(spare, front=False)
        return False

    def _keep_copies(self, running: int) -> None:
        """With each stretch, the copies of what is planned are marked as used; those that are gone are made again."""
        if running != self._running:
            self._running = running
            for path in self._picks.planned(running):
                if self._checked.forget_lost_copy(path):
                    self._checked.ask(path, front=False)

    def _hurry(self, running: int) -> None:
        """What is to play now, and what follows it, is checked before everything else."""
        soon = [pick.track.path for pick in self._picks.of(running)[:2]]
        if path := next((path for path in soon if self._checked.result(path) is None), None):
            self._checked.ask(path, front=True)

    def _is_urgent(self, index: int) -> bool:
        """What plays now and what follows it is planned, however much room that takes."""
        planned = len(self._picks.of(index))
        return planned < 2 if index == self._running else index == self._running + 1 and not planned

    def _needs_more(self, index: int, short: Collection[int]) -> bool:
        picks = self._picks.of(index)
        if len(picks) >= MOST_PLANNED:
            return False
        if index in self._picks.filled:
            return index in short and all(self._checked.result(pick.track.path) for pick in picks)
        if self._picks.heard_s(index) + sum(self._length_s(pick.track) for pick in picks) < self._needed_s(index) + 2.0:
            return True
        self._picks.filled.add(index)
        return False

    def _needed_s(self, index: int) -> Seconds:
        """How much music is planned for a place; for a round as if it had no second wind, which may be left out."""
        want = self._places[index]
        if want.is_second_wind and index and self._places[index - 1].stretch == want.stretch:
            return want.length_s
        return want.wish.duration_s or OPEN_LENGTH_S

    def _add_one(self, index: int) -> bool:
        """One more track for a stretch; false when none is left to choose."""
        is_next = index == self._running and not self._picks.of(index)
        track = self._selection.next(index, is_next=is_next)
        if track is None:
            return False
        self._picks.add(index, track)
        self._ask(track, front=is_next)
        return True

    def _ask(self, track: Track, *, front: bool) -> None:
        """Has a track looked up and checked."""
        self._recall.ask(track.path)
        self._checked.ask(track.path, front=front)

    def _length_s(self, track: Track) -> Seconds:
        if result := self._checked.result(track.path):
            return to_seconds(result.frames)
        return track.duration_s or UNKNOWN_TRACK_S

    def _joined(self, index: int) -> Pick | None:
        """The pick that a second wind joins."""
        is_joined = index > 0 and self._places[index - 1].stretch == self._places[index].stretch
        return next(reversed(self._picks.of(index - 1)), None) if is_joined else None

    def _piece(self, index: int, pick: Pick) -> Piece | None:
        """None while it may not be played."""
        result = self._checked.playable(pick.track.path)
        return self._shelf.piece(self._places[index], pick, result) if result else None

"""The track that plays: what the screen is told of it, and what keys do with it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias

from nbd_tui.keymap import Action
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.track import Track
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.actions import WHEN_OVER
from nbd_tui.session.desk import Desk
from nbd_tui.session.other_track import OtherTrack
from nbd_tui.session.pieces import Piece
from nbd_tui.session.places import Places
from nbd_tui.session.playlist import Playlist
from nbd_tui.session.snapshot import Echo
from nbd_tui.soundtrack.landing import Landing, On
from nbd_tui.soundtrack.telling import reason
from nbd_tui.workout.engine import EngineState, Position

Judge: TypeAlias = Callable[[Path, Opinion | None], Future[None]]
"""Keeps what the user thinks of a track (None: nothing any more); returns at once what is done when it is kept."""

TRACK_ACTIONS: Final = frozenset({Action.OTHER_TRACK, Action.LIKE, Action.BAN, Action.WHY})
UNDO_S: Final[Seconds] = 15.0
"""So long the key for undoing takes a ban back; the key for a skip after it ends that."""
BAN_SHOWN_S: Final[Seconds] = 5.0
WHY_SHOWN_S: Final[Seconds] = 10.0

_NOTHING: Final = "no track plays"


@dataclass(frozen=True, slots=True)
class Playing:
    """What a snapshot says of the music."""

    track: Track | None = None
    at_s: Seconds | None = None
    following: Track | None = None
    note: str = ""
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class _Ban:
    """One that can be undone."""

    track: Track
    stretch: int
    at: Monotonic


def not_kept(path: Path, opinion: Opinion | None) -> "Future[None]":  # noqa: ARG001 - a `Judge`
    """For sessions without a database: what is said holds for the session."""
    done: Future[None] = Future()
    done.set_result(None)
    return done


class NowPlaying:
    """Owned by the conductor's thread. What is said of tracks is written by whoever `judge` belongs to."""

    def __init__(self, places: Places, playlist: Playlist, desk: Desk, judge: Judge) -> None:
        self._places = places
        self._playlist = playlist
        self._desk = desk
        self._judge = judge
        self._other_track = OtherTrack(playlist, desk)
        self._track: Track | None = None
        """The last one heard."""
        self._following: Track | None = None
        self._built_up: tuple[int, int] | None = None
        """The place in which a build-up was heard last, and the one it belongs to."""
        self._said: dict[Path, Opinion | None] = {}
        """In this session."""
        self._ban: _Ban | None = None
        self._unwritten: SimpleQueue[str] = SimpleQueue()

    def look(self, position: Position, now: Monotonic) -> Playing:
        """What plays, or goes on after the pause."""
        is_paused = position.state is EngineState.PAUSED
        placed = self._desk.sounding(now) if position.state is EngineState.RUNNING else None
        found = self._current(position, now)
        piece = found[1] if found else None
        if piece:
            self._track = piece.track
        if not is_paused:
            running = self._desk.place_at(position)
            self._built_up = (running, placed.place) if placed and placed.place > running else None
            following = self._desk.following(now)
            self._following = following.piece.track if following else None
        shelf = self._places.want(self._desk.place_at(position)).shelf
        note = "" if piece else self._playlist.empty_reason(shelf)
        at_s = self._desk.heard_s(placed, now) if placed else piece.track_s(piece.source.in_point) if piece else None
        track = None if note or self._track is None else self._as_said(self._track)
        return Playing(track, at_s, self._following, note)

    def perform(self, action: Action, position: Position, now: Monotonic) -> Echo:
        """One of `TRACK_ACTIONS`; the words that answer it."""
        if position.state is EngineState.FINISHED:
            return Echo(WHEN_OVER, now)
        if action is Action.OTHER_TRACK:
            return Echo(self._other_track.ask(self._heard_place(position, now)), now)
        found = self._current(position, now)
        if found is None:
            return Echo(_NOTHING, now)
        stretch, piece = found
        if action is Action.LIKE:
            return Echo(self._like(piece.track), now)
        if action is Action.BAN:
            return Echo(self._keep_out(piece.track, stretch, now), now, BAN_SHOWN_S)
        return Echo(self._why(piece, stretch), now, WHY_SHOWN_S)

    def takes_over(self, stretch: int) -> bool:
        """Whether another track that was asked for can be played now, once."""
        return self._other_track.takes_over(stretch)

    def can_undo(self, now: Monotonic) -> bool:
        """A ban can be taken back."""
        return self._ban is not None and now - self._ban.at < UNDO_S

    def moved_on(self) -> None:
        """Another phase was gone to by a key: undoing is about that from here on."""
        self._ban = None

    def undo(self, position: Position, now: Monotonic) -> Echo:
        """Takes the last ban back; the track plays again unless its stretch is over."""
        ban, self._ban = self._ban, None
        assert ban is not None  # noqa: S101 - `can_undo`
        self._say(ban.track.path, Opinion.LIKED if ban.track.is_liked else None)
        self._playlist.let_in(ban.track.path)
        if self._desk.place_at(position) <= ban.stretch:
            self._playlist.put_back(ban.stretch, ban.track)
            self._desk.cut(now)
        return Echo(f"no longer banned: {ban.track.title}", now, BAN_SHOWN_S)

    def trouble(self) -> str:
        """Why something that was said cannot be kept, once."""
        try:
            return self._unwritten.get_nowait()
        except Empty:
            return ""

    def _current(self, position: Position, now: Monotonic) -> tuple[int, Piece] | None:
        """What plays or goes on after the pause, and the stretch it is for: a build-up belongs to the next one."""
        if position.state is EngineState.PAUSED:
            stretch = self._going_on(self._desk.place_at(position))
            waiting = self._desk.waiting(stretch)
            return (stretch, waiting) if waiting else None
        placed = self._desk.sounding(now) if position.state is EngineState.RUNNING else None
        return (placed.place, placed.piece) if placed else None

    def _going_on(self, running: int) -> int:
        """The place whose music goes on after a pause: the next one where its build-up had begun."""
        return self._built_up[1] if self._built_up and self._built_up[0] == running else running

    def _heard_place(self, position: Position, now: Monotonic) -> int:
        """The place that is heard: of a build-up the next one, of what fades out none."""
        running, found = self._desk.place_at(position), self._current(position, now)
        return max(running, found[0]) if found else running

    def _like(self, track: Track) -> str:
        liked = not self._as_said(track).is_liked
        self._say(track.path, Opinion.LIKED if liked else None)
        return f"{'liked' if liked else 'no longer liked'}: {track.title}"

    def _keep_out(self, track: Track, stretch: int, now: Monotonic) -> str:
        self._ban = _Ban(self._as_said(track), stretch, now)
        self._say(track.path, Opinion.BANNED)
        has_other = self._playlist.keep_out(track.path, stretch)
        self._track = self._following = None
        self._desk.cut(now)
        return f"banned: {track.title}" if has_other else f"banned, and no other is left: {track.title}"

    def _say(self, path: Path, opinion: Opinion | None) -> None:
        self._said[path] = opinion
        self._judge(path, opinion).add_done_callback(self._written)

    def _written(self, done: "Future[None]") -> None:
        """In the thread that writes."""
        if not done.cancelled() and (error := done.exception()):
            self._unwritten.put(f"it holds for this workout only: {error}")

    def _as_said(self, track: Track) -> Track:
        if track.path not in self._said:
            return track
        return replace(track, is_liked=self._said[track.path] is Opinion.LIKED)

    def _why(self, piece: Piece, stretch: int) -> str:
        landing = None
        if piece.landing is not None and self._playlist.begins(stretch, piece.pick):
            landing = Landing(On.DROP if piece.entries else On.DOWNBEAT, piece.track_s(piece.landing))
        song, want = self._playlist.song(stretch, piece.track), self._places.want(stretch)
        is_wind = want.is_second_wind and want.bell_segment is None
        return reason(song, want, landing, piece.speed, is_wind=is_wind)

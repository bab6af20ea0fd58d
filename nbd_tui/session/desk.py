"""The mixing desk of a session: turns the plan of the engine and the tracks of the playlist into the player's score."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, TypeAlias

from nbd_tui.audio.score import CueHit, CueMissed, CueSounded, MixerReport, Score, SourceRef, VoiceEnded, VoiceStarted
from nbd_tui.model.units import Frames, Monotonic, Seconds, to_frames
from nbd_tui.session.announcer import AnnouncerPort
from nbd_tui.session.arranger import MOVED, PAUSE_FADE, Arranger, Piece, Placed, StretchPlan
from nbd_tui.session.cue_sounds import at_once, scheduled
from nbd_tui.session.places import Places
from nbd_tui.session.playlist import Playlist
from nbd_tui.session.sound import Sound
from nbd_tui.soundtrack.wants import KEEP_S
from nbd_tui.workout.engine import DueCue, PlannedSegment, Position, Upcoming
from nbd_tui.workout.events import CueDue

KEEP_DUE_S: Final[Seconds] = 1.0
"""How long a cue stays in the score after its time, for a player that is late."""
KEEP_AT_ONCE_S: Final[Seconds] = 1.5
"""How long a cue of a key waits for a player that is being started; later it would mislead."""

FrameAt: TypeAlias = Callable[[Monotonic], Frames]


class Desk:
    """Keeps the player's score in step with the session. Owned by the conductor's thread."""

    def __init__(
        self,
        places: Places,
        playlist: Playlist,
        sound: Sound,
        fade: Frames,
        announcer: AnnouncerPort,
    ) -> None:
        self._announcer = announcer
        self._places = places
        self._playlist = playlist
        self._sound = sound
        self._arranger = Arranger(fade)
        self._due: list[CueDue] = []
        self._at_once: dict[str, CueDue] = {}
        self.stale = False
        """A voice has begun: what follows it may have to move, and more music may be needed."""

    def place_at(self, position: Position) -> int:
        """The place for music that the session is in."""
        return self._places.at(position, self._lifts)

    def take_cues(self, cues: Sequence[CueDue], *, by_key: bool) -> None:
        """Cues whose time has come: by the clock, the player has them already; by a key, heard as soon as can be."""
        if by_key:
            self._at_once |= {cue.key: cue for cue in cues}
        else:
            self._due += cues

    def cut(self, now: Monotonic) -> None:
        """The music goes elsewhere because of a key; what comes next begins at once."""
        self._arranger.cut(self._sound.unrendered(now))

    def hold(self, now: Monotonic) -> None:
        """The music stops for a pause; going on takes it up two beats earlier, or with the bell it builds up to."""
        self._arranger.cut(self._sound.unrendered(now), PAUSE_FADE, for_pause=True)

    def start_over(self) -> None:
        """The workout begins anew: no stretch goes on where it was left."""
        for index in range(len(self._places)):
            self._arranger.forget(index)

    def perform(self, upcoming: Upcoming, place: int, now: Monotonic, *, running: bool) -> None:
        """Sends the player all that is to be heard from now on.

        Args:
            upcoming: what comes when.
            place: the session is in this one.
            now: on the clock.
            running: whether time passes.
        """
        self.stale = False
        plans = self._plans(upcoming.segments, place) if running else ()
        voices = self._arranger.arrange(plans, self._sound.unrendered(now))
        cues = self._cues(upcoming, now, running=running)
        self._sound.play(Score(voices=voices, cues=cues, standby=self._standby(upcoming, place, running=running)))

    def heard(self, report: MixerReport) -> Placed | None:
        """Takes in what the mixer did; the piece it concerns, if any."""
        match report:
            case VoiceStarted(id=voice, frame=frame):
                self._arranger.started(voice, frame)
                self.stale = True
                return self._arranger.placed(voice)
            case VoiceEnded(id=voice):
                return self._arranger.placed(voice)
            case CueSounded(id=key) | CueMissed(id=key):
                self._at_once.pop(key, None)
        return None

    def sounding(self, now: Monotonic) -> Placed | None:
        """The piece heard now."""
        return self._arranger.sounding(self._sound.frame_at(now))

    def following(self, now: Monotonic) -> Placed | None:
        """The piece to be heard next."""
        return self._arranger.following(self._sound.frame_at(now))

    def heard_s(self, placed: Placed, now: Monotonic) -> Seconds:
        """The second of its track at which a piece is now."""
        frames = min(placed.position(self._sound.frame_at(now)), placed.piece.frames)
        return placed.piece.track_s(placed.piece.source.in_point + frames)

    def waiting(self, stretch: int) -> Piece | None:
        """The piece a stretch that is paused, or comes, will go on with."""
        return self._arranger.next_piece(stretch, self._playlist.pieces(stretch))

    def give_up_cues(self, now: Monotonic) -> tuple[CueDue, ...]:
        """Forgets the cues that are too old to be sounded; those of a key that nobody has heard."""
        late = tuple(cue for cue in self._at_once.values() if cue.at <= now - KEEP_AT_ONCE_S)
        for cue in late:
            del self._at_once[cue.key]
        self._due = [cue for cue in self._due if cue.at > now - KEEP_DUE_S]
        return late

    def is_playing(self, path: str, now: Monotonic) -> bool:
        """Whether the player has begun this source, so that its breaking is heard now or in a moment."""
        return self._arranger.is_playing(path, self._sound.unrendered(now))

    @property
    def short(self) -> frozenset[int]:
        """Stretches that need more music than they have."""
        return self._arranger.short

    def _plans(self, segments: Sequence[PlannedSegment], running: int) -> tuple[StretchPlan, ...]:
        grouped = groupby(segments, key=lambda planned: self._places.of_segment(planned.segment.index))
        plans: list[StretchPlan] = []
        for index, group in grouped:
            plans += self._cut_in_two(self._plan(index, tuple(group), plans[-1] if plans else None), running)
        return tuple(plans)

    def _cut_in_two(self, whole: StretchPlan, running: int) -> tuple[StretchPlan, ...]:
        """The plan of a stretch, and that of its second wind if it has one inside; only that once it has begun."""
        second = self._places.second_wind(whole.index)
        if second is None or whole.end is None or (running != second and not self._lifts(second)):
            return (whole,)
        at = whole.end - to_frames(self._places.want(second).length_s)
        earliest = whole.start if whole.bell is None else whole.bell + to_frames(KEEP_S)
        pieces = self._playlist.pieces(second) or whole.pieces
        wind = replace(whole, index=second, pieces=pieces)
        if running == second:
            return (replace(wind, bell=whole.start, earliest=None),)
        wind = replace(wind, start=at, bell=at, earliest=earliest, joins=self._places.want(second).bell_segment is None)
        return (replace(whole, end=at, is_last=False), wind) if at > earliest else (whole,)

    def _lifts(self, place: int) -> bool:
        """Whether a second wind has music that something of can land."""
        return any(piece.landing is not None for piece in self._playlist.pieces(place)[:1])

    def _plan(self, index: int, planned: Sequence[PlannedSegment], before: StretchPlan | None) -> StretchPlan:
        stretch, frame_at = self._places.stretch(index), self._sound.frame_at
        closed = planned[-1].end_at if planned[-1].segment.index == stretch.last_index else None
        dips = tuple(
            (frame_at(part.start_at), frame_at(part.end_at))
            for part in planned
            if part.segment.index in stretch.dipped and part.end_at is not None
        )
        end = None if closed is None else frame_at(closed)
        bell_segment = self._places.want(index).bell_segment
        bells = (frame_at(part.start_at) for part in planned if part.segment.index == bell_segment)
        builds = before is not None and self._places.want(index).room_s > 0
        earliest = before.start + to_frames(KEEP_S) if before and builds else None
        return StretchPlan(
            index, stretch.kind, frame_at(planned[0].start_at), end, self._playlist.pieces(index), dips,
            next(bells, None), earliest, is_last=stretch is self._places.stretch(len(self._places) - 1),
        )  # fmt: skip

    def _on_landing(self, cue: DueCue | CueDue, frame: Frames) -> Frames:
        """The frame of a cue: with the drop, where that is due at the same time."""
        index = self._places.of_segment(cue.segment.index)
        landed = self._arranger.landed(index)
        is_near = landed is not None and abs(landed - frame) <= MOVED
        is_bell = cue.segment.index == self._places.want(index).bell_segment
        return landed if landed is not None and is_near and is_bell else frame

    def _cues(self, upcoming: Upcoming, now: Monotonic, *, running: bool) -> tuple[CueHit, ...]:
        frame_at = self._sound.frame_at
        coming = upcoming if running else Upcoming((), ())
        to_come = scheduled(coming.cues, frame_at, self._on_landing)
        said = self._announcer.hits(coming, self._sound.heard_from(now), frame_at)
        return (
            *scheduled(self._due, frame_at, self._on_landing),
            *at_once(self._at_once.values(), frame_at(now)),
            *to_come,
            *said,
        )

    def _standby(self, upcoming: Upcoming, place: int, *, running: bool) -> tuple[SourceRef, ...]:
        """What a key may ask for next: the paused piece, the reserve, the beginning of the next stretch."""
        if not upcoming.segments:
            return ()
        wanted = [self._playlist.reserve(self._places.want(place).shelf)]
        soon = [i for i in ((place + 1,) if running else (place, place + 1)) if i < len(self._places)]
        wanted += [piece.source for i in soon if (piece := self.waiting(i))]
        return tuple(dict.fromkeys(source for source in wanted if source))

"""The conductor: the one thread that owns a running session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from nbd_tui.audio.score import CueMissed, CueSounded, MixerReport, VoiceEnded, VoiceStarted
from nbd_tui.keymap import Action
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds, to_frames
from nbd_tui.player.protocol import Mixed, SourceFailed
from nbd_tui.session.actions import ENGINE_ACTIONS, Order, echo
from nbd_tui.session.announcer import AnnouncerPort, NoAnnouncer
from nbd_tui.session.arranger import Placed
from nbd_tui.session.books import Books
from nbd_tui.session.desk import Desk
from nbd_tui.session.journalist import Journalist
from nbd_tui.session.now_playing import TRACK_ACTIONS, Judge, NowPlaying, not_kept
from nbd_tui.session.places import Places
from nbd_tui.session.playlist import Playlist
from nbd_tui.session.runner import Command, Runner
from nbd_tui.session.safe_announcer import SafeAnnouncer
from nbd_tui.session.snapshot import Echo, SessionSnapshot, SoundState, snapshot_of
from nbd_tui.session.sound import Sound
from nbd_tui.session.suspend import SleepWatch, SuspendClock, in_words
from nbd_tui.session.teller import Listener, Teller
from nbd_tui.session.volumes import Volumes, turned
from nbd_tui.soundtrack.stretch import Stretch
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.engine import Engine, EngineState
from nbd_tui.workout.events import (
    CueDue,
    Event,
    Paused,
    Resumed,
    SegmentStarted,
    SessionFinished,
    SessionStarted,
    TimeAdded,
)
from nbd_tui.workout.timeline import Timeline

AHEAD_S: Final[Seconds] = 3600.0
"""The score reaches so far: an app that hangs costs no bell, and the longest workouts cost no more than others."""
RENEW_S: Final[Seconds] = 600.0
"""The score is sent anew after so long, though nothing has changed, to reach on."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a session is made of."""

    timeline: Timeline
    stretches: tuple[Stretch, ...]
    playlist: Playlist
    sound: Sound
    volumes: Volumes
    fade_s: Seconds
    note: str = ""
    """Of the music, from the start: shown and told until there is something newer."""
    news: Callable[[], str] = str
    """What else has been found out of the music since the last call; empty for nothing."""
    announcer: AnnouncerPort = field(default_factory=NoAnnouncer)
    journalist: Journalist | None = None
    """Keeps the session."""
    since: Checkpoint | None = None
    """Where it goes on, paused, if it was interrupted; it is one of this timeline."""
    judge: Judge = not_kept
    """Keeps what the user says of a track."""
    suspended: SuspendClock = float
    """How long the machine has slept."""


class Conductor:
    """Runs one session.

    Its thread, `conductor`, is started by `start` and ends with `close`; it alone touches the engine, the playlist and
    the sound. Others send actions and read snapshots.
    """

    def __init__(self, parts: Parts, clock: Callable[[], Monotonic], listen: Listener = lambda _: None) -> None:
        self._parts = parts
        self._clock = clock
        self._teller = Teller(listen)
        self._books = Books(parts.journalist, parts.since)
        self._announcer = SafeAnnouncer(parts.announcer)
        self._sleep = SleepWatch(parts.suspended)
        self._turned_at: Monotonic = clock()
        self._engine = Engine(parts.timeline)
        parts.sound.new_session()
        self._places = Places(parts.timeline.segments, parts.stretches, parts.playlist.places)
        self._desk = Desk(self._places, parts.playlist, parts.sound, to_frames(parts.fade_s), self._announcer)
        self._now_playing = NowPlaying(self._places, parts.playlist, self._desk, parts.judge)
        self._volumes = parts.volumes
        self._echo: Echo | None = None
        self._note = parts.note
        self._dirty = True
        self._sent_at: Monotonic = 0.0
        self._first = self._places.of_segment(parts.since.index) if parts.since else 0
        self._runner = Runner(self, clock)
        self._snapshot = self._look(clock())

    def start(self) -> None:
        """Starts the thread, which begins the workout as soon as its first bell can be heard on time."""
        self._runner.start()

    def begin(self) -> None:
        """Starts the workout (or takes it up again, paused) on the caller's thread: the first turn."""
        now, since = self._clock(), self._parts.since
        self._turned_at = now
        self._take(self._engine.restore(now, since) if since else self._engine.start(now), by_key=True)
        self._parts.sound.set_levels(self._volumes.levels())
        (self._desk.hold if since else self._desk.cut)(now)
        self.turn()

    @property
    def volumes(self) -> Volumes:
        """As the user has turned them."""
        return self._volumes

    def send(self, action: Action | Order) -> None:
        """An action of the user's, carried out at once by the thread."""
        self._runner.send(action)

    def end(self) -> None:
        """As `close`, but waits for nothing: for signal handlers."""
        self._runner.send(Command.QUIT)

    def snapshot(self) -> SessionSnapshot:
        """The newest state; any thread may read it."""
        return self._snapshot

    def close(self) -> None:
        """Ends the session, finished or not: the music fades, the thread is over within a turn."""
        self._runner.close()

    def turn(self, action: Action | Order | None = None) -> None:
        """One turn: what is due, what was pressed, what the player says, and the score anew where that changed it."""
        now = self._clock()
        slept_s = self._sleep.slept_s()
        if slept_s and self._engine.state is EngineState.RUNNING:
            action = None if action is Action.PAUSE else action
            self._pause(self._turned_at, now, f"slept {in_words(slept_s)} – paused")
        self._turned_at = now
        self._take(self._engine.advance(now), by_key=False)
        try:
            if action is not None:
                self._perform(action, now)
            self._sound(now)
        finally:
            moment = self._look(now)
            if trouble := self._books.look(moment, now):
                self._say(trouble, now)
            self._snapshot = moment
        self._teller.music(self._snapshot.track_note, now)

    def leave(self) -> None:
        """The last turn: a workout that is under way is interrupted, the music fades."""
        now = self._clock()
        if self._engine.state is not EngineState.FINISHED:
            self._snapshot = self._look(now)
            self._books.leave(self._snapshot, now)
            self._teller.interrupted(now)
        self._desk.hold(now)
        self._desk.perform(self._engine.upcoming(now, AHEAD_S), self._place(now), now, running=False)

    def _pause(self, at: Monotonic, now: Monotonic, words: str) -> None:
        """Pauses as of `at`, with these words, unless it does not run."""
        caused = self._engine.pause(at)
        self._take(caused, by_key=True)
        if any(isinstance(event, Paused) for event in caused):
            self._dirty = True
            self._desk.hold(now)
            self._say(words, now)

    def _say(self, words: str, now: Monotonic) -> None:
        """Something that no key has asked for."""
        self._echo = Echo(words, now)
        self._teller.note(words, now)

    def _sound(self, now: Monotonic) -> None:
        """What the player says, and what it is to play."""
        self._hear(self._parts.sound.poll(), now)
        if trouble := self._now_playing.trouble():
            self._say(trouble, now)
        if news := self._parts.news():
            self._note = "; ".join(filter(None, (news, self._note)))
        if self._engine.state is not EngineState.FINISHED:
            self._dirty |= self._parts.playlist.step(self._place(now), self._desk.short)
            if self._now_playing.takes_over(self._place(now)):
                self._dirty = True
                self._desk.cut(now)
        for cue in self._desk.give_up_cues(now):
            self._teller.missed(cue, now)
        stale = self._desk.stale or self._announcer.stale(now)
        if self._dirty or stale or self._parts.sound.moved or now - self._sent_at > RENEW_S:
            self._send_score(now)
        self._teller.sound(self._parts.sound.output, self._parts.sound.reason, now)

    @property
    def ready(self) -> bool:
        """The first bell and the first track would be heard at once (or it is known that there is none)."""
        playlist, first = self._parts.playlist, self._places.want(self._first).shelf
        music = playlist.pieces(self._first) or (playlist.empty_reason(first) and not playlist.hopeful)
        return self._parts.sound.ready and bool(music)

    def prepare(self) -> None:
        """One turn before the start: the player and the first track come up."""
        self._parts.sound.poll()
        self._parts.playlist.step(self._first)
        self._snapshot = self._look(self._clock())

    def _send_score(self, now: Monotonic) -> None:
        running = self._engine.state is EngineState.RUNNING
        self._desk.perform(self._engine.upcoming(now, AHEAD_S), self._place(now), now, running=running)
        self._dirty = False
        self._sent_at = now

    def _place(self, now: Monotonic) -> int:
        """The place for music that the session is in now."""
        return self._desk.place_at(self._engine.position(now))

    def _perform(self, action: Action | Order, now: Monotonic) -> None:
        self._dirty = True
        said = self._obey(action, now)
        if said.text:
            self._echo = said
            self._teller.key(said.text, now)

    def _obey(self, action: Action | Order, now: Monotonic) -> Echo:
        position = self._engine.position(now)
        if action is Action.UNDO_SKIP and self._now_playing.can_undo(now):
            return self._now_playing.undo(position, now)
        if isinstance(action, Action) and action in TRACK_ACTIONS:
            return self._now_playing.perform(action, position, now)
        if isinstance(action, Order) or action in ENGINE_ACTIONS:
            return Echo(self._turn_engine(action, now), now)
        self._volumes, words = turned(self._volumes, action)
        self._parts.sound.set_levels(self._volumes.levels())
        return Echo(words, now)

    def _turn_engine(self, action: Action | Order, now: Monotonic) -> str:
        before = self._place(now)
        caused = ENGINE_ACTIONS[action](self._engine, now)
        self._take(caused, by_key=True)
        self._follow(before, caused, now)
        if action is Action.RESTART:
            self._desk.start_over()
        return echo(action, caused, self._engine.state)

    def _follow(self, before: int, caused: Sequence[Event], now: Monotonic) -> None:
        """The music after a key: held for a pause, elsewhere when another stretch runs, else it goes on."""
        if any(isinstance(event, SegmentStarted) for event in caused):
            self._now_playing.moved_on()
        if any(isinstance(event, Paused) for event in caused):
            self._desk.hold(now)
        elif any(isinstance(event, Resumed | SessionStarted | SessionFinished) for event in caused) or (
            any(isinstance(event, SegmentStarted | TimeAdded) for event in caused) and self._place(now) != before
        ):
            self._desk.cut(now)

    def _take(self, events: Sequence[Event], *, by_key: bool) -> None:
        """Takes in what the engine says; the cues of a key are heard as soon as can be, the player has the others."""
        self._books.take(events)
        self._announcer.take(events, self._parts.sound.heard_from(self._clock()) if by_key else None)
        self._desk.take_cues([event for event in events if isinstance(event, CueDue)], by_key=by_key)
        for event in events:
            self._teller.event(event)

    def _hear(self, news: Sequence[Mixed | SourceFailed], now: Monotonic) -> None:
        for message in news:
            if isinstance(message, SourceFailed):
                self._lose(message.path, message.reason, now)
            else:
                self._note_report(message.report, now)

    def _note_report(self, report: MixerReport, now: Monotonic) -> None:
        placed = self._desk.heard(report)
        at = self._parts.sound.time_of(report.frame)
        match report:
            case CueSounded() | CueMissed() if words := self._announcer.heard(report, at):
                self._teller.said(report, words, at)
            case CueSounded() | CueMissed():
                self._teller.heard(report, at)
            case VoiceStarted() if placed:
                self._parts.playlist.began(placed.place, placed.piece.pick)
                self._tell_track(placed, report.frame)
            case VoiceEnded(early=True, frame=frame) if placed and (placed.span.end or frame) - frame > RATE:
                self._lose(placed.piece.source.path, "shorter than it said", now)

    def _tell_track(self, placed: Placed, frame: Frames) -> None:
        first = self._places.stretch(placed.place).first_index
        running = self._engine.position(self._clock()).segment
        inside = self._places.stretch(self._places.of_segment(running.index)) is self._places.stretch(placed.place)
        segment = running if inside else self._parts.timeline.segments[first]
        self._teller.track(placed.piece.later(placed.position(frame)), segment, self._parts.sound.time_of(frame))

    def _lose(self, path: str, reason: str, now: Monotonic) -> None:
        """A track broke: another takes its place at once."""
        playing = self._desk.is_playing(path, now)
        failed = self._parts.playlist.lose_source(path, reason)
        self._teller.failed(str(failed.path) if failed else path, reason, now)
        if playing:
            self._note = f"{failed.title if failed else Path(path).stem}: {reason}"
            self._desk.cut(now)
        self._dirty = True

    def _look(self, now: Monotonic) -> SessionSnapshot:
        position = self._engine.position(now)
        playing = self._now_playing.look(position, now)
        return replace(
            snapshot_of(position, self._parts.timeline), echo=self._echo,
            sound=_sound_state(self._parts.sound, self._volumes),
            track=playing.track, track_note=playing.note or self._note, track_at_s=playing.at_s,
            next_track=playing.following, rounds_done=self._books.rounds_done,
            can_undo_skip=position.can_undo_skip or self._now_playing.can_undo(now),
        )  # fmt: skip


def _sound_state(sound: Sound, volumes: Volumes) -> SoundState:
    return SoundState(sound.output, sound.reason, volumes.music, volumes.cues, volumes.muted)

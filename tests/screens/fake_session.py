"""A scripted session and its services: no thread, no clock of its own, every moment set by hand.

It answers keys as the real one does where a screen can tell the difference, and notes what was asked of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbd_tui.keymap import Action
from nbd_tui.model.track import Track
from nbd_tui.paths import asset
from nbd_tui.session.actions import Order
from nbd_tui.session.snapshot import Echo, SessionSnapshot, SoundState
from nbd_tui.store.presets import LoadedPreset, load_presets
from nbd_tui.store.records import SessionRecord
from nbd_tui.tui.ports import Services
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Preset

TRACK = Track(path=Path("wolf.flac"), title="Wolf Like Me", artist="TV on the Radio", bpm=138.0)
HOSTILE = Track(
    path=Path("x.mp3"), title="[/foo] \x1b[2J[Remix]\n\u202eevil\u2066", artist="[bold]\udcff日本語 שלום", bpm=128.0
)


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def moment(preset: Preset, index: int, gone_s: float = 0.0) -> SessionSnapshot:
    """The session `gone_s` into phase `index`, with music and sound as they should be."""
    segments = compile_timeline(preset).segments
    segment = segments[index]
    later_s = sum(later.duration_s or 0.0 for later in segments[index + 1 :])
    left_s = None if segment.duration_s is None else segment.duration_s - gone_s
    return SessionSnapshot(
        state=EngineState.RUNNING,
        preset_name=preset.name,
        segments=segments,
        index=index,
        elapsed_s=gone_s,
        remaining_s=left_s,
        duration_s=segment.duration_s,
        total_remaining_s=later_s + (left_s or 0.0),
        open_left=any(later.duration_s is None for later in segments[index:]),
        worked_s=segment.start_s + gone_s,
        paused_s=0.0,
        pause_s=0.0,
        can_undo_skip=False,
        sound=SoundState(output="vlc"),
        track=TRACK,
        rounds_done=sum(earlier.kind is PhaseKind.WORK for earlier in segments[:index]),
    )


@dataclass
class FakeSession:
    """Shows the moment it was given; `actions` and `closed` tell what the screens did with it."""

    preset: Preset
    clock: Callable[[], float]
    now: SessionSnapshot
    actions: list[Action | Order] = field(default_factory=list)
    closed: int = 0
    kept: SessionRecord | None = None
    """What there is for the history."""

    def record(self) -> SessionRecord | None:
        return self.kept

    def snapshot(self) -> SessionSnapshot:
        return self.now

    def send(self, action: Action | Order) -> None:
        self.actions.append(action)
        answer = _ANSWERS.get(action)
        if answer is not None:
            answer(self)

    def pause(self) -> None:
        self.set(state=EngineState.PAUSED, pause_s=0.0)

    def close(self) -> None:
        self.closed += 1

    def go_to(self, index: int, gone_s: float = 0.0, echo: str = "") -> None:
        said = Echo(echo, self.clock()) if echo else None
        self.now = replace(moment(self.preset, index, gone_s), echo=said, can_undo_skip=echo.startswith("skipped"))

    def set(self, **changes: object) -> None:
        self.now = replace(self.now, **changes)  # type: ignore[arg-type]

    def finish(self, *, completed: bool) -> None:
        self.set(state=EngineState.FINISHED, completed=completed)


def _pause(session: FakeSession) -> None:
    paused = session.now.state is EngineState.PAUSED
    session.set(state=EngineState.RUNNING if paused else EngineState.PAUSED, pause_s=0.0)


def _hold(session: FakeSession) -> None:
    session.set(state=EngineState.PAUSED, pause_s=0.0)


def _go_on(session: FakeSession) -> None:
    session.set(state=EngineState.RUNNING, pause_s=0.0)


def _skip(session: FakeSession) -> None:
    index = session.now.index + 1
    session.go_to(index, echo=f"skipped to {session.now.segments[index].kind.value.upper()}")


def _back(session: FakeSession) -> None:
    session.go_to(session.now.index, echo="phase restarted")


def _add(session: FakeSession) -> None:
    left_s = (session.now.remaining_s or 0.0) + 15
    session.set(remaining_s=left_s, duration_s=(session.now.duration_s or 0.0) + 15)
    session.set(echo=Echo(f"+15 s → {int(left_s) // 60}:{int(left_s) % 60:02}", session.clock()))


def _done(session: FakeSession) -> None:
    session.go_to(session.now.index + 1, echo="done")


def _stop(session: FakeSession) -> None:
    session.finish(completed=False)


_ANSWERS: dict[Action | Order, Callable[[FakeSession], None]] = {
    Action.PAUSE: _pause,
    Action.SKIP: _skip,
    Order.HOLD: _hold,
    Order.GO_ON: _go_on,
    Order.MOVE_ON: _skip,
    Action.BACK: _back,
    Action.ADD_TIME: _add,
    Action.DONE: _done,
    Action.STOP: _stop,
}


def builtin_presets() -> tuple[LoadedPreset, ...]:
    """The presets that come with the program."""
    return load_presets(asset("presets") / "none").loaded


def builtin(preset_id: str) -> LoadedPreset:
    return next(loaded for loaded in builtin_presets() if loaded.id == preset_id)


@dataclass
class FakeProgram:
    """Services over fake sessions; `sessions` has every one that was started."""

    clock: FakeClock = field(default_factory=FakeClock)
    sessions: list[FakeSession] = field(default_factory=list)
    starts_at: tuple[int, float] = (0, 0.0)

    def start(self, loaded: LoadedPreset) -> FakeSession:
        session = FakeSession(loaded.preset, self.clock, moment(loaded.preset, *self.starts_at))
        self.sessions.append(session)
        return session

    @property
    def session(self) -> FakeSession:
        return self.sessions[-1]

    def services(self, **changes: object) -> Services:
        plain = Services(
            presets=builtin_presets(),
            start=self.start,
            clock=self.clock,
            library_line=lambda: "1,204 tracks, 37 still to hear",
            sound_line=lambda: "vlc · music 70 · bell 90",
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

"""The workout, as the person at the heavy bag sees it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.keymap import Action
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.snapshot import Echo, SessionSnapshot
from nbd_tui.tui.key_guard import KeyGuard
from nbd_tui.tui.keys import first_key, fitting, hint, screen_bindings
from nbd_tui.tui.messages import WorkoutOver
from nbd_tui.tui.ports import RunningSession, Services
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, broken, fit, left_of, to_ascii
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.tui.widgets.lines import PhaseBar, SplitLine
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.tui.widgets.track_energy import TrackEnergy
from nbd_tui.tui.workout_gloves import WorkoutGloves, beside, smash_words, stop_words
from nbd_tui.tui.workout_layout import workout_layout
from nbd_tui.tui.workout_view import Mood, WorkoutView, echo_text, glance, phase_done, workout_view
from nbd_tui.workout.engine import EngineState

FRAMES_PER_S: Final = 10
"""How often the session is looked at."""

STOP_S: Final[Seconds] = 2.0
"""After so long a session that was told to stop counts as stopped."""

_GUARDED: Final = frozenset({Action.SKIP, Action.BACK, Action.DONE, Action.LIKE, Action.BAN})
_ANSWER_S: Final[tuple[Seconds, ...]] = (0.005,) * 8 + (0.02, 0.04, 0.08)
"""Waits between the looks after a key, until its answer is there: the session has it in a few milliseconds."""


class WorkoutScreen(WorkoutGloves, SizedScreen):
    """Shows the snapshots of one session and hands it the keys. Owns no clock: the session does."""

    SCOPE = "workout"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("workout", {"": "command('{id}')", Action.STOP: "leave", Action.RESTART: "restart"}),
    ]

    def __init__(self, session: RunningSession, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._session = session
        self._services = services
        self._glyphs = glyphs
        self._guard = KeyGuard(services.clock)
        self.stop_keys = self.stop_keys_of(services)
        self._seen: tuple[object, ...] | None = None
        self._echo: Echo | None = None
        """Of the last look."""
        self._mood: Mood | None = None
        self._bar = PhaseBar(glyphs, id="bar")
        self._strip = SessionStrip(glyphs, id="strip")
        self._time = BigTime(glyphs, id="time")
        self._word = Static(id="word", markup=False)
        self._energy = TrackEnergy(services.library, glyphs, id="energy")
        self._too_small = TooSmall(glyphs)
        self._lines = {
            "header": SplitLine(glyphs, id="header", classes="text", right_style="bold"),
            "next": SplitLine(glyphs, id="next", classes="text"),
            "track": SplitLine(glyphs, id="track", classes="text"),
            "echo": SplitLine(glyphs, id="echo", classes="text", left_style="bold reverse"),
            "hints": SplitLine(glyphs, id="hints", classes="text"),
        }
        self._stop_asked_at: Monotonic | None = None
        self._is_over = False

    def compose(self) -> ComposeResult:
        """All parts; which of them show depends on the height."""
        yield self._too_small
        with Vertical(classes="lines"):
            yield self._lines["header"]
        yield self._bar
        yield self._strip
        yield self._time
        yield self._word
        with Vertical(classes="lines"):
            yield self._lines["next"]
            yield self._lines["track"]
            yield self._energy
            yield self._lines["echo"]
            yield self._lines["hints"]

    def on_mount(self) -> None:
        """Looks at the session ten times a second."""
        self.look()
        self.set_interval(1 / FRAMES_PER_S, self.look)

    def fit(self, size: Size) -> None:
        """Gives each part its rows."""
        layout = workout_layout(size.height, energy=self._energy.any_known)
        self._lines["header"].display = layout.header > 0
        self._lines["track"].display = layout.track > 0
        self._lines["hints"].display = layout.hints > 0
        self._energy.display = layout.energy > 0
        self._energy.styles.height = layout.energy
        self._strip.display = layout.strip > 0
        self._strip.styles.height = layout.strip
        self._time.styles.margin = (layout.space, 0)
        self._word.styles.margin = (0, 0, layout.word_space, 0)
        self._seen = None
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Reads the newest snapshot and shows what has changed."""
        if self._is_over:
            return
        snapshot = self._session.snapshot()
        self._echo = snapshot.echo
        if snapshot.state is EngineState.FINISHED or self._has_stopped():
            self._is_over = True
            self.post_message(WorkoutOver(snapshot))
            return
        self._bar.show(phase_done(snapshot))
        now = self._services.clock()
        echo = self.newest_echo(snapshot, echo_text(snapshot, now))
        drop = self._follow_track(snapshot)
        seen = (glance(snapshot, now), echo, drop)
        if seen != self._seen:
            self._seen = seen
            self._strip.show(snapshot.segments, snapshot.index, snapshot.elapsed_s, snapshot.remaining_s)
            view = workout_view(snapshot, now)
            self._show(replace(view, echo=echo, track_note=" · ".join(filter(None, (view.track_note, drop)))))

    @on(TrackEnergy.Known)
    def give_energy_its_row(self) -> None:
        """From the first track on of which something is known."""
        self.fit(self.size)

    def _follow_track(self, snapshot: SessionSnapshot) -> str:
        """Shows where one is in the track; the words for the next drop of it."""
        track, at_s = snapshot.track, snapshot.track_at_s
        self._energy.follow(track.path if track else None, at_s)
        return self._energy.drop_words(at_s)

    def action_command(self, binding_id: str) -> None:
        """Hands a key to the session, unless it is a slip."""
        action = Action(binding_id)
        if action not in _GUARDED or self._guard.allows(action):
            self._session.send(action)
            self.answer_soon()

    def answer_soon(self) -> None:
        """Shows the answer to a key as soon as there is one."""
        self._look_for_answer(self._echo, _ANSWER_S)

    def _look_for_answer(self, before: Echo | None, waits: tuple[Seconds, ...]) -> None:
        self.look()
        if waits and self._echo is before:
            self.set_timer(waits[0], partial(self._look_for_answer, before, waits[1:]))

    def show_gloves(self) -> None:
        """Glove mode was turned."""
        self._seen = None
        self.look()

    def action_leave(self) -> None:
        """Asks, then ends; the workout goes on behind the question."""
        self.app.push_screen(
            ConfirmScreen("End the workout?", "ends", "goes on", gloved=self._services.gloves.on), self._end
        )

    def action_restart(self) -> None:
        """Asks, then begins again: a slip would cost the whole workout."""
        self.app.push_screen(
            ConfirmScreen(
                "Restart the workout?", "restarts", "goes on", leaving=False, gloved=self._services.gloves.on
            ),
            self._restart,
        )

    def _restart(self, confirmed: bool | None) -> None:
        if confirmed:
            self.action_command(Action.RESTART)

    def _end(self, confirmed: bool | None) -> None:
        if confirmed:
            self.end()

    def end(self) -> None:
        """Ends the workout without asking."""
        self._stop_asked_at = self._services.clock()
        self._session.send(Action.STOP)
        self.answer_soon()

    def _has_stopped(self) -> bool:
        asked_at = self._stop_asked_at
        return asked_at is not None and self._services.clock() - asked_at >= STOP_S

    def _show(self, view: WorkoutView) -> None:
        if view.mood is not self._mood:
            self.remove_class(*(f"-{mood.value}" for mood in Mood)).add_class(f"-{view.mood.value}")
            self._mood = view.mood
        self._time.show(view.time, view.widest_time)
        smash = smash_words(view) if self._services.gloves.on else ""
        word = fit(_word_line(view, self._services.keys, gloved=bool(smash)), self.size.width, self._glyphs.ellipsis)
        self._word.update(self._plain(word), layout=False)
        self._too_small.lines = (view.time, view.word, view.echo or view.round, *([smash] if smash else []))
        self._show_lines(view, smash)

    def _show_lines(self, view: WorkoutView, smash: str) -> None:
        following = f"next {self._glyphs.note} {view.next_track}" if view.next_track else ""
        next_line = self._lines["next"]
        next_line.right_style = "bold" if smash else "dim"
        next_line.show(beside(f"next  {view.next}", smash, next_line.size.width), "", smash or following)
        self._lines["header"].show(view.round, view.name, view.left)
        track = f"{self._glyphs.note} {view.track}" if view.track else ""
        track = left_of(track, view.track_note, next_line.size.width, self._glyphs.ellipsis)
        self._lines["track"].show(track, "", view.track_note)
        hints = self._lines["hints"]
        said, more = broken(view.echo, hints.size.width) if hints.display else (view.echo, "")
        self._lines["echo"].show(said, "", view.sound)
        keys, gloved = self._services.keys, self._services.gloves.on
        hints.show(more or fitting(workout_hints(view, keys, gloved=gloved), hints.size.width))

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def _word_line(view: WorkoutView, keys: Mapping[str, str], *, gloved: bool) -> str:
    if view.is_paused:
        return f"{view.word}  ·  {'smash' if gloved else first_key(Action.PAUSE, keys)} to go on"
    note = f"{'smash' if gloved else first_key(Action.DONE, keys)} when done" if view.is_open else view.word_note
    return f"{view.word}   ·   {note}" if note else view.word


def workout_hints(view: WorkoutView, keys: Mapping[str, str], *, gloved: bool = False) -> list[str]:
    """The keys that matter at this moment, those to end and to see all last: they always stay.

    In gloves another line says what a smash does.
    """
    hints = [] if gloved else [hint(Action.PAUSE, "go on" if view.is_paused else "pause", keys)]
    hints += [hint(Action.DONE, "done", keys)] if view.is_open and not gloved else []
    hints += [hint(Action.SKIP, "skip", keys), hint(Action.BACK, "back", keys)]
    hints += [hint(Action.UNDO_SKIP, "undo", keys)] if view.can_undo else []
    hints += [] if view.is_open else [hint((Action.ADD_TIME, Action.REMOVE_TIME), "15 s", keys)]
    hints += [
        hint(Action.OTHER_TRACK, "other", keys),
        hint(Action.LIKE, "like", keys),
        hint(Action.BAN, "ban", keys),
        hint(Action.WHY, "why", keys),
        hint((Action.MUSIC_UP, Action.MUSIC_DOWN), "music", keys),
    ]
    end = stop_words(keys) if gloved else hint(Action.STOP, "end", keys)
    return [*hints, end, hint("app.help", "all keys", keys)]

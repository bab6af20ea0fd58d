"""The plan of a workout before it begins: what will play, why, and another try where it does not please."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState

from nbd_tui.errors import NbdError
from nbd_tui.model.units import Seconds
from nbd_tui.session.planned import Asked, Planned
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.keys import first_key, screen_bindings
from nbd_tui.tui.messages import StartWorkout
from nbd_tui.tui.plan_layout import block_name
from nbd_tui.tui.plan_table import Choices, Shown
from nbd_tui.tui.plan_words import all_words, track_words
from nbd_tui.tui.ports import Services
from nbd_tui.tui.ports_plan import Planner, PlanPort
from nbd_tui.tui.screens.plan_keeping import PlanKeeping
from nbd_tui.tui.screens.plan_why import PlanWhyScreen
from nbd_tui.tui.sound_words import silence_of
from nbd_tui.tui.text import Glyphs, clean

log = logging.getLogger(__name__)

AROUND_S: Final[Seconds] = 4.0
"""So much before a bell and after it is listened to."""
_LOOK_S: Final = 0.25
_MOST_WAITING: Final = 4
_MOST_SEEDS: Final = 8
"""In a small library many of them make the same plan."""

_NO_CHANGE: Final = "rolled again, and nothing changed: the library has too few other tracks that fit"

Wish = Callable[[Shown], tuple[Asked, Choices]]


class PlanScreen(Gloved, PlanKeeping):
    """Every plan is made in a thread; keys pressed meanwhile wait for it, but for Enter, which starts at once."""

    SCOPE = "plan"
    CSS_PATH = "../styles/plan.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("plan", {
            "plan.start": "start", "plan.listen": "listen", "plan.another": "another", "plan.pin": "pin",
            "plan.keep": "keep", "plan.roll": "roll", "plan.why": "why", "plan.undo": "undo", "plan.before": "move(-1)",
            "plan.after": "move(1)", "plan.first": "end(0)", "plan.last": "end(-1)", "plan.back": "back",
        }),
    ]  # fmt: skip

    class Made(Message):
        """A plan, or why there is none."""

        def __init__(self, planned: Planned | None, choices: Choices, version: int, trouble: str = "") -> None:
            super().__init__()
            self.version = version
            """Of the tracks that it is made of."""
            self.planned = planned
            self.choices = choices
            self.trouble = trouble

    def __init__(self, preset: LoadedPreset, port: PlanPort, services: Services, glyphs: Glyphs) -> None:
        """A screen before a workout.

        Args:
            preset: to be planned.
            port: plans and starts it.
            services: everything else that may be used.
            glyphs: what to draw with.
        """
        super().__init__(preset, services, glyphs)
        self._port = port
        self._planner: Planner | None = None
        self._waiting: deque[Wish] = deque()
        self._is_planning = False
        self._version = -1
        """Of the tracks that the last plan was made of."""
        self._listened = ""

    def on_mount(self) -> None:
        """Asks for the first plan."""
        super().on_mount()
        self._is_planning = True
        seed = self._port.seed()
        self._make(Asked(seed), Choices(seed))
        self.set_interval(_LOOK_S, self.look)

    def on_unmount(self) -> None:
        """Nothing is listened to outside, and nothing planned."""
        self._services.preview.stop()
        if self._planner is not None:
            self._planner.close()

    @work(thread=True, exit_on_error=False, group="plan")
    def _make(self, asked: Asked, choices: Choices) -> None:
        version = -1
        try:
            if self._planner is None:
                self._planner = self._port.open(self._preset)
            version = self._planner.version()
            planned = self._planned(self._planner, asked, choices.seed)
            self.post_message(self.Made(planned, replace(choices, seed=planned.seed), version))
        except NbdError as error:
            self.post_message(self.Made(None, choices, version, str(error)))

    @on(Worker.StateChanged)
    def notice_failure(self, event: Worker.StateChanged) -> None:
        """A plan that fails for a reason nobody thought of keeps nobody from training."""
        if event.worker.group == "plan" and event.state is WorkerState.ERROR:
            log.error("no plan could be made", exc_info=event.worker.error)
            self._is_planning = False
            self._waiting.clear()
            start = first_key("plan.start", self._services.keys)
            self._trouble = f"no plan could be made (the log says why); {start} starts without"
            self.show_said()

    def _planned(self, planner: Planner, asked: Asked, seed: int) -> Planned:
        """A plan; where it is to be another one and the first seeds make the same again, by a further one."""
        planned, shown = planner.plan(asked), self._table.shown
        if shown is None or seed == shown.choices.seed:
            return planned
        tried = [planned]
        while not shown.is_rolled(tried[-1], asked) and len(tried) < _MOST_SEEDS:
            tried.append(planner.plan(replace(asked, seed=self._port.seed())))
        return max(tried, key=shown.changes)

    @on(Made)
    def take(self, message: Made) -> None:
        """Shows a plan, and asks for the next one that is wished for."""
        self._is_planning = False
        self._version = message.version
        self._trouble = clean(message.trouble)
        if message.planned is not None:
            self._show_made(message.planned, message.choices)
        self.show_plan()
        if self._waiting:
            self._wish(self._waiting.popleft())

    def _show_made(self, planned: Planned, choices: Choices) -> None:
        before, place = self._table.shown, self._marked
        emptied = before and planned.track_of(place) is None and before.planned.track_of(place) is not None
        if emptied and place in choices.refused and before is not None:
            self._table.show(before.forgiving(place), can_undo=False)
            again = first_key("plan.another", self._services.keys)
            self.say(f"no other track is left for it; {again} begins with the first one again")
            return
        if before is not None:
            self._tell_change(before, planned)
        self._table.show(Shown(planned, choices), can_undo=before is not None)

    def _tell_change(self, before: Shown, planned: Planned) -> None:
        """What another plan has changed."""
        changes = before.changes(planned)
        if before.choices.seed != planned.seed:
            self.say(f"rolled again: {changes} of {len(planned.places)} changed" if changes else _NO_CHANGE)
        elif changes == 1 and self._slot:
            self.say(f"in place of {track_words(self._slot.song.track, self._glyphs)}")

    def look(self) -> None:
        """What changes by itself: tracks are found, what is listened to is over."""
        if not self.is_current:
            return
        if self._planner is not None and not self._is_planning and self._planner.version() != self._version:
            self._wish(Shown.again)
        self.show_said()

    def smash(self, *, second: bool) -> None:
        """Starts."""
        if not second:
            self.action_start()

    def action_start(self) -> None:
        """Starts with exactly what is shown; before anything is, with whatever the session chooses."""
        shown = self._table.shown
        self.post_message(StartWorkout(self._preset, shown.planned.script if shown else None))

    def action_back(self) -> None:
        """Back, without a workout."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Ends the program; there is nothing to lose."""
        self.app.exit(0)

    def action_move(self, places: int) -> None:
        """Marks the place before or after."""
        self._mark(self._marked + places)

    def action_end(self, place: int) -> None:
        """Marks the first or the last place."""
        self._mark(place % max(1, self._places))

    def action_roll(self) -> None:
        """Another plan, but for what is kept."""
        seed = self._port.seed()
        self._wish(lambda shown: shown.again(seed))

    def action_another(self) -> None:
        """The next best track for the marked place."""
        place = self._marked
        self._wish(lambda shown: shown.another(place))

    def action_pin(self) -> None:
        """Pins the marked track to its place, or lets it go."""
        shown = self._table.shown
        if shown is None or shown.planned.track_of(self._marked) is None:
            self.say("there is no track to pin")
            return
        turned = shown.turned(self._marked)
        self._table.show(turned)
        is_pinned = self._marked in turned.choices.pinned
        keep = first_key("plan.keep", self._services.keys)
        self.say(f"pinned, whatever is rolled; {keep} keeps it in the preset" if is_pinned else "not pinned any more")
        self.show_marked()

    def action_undo(self) -> None:
        """Goes a step back."""
        if self.take_back_kept():
            return
        if self._is_planning or not self._table.undo():
            self.say("nothing to undo")
            return
        self.say("undone")
        self.show_plan()

    def action_why(self) -> None:
        """Everything about the marked place, and all warnings."""
        if (shown := self._table.shown) is not None and shown.planned.places:
            lines = tuple(all_words(shown.planned, self._marked, self._glyphs))
            name = block_name(shown.planned, self._marked)
            self.app.push_screen(PlanWhyScreen(name, lines, shown.planned.warnings, self._glyphs))

    def action_listen(self) -> None:
        """Plays what is heard around the bell of the marked place, or stops."""
        preview, slot = self._services.preview, self._slot
        if preview.state().path is not None:
            preview.stop()
            self.say("stopped")
        elif slot is None:
            self.say("there is nothing to listen to")
        else:
            self._listened = track_words(slot.song.track, self._glyphs)
            bell_s = slot.landing.at_s if slot.landing else slot.in_s
            from_s = max(slot.in_s, bell_s - AROUND_S)
            until_s = from_s + 2 * AROUND_S
            preview.play(slot.song.path, from_s, until_s=until_s, bell_s=bell_s if slot.landing else None)
            self.say("")

    def state_words(self) -> str:
        """What is listened to, else what is going on."""
        state = self._services.preview.state()
        if state.problem:
            return f"it cannot be heard: {clean(state.problem)}"
        if state.path is None:
            return super().state_words()
        silence = silence_of(self._services.sound_line())
        listening = f"listening to {self._listened}{f' ({silence})' if silence else ''}"
        return listening if state.is_playing else f"opening {self._glyphs.ellipsis}"

    @property
    def _slot(self) -> Slot | None:
        """The track that the marked place begins with."""
        shown = self._table.shown
        slots = shown.planned.slots_of(self._marked) if shown else ()
        return slots[0] if slots else None

    @property
    def _places(self) -> int:
        return len(self._table.shown.planned.places) if self._table.shown else 0

    def _mark(self, place: int) -> None:
        self._marked = max(0, min(place, self._places - 1))
        self.show_marked()

    def _wish(self, wish: Wish) -> None:
        """Asks for another plan, after the one that is being made."""
        if self._is_planning:
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.append(wish)
        elif self._table.shown is not None:
            self._is_planning = True
            self._make(*wish(self._table.shown))

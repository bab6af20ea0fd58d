"""A session that was interrupted: go on with it, keep it as it is, or drop it."""

import logging
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from nbd_tui.errors import NbdError
from nbd_tui.session.kept import Interruption
from nbd_tui.tui.gloved import Gloved
from nbd_tui.tui.keys import hint, screen_bindings
from nbd_tui.tui.messages import InterruptedDone, ResumeWorkout
from nbd_tui.tui.ports import Services
from nbd_tui.tui.ports_interrupted import InterruptedSessions
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.text import Glyphs, clean, clock, to_ascii
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.workout.phase import PhaseKind

log = logging.getLogger(__name__)


class InterruptedScreen(Gloved, SizedScreen):
    """Shows where one session after the other stopped, and asks what is to become of it. Nothing happens by itself."""

    SCOPE = "interrupted"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings(
            "interrupted",
            {
                "interrupted.resume": "resume",
                "interrupted.file": "file",
                "interrupted.drop": "drop",
                "interrupted.later": "leave",
            },
        )
    ]

    def __init__(
        self, sessions: InterruptedSessions, found: tuple[Interruption, ...], services: Services, glyphs: Glyphs
    ) -> None:
        super().__init__()
        self._sessions = sessions
        self._found = list(found)
        self._services = services
        self._glyphs = glyphs
        self._busy = False

    def compose(self) -> ComposeResult:
        """What and when, where in big digits, what it had come to, and the choices."""
        yield TooSmall(self._glyphs)
        yield Static(id="name", markup=False)
        yield Static(id="when", markup=False)
        yield SessionStrip(self._glyphs, id="strip")
        yield BigTime(self._glyphs, id="time")
        yield Static(id="word", markup=False)
        yield Static(id="totals")
        yield Static(id="trouble", markup=False)
        yield Static(id="hints", markup=False)

    def on_mount(self) -> None:
        """Shows the newest."""
        self._show()

    def fit(self, size: Size) -> None:
        """The picture of the session needs some height."""
        strip = self.query_one(SessionStrip)
        strip.display = size.height >= 18
        strip.styles.height = 3
        self.call_after_refresh(self._mark)

    def smash(self, *, second: bool) -> None:
        """Goes on with it, once."""
        if not second:
            self.action_resume()

    def say(self, words: str) -> None:
        """Answers a key."""
        self.query_one("#trouble", Static).update(self._plain(words))

    def action_resume(self) -> None:
        """Goes on with it."""
        if self._found and not self._busy and self._found[0].can_resume:
            self.post_message(ResumeWorkout(self._found[0]))

    def action_file(self) -> None:
        """Keeps it in the history, as interrupted."""
        if self._found and not self._busy:
            self._settle(self._found[0], partial(self._sessions.file, self._found[0]))

    def action_drop(self) -> None:
        """Asks, then forgets it: nothing could bring it back."""
        if self._found and not self._busy:
            question = ConfirmScreen("Forget this session?", "forgets it", "keeps it", leaving=False)
            self.app.push_screen(question, partial(self._drop, self._found[0]))

    def action_leave(self) -> None:
        """Leaves it for the next start."""
        if not self._busy:
            self.post_message(InterruptedDone())

    def _drop(self, found: Interruption, confirmed: bool | None) -> None:
        if confirmed:
            self._settle(found, partial(self._sessions.drop, found))

    def _settle(self, found: Interruption, step: Callable[[], None]) -> None:
        """Does what waits for the disk, in a thread; then the next one is shown."""
        self._busy = True

        def settle() -> None:
            trouble = ""
            try:
                step()
            except NbdError as error:
                trouble = getattr(error, "message", str(error))
            except Exception:  # the boundary of this thread: the screen can still be left
                log.exception("an interrupted session could not be settled")
                trouble = "an error, see the log"
            self.app.call_from_thread(self._settled, found, trouble)

        self.run_worker(settle, thread=True, exit_on_error=False)

    def _settled(self, found: Interruption, trouble: str) -> None:
        self._busy = False
        self.query_one("#trouble", Static).update(self._plain(clean(trouble)))
        if trouble:
            return
        self._found.remove(found)
        if self._found:
            self._show()
        else:
            self.post_message(InterruptedDone())

    def _show(self) -> None:
        found = self._found[0]
        self.query_one("#name", Static).update(self._plain(clean(found.preset.preset.name)))
        more = f"   ({len(self._found) - 1} more)" if len(self._found) > 1 else ""
        self.query_one("#when", Static).update(self._plain(f"interrupted {found.when(self._sessions.now)}{more}"))
        at = found.last.at
        time = self.query_one(BigTime)
        time.time = clock(int(at.elapsed_s)) if found.remaining_s is None else clock(-int(-found.remaining_s // 1))
        time.widest = clock(int(found.segment.duration_s or 0)) if found.segment.duration_s else time.time
        word = "into" if found.remaining_s is None else "left in"
        name = clean(found.segment.label) if found.segment.kind is PhaseKind.WORK else found.segment.kind.value
        self.query_one("#word", Static).update(self._plain(f"{word} {name.upper()}"))
        self.query_one(TooSmall).lines = (time.time, name, "interrupted")
        self.query_one("#totals", Static).update(_totals(found))
        self.query_one("#hints", Static).update(self._plain("  ".join(self._hints(found))))
        self.call_after_refresh(self._mark)

    def _hints(self, found: Interruption) -> list[str]:
        keys = self._services.keys
        hints = [hint("interrupted.resume", "go on", keys)] if found.can_resume else []
        hints += [hint("interrupted.file", "keep as it is", keys), hint("interrupted.drop", "drop", keys)]
        return [*hints, hint("interrupted.later", "later", keys)]

    def _mark(self) -> None:
        if self._found:
            found = self._found[0]
            place = found.segment.index, found.last.at.elapsed_s, found.remaining_s
            self.query_one(SessionStrip).show(found.timeline.segments, *place)

    def _plain(self, text: str) -> str:
        return to_ascii(text) if self._glyphs.ascii_only else text


def _totals(found: Interruption) -> Content:
    rounds = sum(segment.kind is PhaseKind.WORK for segment in found.timeline.segments)
    heard = len(found.last.heard)
    totals = [
        ("rounds", f"{len(found.last.at.done)} of {rounds}" if rounds else ""),
        ("workout", clock(int(found.last.at.worked_s))),
        ("tracks", str(heard) if heard else ""),
    ]
    parts = [Content.assemble((f"{name} ", "dim"), (value, "bold")) for name, value in totals if value]
    return Content("   ").join(parts)

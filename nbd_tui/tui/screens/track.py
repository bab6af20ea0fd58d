"""One track: what is heard in it, as a picture to move in, to listen to and to correct."""

import asyncio
from concurrent.futures import Future
from typing import ClassVar, Final

from textual import on, work
from textual.binding import BindingType
from textual.message import Message

from nbd_tui.errors import NbdError
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.units import Monotonic
from nbd_tui.tui.drop_edit import DropAnswer, added, moved, removed
from nbd_tui.tui.energy_layout import closest_s, whole, zoomed
from nbd_tui.tui.keys import first_key, quit_bindings, screen_bindings
from nbd_tui.tui.listening import before_drop, next_drop
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.track_display import TrackDisplay
from nbd_tui.tui.seeking import Step, sought
from nbd_tui.tui.tempo_edit import TempoAnswer
from nbd_tui.tui.tempo_keys import TempoSubject
from nbd_tui.tui.text import Glyphs, clean, clock
from nbd_tui.tui.track_editor import Change, TrackEditor
from nbd_tui.tui.track_view import window_words

FRAMES_PER_S: Final = 10
NOT_HEARD: Final = "it has not been analysed: there is nothing to change yet"


class TrackScreen(TrackDisplay):
    """Reads what is known of one track in a thread; every change is shown at once and written in the background."""

    SCOPE = "track"
    CSS_PATH = "../styles/track.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings(
            "track",
            {
                "track.listen": "listen",
                "track.drop": "listen_to_drop",
                "track.beat_back": f"seek('{Step.BEAT}', -1)",
                "track.beat_on": f"seek('{Step.BEAT}', 1)",
                "track.bar_back": f"seek('{Step.BAR}', -1)",
                "track.bar_on": f"seek('{Step.BAR}', 1)",
                "track.section_back": f"seek('{Step.SECTION}', -1)",
                "track.section_on": f"seek('{Step.SECTION}', 1)",
                "track.start": "go_to_start",
                "track.end": "go_to_end",
                "track.closer": "zoom(True)",
                "track.wider": "zoom(False)",
                "track.double": "double_tempo",
                "track.halve": "halve_tempo",
                "track.tap": "tap_tempo",
                "track.type": "type_tempo",
                "track.move_drop": "move_drop",
                "track.add_drop": "add_drop",
                "track.remove_drop": "remove_drop",
                "track.as_heard": "as_heard",
                "track.like": f"judge('{Opinion.LIKED}')",
                "track.ban": f"judge('{Opinion.BANNED}')",
                "track.undo": "undo",
                "track.back": "back",
            },
            before_fields={"track.type"},
        ),
        *quit_bindings(),
    ]

    class Known(Message):
        """What is known of the track, or why that cannot be read."""

        def __init__(self, hearing: Hearing | None, correction: Correction, trouble: str = "") -> None:
            super().__init__()
            self.hearing = hearing
            self.correction = correction
            self.trouble = trouble

    def __init__(self, row: LibraryRow, services: Services, glyphs: Glyphs) -> None:
        super().__init__(row, services, glyphs)
        self._version = services.library.version()

    def on_mount(self) -> None:
        """Begins to read, and follows what is heard."""
        self.show_track()
        self.read()
        self.set_interval(1 / FRAMES_PER_S, self.look)

    def on_unmount(self) -> None:
        """Nobody listens any more."""
        if self._head.is_listening:
            self._head.stop()

    @work(thread=True, exclusive=True, exit_on_error=False, group="read")
    def read(self) -> None:
        """Reads what is known of the track."""
        library, path = self._services.library, self._editor.row.path
        try:
            self.post_message(self.Known(library.hearing(path), library.correction(path)))
        except NbdError as error:
            self.post_message(self.Known(None, Correction(), clean(str(error))))

    @on(Known)
    def take_known(self, message: Known) -> None:
        """Shows it. What the user said here meanwhile stays."""
        before, self._reading, self._trouble = self._editor, False, message.trouble
        said = before.said if before.past else before.said._replace(correction=message.correction)
        if message.trouble:
            said = before.said
        self._editor = TrackEditor(before.row, message.hearing or before.hearing, said, before.past)
        self.show_track()

    def look(self) -> None:
        """Follows the music, and an analysis that comes to this track."""
        if not self.is_current:
            return
        self._head.look()
        if (version := self._services.library.version()) != self._version:
            self._version = version
            if self._editor.hearing is None:
                self.read()
        self.show_place()

    def now(self) -> Monotonic:
        """The time of a tap."""
        return self._services.clock()

    def tempo_subject(self) -> TempoSubject | None:
        """This track, once it was read."""
        editor = self._editor
        heard_bpm = editor.hearing.bpm if editor.hearing and editor.hearing.is_steady else None
        return None if self._reading else TempoSubject(editor.row.path, editor.bpm, heard_bpm)

    def take_tempo(self, subject: TempoSubject, answer: TempoAnswer) -> None:  # noqa: ARG002 - there is one track
        """Another tempo."""
        self._make(self._editor.with_tempo(answer))

    def action_listen(self) -> None:
        """Listens from here, or stops."""
        self._head.toggle(self._editor.found.duration_s)
        self.show_place()

    def action_listen_to_drop(self) -> None:
        """Listens from before the next drop."""
        found = self._editor.found
        if (drop := next_drop(found, self._head.at_s)) is None:
            self.say("no drop to listen to: a sets one here")
            return
        self.say(f"to the drop at {clock(int(drop.at_s))}")
        self._head.listen(before_drop(found, drop.at_s))
        self.show_place()

    def action_seek(self, step: str, count: int) -> None:
        """A beat, a bar or a section on or back."""
        self._head.seek(sought(self._editor.found, self._head.at_s, Step(step), count))
        self.show_place()

    def action_go_to_start(self) -> None:
        """To the beginning."""
        self._head.seek(0.0)
        self.show_place()

    def action_go_to_end(self) -> None:
        """To the last beat."""
        found = self._editor.found
        self._head.seek(sought(found, found.duration_s, Step.BAR, -1))
        self.show_place()

    def action_zoom(self, closer: bool) -> None:
        """Half as much of the track in the picture, or twice as much."""
        found = self._editor.found
        if self._editor.hearing is None:
            return
        window = self._window or whole(found.duration_s)
        least_s = closest_s(self._editor.bpm)
        new = zoomed(window, found.duration_s, self._head.at_s, least_s, closer=closer)
        self._window = None if new == whole(found.duration_s) else new
        self.show_place()
        self.say(window_words(self._window, self._editor.bpm, self._editor.beats_per_bar))

    def action_move_drop(self) -> None:
        """The nearest drop comes here."""
        self._change_drops(moved(self._editor.found, self._head.at_s))

    def action_add_drop(self) -> None:
        """There is a drop here."""
        self._change_drops(added(self._editor.found, self._head.at_s))

    def action_remove_drop(self) -> None:
        """The nearest drop is none."""
        self._change_drops(removed(self._editor.found, self._head.at_s))

    def action_as_heard(self) -> None:
        """Takes all corrections back at once."""
        self.leave_taps()
        change = self._editor.as_heard()
        if change is None:
            self.say("nothing was corrected")
        self._make(change)

    def action_judge(self, opinion: str) -> None:
        """Liked, or kept out."""
        self._make(self._editor.judged(Opinion(opinion)))

    def action_undo(self) -> None:
        """Takes the last change back."""
        self.finish_taps()
        if (before := self._editor.before()) is None:
            self.say("nothing to undo")
        else:
            editor, words = before
            self._turn_to(editor, words)

    def action_back(self) -> None:
        """Forgets what is being tapped, else goes back."""
        if self.leave_taps():
            self.say("tempo left as it was")
        else:
            self.app.pop_screen()

    def action_leave(self) -> None:
        """Ends the program; all that was said is being written."""
        self.app.exit(0)

    def _change_drops(self, answer: DropAnswer) -> None:
        if self._editor.hearing is None:
            self.say(NOT_HEARD)
        elif answer.drops_s is None:
            self.say(answer.words)
        else:
            self._make(self._editor.with_drops(answer))

    def _make(self, change: Change | None) -> None:
        if change is not None and not self._reading:
            undo = first_key("track.undo", self._services.keys)
            self._turn_to(self._editor.after(change), f"{change.words} {self._glyphs.dot} {undo} takes it back")

    def _turn_to(self, editor: TrackEditor, words: str) -> None:
        """Shows another state of what is said, and has it written."""
        before, self._editor = self._editor.said, editor
        library, path = self._services.library, editor.row.path
        if editor.said.correction != before.correction:
            self._tell_when_written(library.correct(path, editor.said.correction))
        if editor.said.opinion is not before.opinion:
            self._tell_when_written(library.judge(path, editor.said.opinion))
        self.show_track()
        self.say(words)

    @work(group="keep")
    async def _tell_when_written(self, writing: "Future[None]") -> None:
        """Waits for it; leaving the screen does not undo it."""
        try:
            await asyncio.shield(asyncio.wrap_future(writing))
            self._trouble = ""
        except NbdError as error:
            self._trouble = f"not kept: {clean(str(error))}"
        if self.is_open:
            self.show_said()

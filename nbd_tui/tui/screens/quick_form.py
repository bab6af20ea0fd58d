"""The quick form: a workout from a few numbers, with its picture and what was understood beside each field."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Size
from textual.widgets import Input, Static

from nbd_tui.errors import UserError
from nbd_tui.keymap import keys_of
from nbd_tui.keynames import key_label, types_text
from nbd_tui.store.preset_files import PresetChangedError
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import first_key, fitting, hint, screen_bindings
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import reason_of, rounds_of, sum_text
from nbd_tui.tui.screens.confirm import ConfirmScreen
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.shelf_desk import ShelfDesk
from nbd_tui.tui.text import Glyphs, clean, to_ascii
from nbd_tui.tui.widgets.lines import SplitLine
from nbd_tui.tui.widgets.session_strip import SessionStrip
from nbd_tui.tui.widgets.text_field import TextField
from nbd_tui.tui.widgets.too_small import TooSmall
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.quick import QuickForm, suggested_name
from nbd_tui.workout.quick_text import HELP, Draft, Note, QuickField, Reading, draft_of, read_draft

_APART_ROWS: Final = 18
"""From this height on there is room between the picture and the fields."""

_NARROW_COLUMNS: Final = 54
"""Below this width the fields are shorter, so that what was understood has room."""

_ROOMY_ROWS: Final = 34
"""From this height on the fields stand apart."""


class Saved(Protocol):
    """What happens when the form is done."""

    def __call__(self, loaded: LoadedPreset, *, start: bool) -> None:
        """Takes the preset as it was saved."""


class FieldRow(Horizontal):
    """A field: its name, its text, and what was understood."""

    def __init__(self, field: QuickField, text: str, glyphs: Glyphs) -> None:
        super().__init__(classes="wide" if field is QuickField.NAME else "")
        self.field = field
        self._text = text
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Side by side."""
        yield Static(self.field.value, classes="label", markup=False)
        yield TextField(self._text)
        yield Static(classes="note", markup=False)

    @property
    def input(self) -> TextField:
        """Where one types."""
        return self.query_one(TextField)

    def show(self, note: Note) -> None:
        """Says what was understood; what was not is marked by a sign as well as by colour."""
        words = clean(f"! {note.text}" if note.wrong else note.text)
        self.query_one(".note", Static).update(to_ascii(words) if self._glyphs.ascii_only else words)
        self.set_class(note.wrong, "-wrong")


class _Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Leaves the arrows to the screen."""


class QuickFormScreen(SizedScreen):
    """Makes a preset, or changes one that has a form; one that comes with the program is changed as a copy."""

    SCOPE = "form"
    CSS_PATH = "../styles/quick_form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *screen_bindings("form", {"form.save": "save(False)", "form.start": "save(True)", "form.back": "leave"}),
        # Before the field sees them: what is typed next belongs to the next field, however fast it comes.
        Binding("up,shift+tab", "move(-1)", "another field", show=False, priority=True),
        Binding("down,tab,enter", "move(1)", "another field", show=False, priority=True),
    ]

    def __init__(
        self,
        services: Services,
        desk: ShelfDesk,
        glyphs: Glyphs,
        *,
        form: QuickForm,
        loaded: LoadedPreset | None,
        saved: Saved,
    ) -> None:
        """A form.

        Args:
            services: For the keys.
            desk: What saves.
            glyphs: What to draw with.
            form: What it shows at first.
            loaded: The preset that is changed or copied; None: a new one is made.
            saved: Called when it was saved, after the screen is gone.
        """
        super().__init__()
        self._services = services
        self._desk = desk
        self._glyphs = glyphs
        self._loaded = loaded
        self._as_copy = loaded is not None and loaded.builtin
        self._saved = saved
        self._busy = False
        self._echo = ""
        self._draft: Draft = draft_of(replace(form, name="") if form.name == suggested_name(form) else form)
        self._first = self._draft
        self._reading = self._read()

    def compose(self) -> ComposeResult:
        """Title and total, the picture, the fields, an answering line, keys."""
        yield TooSmall(self._glyphs)
        yield SplitLine(self._glyphs, id="title", right_style="")
        yield SessionStrip(self._glyphs, id="strip")
        with _Fields(id="fields"):
            for field in QuickField:
                yield FieldRow(field, self._draft[field], self._glyphs)
        yield SplitLine(self._glyphs, id="echo")
        yield SplitLine(self._glyphs, id="hints")

    def on_mount(self) -> None:
        """Begins at the first field."""
        self.query_one(TooSmall).lines = ("NEVER BACK DOWN",)
        self._show()
        self._rows()[0].input.focus()

    def fit(self, size: Size) -> None:
        """Room between the fields where there is some."""
        self.query_one("#strip").styles.height = max(1, min(10, size.height // 7))
        fields = self.query_one("#fields")
        fields.set_class(size.height >= _ROOMY_ROWS, "-roomy")
        fields.set_class(size.height >= _APART_ROWS, "-apart")
        fields.set_class(size.width < _NARROW_COLUMNS, "-narrow")
        keys = self._services.keys
        hints = [hint("form.save", "save", keys), hint("form.start", "save and start", keys), "↑ ↓ field"]
        hints += [f"{_help_key(keys)} all keys", hint("form.back", "back", keys)]
        self.query_one("#hints", SplitLine).show(fitting(hints, size.width - 2))

    @on(Input.Changed)
    def read(self, event: Input.Changed) -> None:
        """Understands anew with every character."""
        row = event.input.parent
        if isinstance(row, FieldRow):
            self._take({**self._draft, row.field: event.value})

    def _take(self, draft: Draft) -> None:
        if draft != self._draft:
            self._draft = draft
            self._reading = self._read()
            self._echo = ""
            self._show()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Marks the field, and says what it takes."""
        event.widget.scroll_visible(animate=False)
        for row in self._rows():
            row.set_class(row is event.widget.parent, "-here")
        self._show_help()

    def action_move(self, step: int) -> None:
        """To the next field, or the one before."""
        rows = self._rows()
        place = next((place for place, row in enumerate(rows) if row.input is self.focused), 0)
        self.set_focus(rows[max(0, min(len(rows) - 1, place + step))].input)

    def action_save(self, start: bool) -> None:
        """Saves, unless something is wrong: then goes there."""
        self._take({row.field: row.input.value for row in self._rows()})
        preset = self._reading.preset
        if preset is None:
            self.say(self._reading.complaint)
            wrong = [row for row in self._rows() if self._reading.notes[row.field].wrong]
            if wrong:
                wrong[0].input.focus()
        elif not self._busy:
            self._busy = True
            in_background(self, partial(self._save, preset, start=start))

    def action_leave(self) -> None:
        """Back; asks where something would be lost."""
        self._take({row.field: row.input.value for row in self._rows()})
        if self._draft == self._first:
            self.dismiss(None)
        else:
            self.app.push_screen(ConfirmScreen("Leave without saving?", "leaves", "goes on"), self._leave)

    def _leave(self, leaves: bool | None) -> None:
        if leaves:
            self.dismiss(None)

    async def _save(self, preset: Preset, *, start: bool) -> None:
        try:
            loaded = await self._desk.do(lambda: self._kept(preset))
        except PresetChangedError as error:
            self._as_copy = True
            self.say(
                f"{reason_of(error)} · {first_key('form.save', self._services.keys)} again saves this as a new one"
            )
        except UserError as error:
            self.say(reason_of(error))
        else:
            self.dismiss(None)
            self._saved(loaded, start=start)
        finally:
            self._busy = False

    def _kept(self, preset: Preset) -> LoadedPreset:
        """Writes it, and only what is new; in a thread."""
        shelf, loaded = self._desk.shelf, self._loaded
        if loaded is None:
            return shelf.save(preset)
        if not self._as_copy:
            return loaded if preset == loaded.preset else shelf.update(loaded, preset)
        return shelf.copy(loaded, preset)

    def _read(self) -> Reading:
        return read_draft(self._draft, self._loaded.preset if self._loaded is not None else None)

    def _rows(self) -> list[FieldRow]:
        return list(self.query(FieldRow))

    def _show(self) -> None:
        for row in self._rows():
            row.show(self._reading.notes[row.field])
            if row.field is QuickField.NAME:
                row.input.placeholder = to_ascii(self._reading.name) if self._glyphs.ascii_only else self._reading.name
        preset = self._reading.preset
        total = "not a workout yet"
        if preset is not None:
            timeline = compile_timeline(preset)
            self.query_one(SessionStrip).segments = timeline.segments
            total = f"{sum_text(timeline.total_s, has_open=timeline.has_open)} · {rounds_of(timeline)}"
        self.query_one("#title", SplitLine).show(self._title(), "", total)
        self._show_help()

    def _title(self) -> str:
        if self._loaded is None:
            return "NEW PRESET"
        name = clean(self._loaded.preset.name)
        return f"COPY OF {name} (built in)" if self._loaded.builtin else f"EDIT {name}"

    def say(self, words: str) -> None:
        """Answers a key."""
        self._echo = words
        self._show_help()

    def _show_help(self) -> None:
        """The answer to the last key; else what is wrong; else what the field takes."""
        row = next((row for row in self._rows() if row.input is self.focused), None)
        note = self._reading.notes[row.field] if row is not None else Note("")
        words = self._echo or (note.text if note.wrong else self._reading.problem)
        advice = f"{row.field.value}: {HELP[row.field]}" if row is not None else ""
        self.query_one("#echo", SplitLine).show(clean(f"! {words}" if words else advice))


def _help_key(remapped: Mapping[str, str]) -> str:
    """The key for help that is not typed into a field."""
    keys = keys_of("app.help", remapped)
    return key_label(next((key for key in keys if not types_text(key)), keys[0]))

"""One preset in words and as a picture: name, length, the strip of its phases, totals by kind."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nbd_tui.tui.preset_view import PresetView
from nbd_tui.tui.text import Glyphs, clean, pad, to_ascii
from nbd_tui.tui.widgets.session_strip import SessionStrip


class PresetPicture(Vertical):
    """The right half of Home."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """From what matters most to what may be cut off."""
        yield Static(id="name", markup=False)
        yield Static(id="facts", markup=False)
        yield Static(id="past", markup=False)
        yield SessionStrip(self._glyphs, id="strip")
        yield Static(id="totals")
        yield Static(id="description", markup=False)

    def show(self, view: PresetView, past: str) -> None:
        """Pictures a preset; `past` says when it was done last."""
        self._set("name", view.name)
        self._set("facts", view.facts)
        self.show_past(past)
        self.query_one(SessionStrip).segments = view.timeline.segments
        self.query_one("#totals", Static).update(_totals(view))
        warnings = "\n".join(f"! {clean(warning)}" for warning in view.loaded.warnings)
        self._set("description", "\n\n".join(part for part in (view.description, warnings) if part))

    def show_past(self, past: str) -> None:
        """Says when the preset was done last; the line is there before it is known."""
        self._set("past", past)

    def show_nothing(self, words: str, advice: str) -> None:
        """For a list without a preset: what is the matter, and what to do."""
        for part, text in (("name", words), ("facts", advice), ("past", ""), ("description", "")):
            self._set(part, text)
        self.query_one(SessionStrip).segments = ()
        self.query_one("#totals", Static).update("")

    def _set(self, part: str, text: str) -> None:
        self.query_one(f"#{part}", Static).update(to_ascii(text) if self._glyphs.ascii_only else text)


def _totals(view: PresetView) -> Content:
    """Kinds with their number and length, each in its colour."""
    rows = [
        Content.assemble(
            (pad(total.kind.value, 11), f"$phase-{total.kind.value}"),
            f"{total.length:>8}",
            (f" {total.count:>4}x", "dim"),
        )
        for total in view.totals
    ]
    return Content("\n").join(rows)

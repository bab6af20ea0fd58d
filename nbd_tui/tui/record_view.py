"""What the summary and the history say of a session: words and numbers, no widgets. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.cells import cell_len

from nbd_tui.model.units import Seconds
from nbd_tui.store.records import HeardTrack, Outcome, SessionRecord, SessionRow, Verdict
from nbd_tui.tui.text import Glyphs, clean, clock, fit, pad, to_ascii
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

VERDICT_WORDS: Final = {Verdict.STILL_HITS: "still hits", Verdict.FINE: "fine", Verdict.NOT_AGAIN: "not again"}
JUDGED_WORDS: Final[Mapping[Verdict | None, str]] = {
    Verdict.STILL_HITS: "still hits, liked",
    Verdict.FINE: "fine",
    Verdict.NOT_AGAIN: "not again, kept out",
    None: "no verdict any more",
}
"""What the answer to a verdict says."""
VERDICT_TONES: Final = {Verdict.STILL_HITS: "good", Verdict.FINE: "", Verdict.NOT_AGAIN: "bad"}
OUTCOME_TONES: Final = {Outcome.COMPLETED: "good", Outcome.STOPPED: "warn", Outcome.INTERRUPTED: "bad"}

EFFORT_WORDS: Final = (
    "", "very easy", "easy", "moderate", "somewhat hard", "hard", "hard", "very hard", "very hard", "nearly all out",
    "all out",
)  # fmt: skip
"""By effort, after the scale of Foster's session RPE."""

Parts = tuple[tuple[str, str], ...]
"""Texts with their tones, see `LineParts`."""

_LENGTH: Final = 7
"""Cells of a length of time: `1:05:00`."""
_VERDICT: Final = 10

_COLUMNS: Final[Mapping[str, int]] = {
    "date": 10, "preset": 0, "planned": _LENGTH, "done": _LENGTH, "outcome": 11, "rounds": 6, "effort": 6, "tracks": 6,
}  # fmt: skip
"""Of the history's table, with their cells; the preset gets what is left."""
_DROPPED: Final = ("effort", "rounds", "tracks", "planned", "outcome")
"""What a narrow window does without, in this order."""
_LEAST_NAME: Final = 13
_WITH_TIME: Final = 90
"""Cells from which on the hour is shown as well."""
_WITH_LONG_DAY: Final = 78
_LEFT: Final = frozenset({"date", "preset", "outcome"})


def track_parts(track: HeardTrack, width: int, glyphs: Glyphs) -> Parts:
    """A track heard: name, how long, verdict; texts of files made harmless."""
    name = " · ".join(part for part in (clean(track.title) or "?", clean(track.artist)) if part)
    length = f"{clock(int(track.heard_s)):>{_LENGTH}}  "
    room = width - len(length) - _VERDICT
    verdict = VERDICT_WORDS[track.verdict] if track.verdict else glyphs.dash
    tone = VERDICT_TONES[track.verdict] if track.verdict else "dim"
    return ((pad(_plain(name, glyphs), room, glyphs.ellipsis), ""), (length, "dim"), (pad(verdict, _VERDICT), tone))


def effort_parts(effort: int | None) -> Parts:
    """The scale with the chosen number in brackets, and what it means."""
    numbers = "".join(f"[{n}]" if n == effort else f" {n} " for n in range(1, 11))
    before, chosen, after = numbers.partition(f"[{effort}]") if effort else (numbers, "", "")
    return (("effort ", ""), (before, ""), (chosen, "strong"), (after, ""), (f"  {EFFORT_WORDS[effort or 0]}", ""))


def kind_items(totals: Mapping[PhaseKind, Seconds]) -> list[tuple[PhaseKind, str]]:
    """Kinds of phases in the order of a workout, with the time spent in them."""
    return [(kind, clock(int(totals[kind]))) for kind in PhaseKind if int(totals.get(kind, 0))]


def packed(widths: Sequence[int], width: int, gap: int = 3) -> list[list[int]]:
    """Which items come together on a line of `width` cells, by their places."""
    lines: list[list[int]] = []
    used = 0
    for place, cells in enumerate(widths):
        if lines and used + gap + cells <= width:
            lines[-1].append(place)
            used += gap + cells
        else:
            lines.append([place])
            used = cells
    return lines


def drawn_totals(totals: Mapping[PhaseKind, Seconds]) -> tuple[Segment, ...]:
    """Totals as phases, for a strip to scale."""
    spent = [(kind, totals[kind]) for kind in PhaseKind if totals.get(kind, 0) > 0]
    return tuple(Segment(place, kind, kind.value, 0.0, length) for place, (kind, length) in enumerate(spent))


def when(record: SessionRecord, width: int) -> str:
    """The day and the hour, in the local time of then, beside something else on a line of `width` cells."""
    return f"{record.began:%A %d %B %Y, %H:%M}" if width >= _WITH_LONG_DAY else f"{record.began:%a %d %b %Y, %H:%M}"


def named(record: SessionRecord, width: int, glyphs: Glyphs) -> tuple[str, str]:
    """Name and outcome for the left end of a line, the day for the right one; a long name leaves room for both."""
    outcome, day = f" {glyphs.dot} {record.outcome.value.upper()}", when(record, width)
    return fit(clean(record.preset_name), width - len(outcome) - len(day) - 2, glyphs.ellipsis) + outcome, day


def done_text(record: SessionRecord) -> str:
    """What was done of what was planned."""
    rounds = f"rounds {record.rounds_done} of {record.rounds}" if record.rounds else ""
    planned = "" if record.planned_s is None else f" of {clock(int(record.planned_s))} planned"
    paused = f"paused {clock(int(record.paused_s))}"
    return "   ".join(part for part in (rounds, f"workout {clock(int(record.worked_s))}{planned}", paused) if part)


def columns_of(width: int) -> dict[str, int]:
    """The columns a table of `width` cells has, with their cells, one cell between two."""
    shown = dict(_COLUMNS)
    if width >= _WITH_TIME:
        shown["date"] = 16
    for name in _DROPPED:
        if _room(shown, width) >= _LEAST_NAME:
            break
        del shown[name]
    shown["preset"] = max(0, _room(shown, width))
    return shown


def heading(width: int) -> str:
    """The names of the columns."""
    return " ".join(_cell(name, name, cells) for name, cells in columns_of(width).items())


def row_parts(row: SessionRow, width: int, glyphs: Glyphs) -> Parts:
    """A session in the table."""
    columns = columns_of(width)
    texts = {
        "date": f"{row.began:%Y-%m-%d %H:%M}"[: columns["date"]],
        "preset": _plain(clean(row.preset_name), glyphs),
        "planned": "open" if row.planned_s is None else clock(int(row.planned_s)),
        "done": clock(int(row.worked_s)),
        "outcome": row.outcome.value,
        "rounds": f"{row.rounds_done}/{row.rounds}" if row.rounds else glyphs.dash,
        "effort": str(row.effort or glyphs.dash),
        "tracks": str(row.heard or glyphs.dash),
    }
    tones = {"outcome": OUTCOME_TONES[row.outcome], "date": "dim", "planned": "dim"}
    cells = [(_cell(name, texts[name], room, glyphs.ellipsis), tones.get(name, "")) for name, room in columns.items()]
    return tuple(_with_gaps(cells))


def _with_gaps(cells: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for place, cell in enumerate(cells):
        if place:
            yield (" ", "")
        yield cell


def _cell(name: str, text: str, cells: int, ellipsis: str = "…") -> str:
    filled = pad(text, cells, ellipsis)
    return filled if name in _LEFT else " " * (cells - cell_len(filled.rstrip())) + filled.rstrip()


def _room(columns: Mapping[str, int], width: int) -> int:
    return width - sum(columns.values()) - (len(columns) - 1) + columns["preset"]


def _plain(text: str, glyphs: Glyphs) -> str:
    return to_ascii(text) if glyphs.ascii_only else text

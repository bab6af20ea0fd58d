"""What Home lists, and what it says of the past: words and order, no widgets. Pure."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rich.cells import cell_len

from nbd_tui.store.records import WeekStats
from nbd_tui.tui.preset_view import PresetView

_WEEK_DAYS: Final = 7
_DAYS_TOLD: Final = 14
_WEEKS_TOLD: Final = 9


@dataclass(frozen=True, slots=True)
class Section:
    """Presets under a heading."""

    heading: str
    views: tuple[PresetView, ...]


def sections(views: Sequence[PresetView], favourites: Collection[str], query: str = "") -> tuple[Section, ...]:
    """Those that match: the favourites first, then the user's own, then the built-in ones; empty sections are left out.

    Within each they keep the order of `views`, so that a star moves nothing but what it is put on.
    """
    found = [view for view in views if matches(view, query)]
    starred = tuple(view for view in found if view.loaded.id in favourites)
    others = [view for view in found if view.loaded.id not in favourites]
    listed = (
        Section("favourites", starred),
        Section("yours", tuple(view for view in others if not view.loaded.builtin)),
        Section("built in", tuple(view for view in others if view.loaded.builtin)),
    )
    return tuple(section for section in listed if section.views)


def matches(view: PresetView, query: str) -> bool:
    """Every word is somewhere in the preset's name, id, description or kinds of phases, in any case and accent."""
    outline = view.loaded.outline
    kinds = " ".join(total.kind.value for total in view.totals)
    words = " ".join((
        outline.name, view.loaded.id, outline.description, kinds,
        "built-in" if view.loaded.builtin else "yours", "open" if view.timeline.has_open else "",
    ))  # fmt: skip
    return all(word in _folded(words) for word in _folded(query).split())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("×", "x").casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def last_done_line(preset_id: str, last_done: Mapping[str, date] | None, today: date) -> str:
    """`last done 3 days ago`; empty while that is not known yet."""
    if last_done is None:
        return ""
    day = last_done.get(preset_id)
    return "not done yet" if day is None else f"last done {ago(day, today)}"


def ago(day: date, today: date) -> str:
    """`today`, `yesterday`, `3 days ago`, `5 weeks ago`, and the date itself where counting helps nobody."""
    days = (today - day).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days < _DAYS_TOLD:
        return f"{days} days ago"
    weeks = days // _WEEK_DAYS
    return f"{weeks} weeks ago" if weeks < _WEEKS_TOLD else f"on {day.isoformat()}"


def week_line(week: WeekStats) -> str:
    """`85 min this week · 3 days in a row`; empty where there is nothing to be proud of."""
    minutes = f"{week.minutes} min this week" if week.minutes else ""
    row = ""
    if week.streak_days > 1:
        row = f"{week.streak_days} days in a row"
    elif week.streak_weeks > 1:
        row = f"{week.streak_weeks} weeks in a row"
    return " · ".join(part for part in (minutes, row) if part)


def shortened(words: str, width: int, *, beside: str) -> str:
    """`32 tracks, 9 to hear, 2 min left` without its last parts, where else `beside` has no room in a line."""
    while beside and ", " in words and cell_len(words) + 2 + cell_len(beside) > width:
        words = words.rpartition(", ")[0]
    return words

"""What Home says of a preset: words and numbers, no widgets. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from rich.cells import cell_len

from nbd_tui.errors import PresetError, UserError
from nbd_tui.model.units import Seconds
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.text import clean, clock, fit, pad
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline

LONGEST_NAME: Final = 28
"""Cells of a file's name beside a reason."""


@dataclass(frozen=True, slots=True)
class KindTotal:
    """All phases of one kind together."""

    kind: PhaseKind
    count: int
    known_s: Seconds
    open_count: int

    @property
    def length(self) -> str:
        """`25:00`, `25:00 + open` or `open`."""
        return sum_text(self.known_s, has_open=self.open_count > 0)


@dataclass(frozen=True, slots=True)
class PresetView:
    """One preset, ready to be listed and pictured."""

    loaded: LoadedPreset
    timeline: Timeline
    name: str
    description: str
    length: str
    rounds: int
    totals: tuple[KindTotal, ...]
    """By kind, in the order in which the kinds first come."""

    def row(self, width: int, ellipsis: str = "…") -> str:
        """A line of the list: name, length, rounds."""
        numbers = f" {self.length:>7} {self.rounds or '':>3}"
        return pad(self.name, width - len(numbers), ellipsis) + numbers

    @property
    def facts(self) -> str:
        """Length, rounds and where it comes from."""
        rounds = f"{self.rounds} round{'s' if self.rounds != 1 else ''}" if self.rounds else ""
        origin = "built-in" if self.loaded.builtin else clean(self.loaded.file.name)
        return " · ".join(part for part in (self.length, rounds, origin) if part)


def preset_view(loaded: LoadedPreset) -> PresetView:
    """Makes a preset ready for the eye."""
    outline = loaded.outline
    timeline = outline.timeline
    return PresetView(
        loaded=loaded,
        timeline=timeline,
        name=clean(outline.name),
        description=clean(outline.description.replace("\n", " ")),
        length=sum_text(timeline.total_s, has_open=timeline.has_open),
        rounds=sum(segment.kind is PhaseKind.WORK for segment in timeline.segments),
        totals=tuple(_totals(timeline)),
    )


def sum_text(known_s: Seconds, *, has_open: bool) -> str:
    """`29:00`; `12:40 +` where open phases come on top, `open` where there is nothing else."""
    if not has_open:
        return clock(math.ceil(known_s))
    return f"{clock(math.ceil(known_s))} +" if known_s > 0 else "open"


def rounds_of(timeline: Timeline) -> str:
    """`1 round`, `12 rounds`."""
    rounds = sum(segment.kind is PhaseKind.WORK for segment in timeline.segments)
    return f"{rounds} round{'s' if rounds != 1 else ''}"


def _totals(timeline: Timeline) -> Iterable[KindTotal]:
    for kind in dict.fromkeys(segment.kind for segment in timeline.segments):
        lengths = [segment.duration_s for segment in timeline.segments if segment.kind is kind]
        known_s = sum(length for length in lengths if length is not None)
        yield KindTotal(kind, len(lengths), known_s, lengths.count(None))


def warning_lines(broken: tuple[str, ...], notices: tuple[str, ...], width: int, most: int) -> list[str]:
    """What went wrong, in at most `most` lines of `width` cells; the last says how to see what is left out.

    Args:
        broken: presets that cannot be used, each as `file: reason`; the reason has room beside however long a name.
        notices: what else there is to say, before those.
        width: in cells.
        most: lines.
    """
    lines = [*(f"! {clean(notice)}" for notice in notices), *(_broken_line(line) for line in broken)]
    shown, left_out = lines[:most], len(lines) - most
    if broken and shown:
        more = f" (+{left_out} more: nbd presets)" if left_out > 0 else " (see nbd presets)"
        if left_out > 0 or cell_len(shown[-1]) > width or cell_len(shown[-1] + more) <= width:
            shown[-1] = fit(shown[-1], width - cell_len(more)) + more
    return [fit(line, width) for line in shown]


def broken_line(error: PresetError) -> str:
    """A preset that cannot be used: its file, without the folder, and the first thing wrong with it."""
    reason = str(replace(error.problems[0], hint="")) if error.problems else error.message
    return f"{error.file.name}: {reason}" if error.file else reason


def reason_of(error: Exception) -> str:
    """Why something could not be done, in a line: what is wrong first, then what to do."""
    if not isinstance(error, UserError):
        return clean(str(error))
    what = f"{error.message} ({error.problems[0]})" if error.problems else error.message
    return clean(f"{what}: {error.hint}" if error.hint else what)


def _broken_line(line: str) -> str:
    name, colon, reason = clean(line).partition(": ")
    return f"! {fit(name, LONGEST_NAME)}{colon}{reason}"

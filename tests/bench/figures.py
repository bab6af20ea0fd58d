"""Measured figures, and the table of them."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


class MissingPartError(Exception):
    """A figure cannot be measured here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its goal."""

    name: str
    value: float
    unit: str
    most: float | None = None
    """The goal: not more than this."""
    least: float | None = None
    """The goal: not less than this."""
    note: str = ""
    """Range of the samples, or what else one must know to read the value."""
    section: str = ""
    load: float = 0.0
    """The system's load average when it was measured: above the number of cores, times are too long."""

    @property
    def goal(self) -> str:
        """The goal in words; empty where there is none."""
        ends = [f"{sign} {end:g}" for sign, end in (("≥", self.least), ("≤", self.most)) if end is not None]
        return ", ".join(ends)

    @property
    def verdict(self) -> str:
        """`ok` or `over`; empty without a goal."""
        if not self.goal:
            return ""
        over = (self.most is not None and self.value > self.most) or (
            self.least is not None and self.value < self.least
        )
        return "over" if over or np.isnan(self.value) else "ok"


def median(name: str, samples: Sequence[float], unit: str, most: float | None = None, note: str = "") -> Figure:
    """The median of samples; the note tells their number and range."""
    if not samples:
        return Figure(name, float("nan"), unit, most, note="nothing measured")
    low, high = min(samples), max(samples)
    spread = f"median of {len(samples)}, {low:.3g}–{high:.3g}"
    return Figure(name, float(np.median(samples)), unit, most, note=f"{spread}; {note}" if note else spread)


def load_average() -> float:
    """Of the last minute; not a number where the system keeps none."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def as_json(figures: Sequence[Figure], skipped: Sequence[tuple[str, str]]) -> str:
    """All figures for a program to read."""
    rows: list[dict[str, Any]] = [
        {
            "section": figure.section,
            "figure": figure.name,
            "value": None if np.isnan(figure.value) else round(figure.value, 6),
            "unit": figure.unit,
            "at_least": figure.least,
            "at_most": figure.most,
            "verdict": figure.verdict,
            "note": figure.note,
            "load": round(figure.load, 2),
        }
        for figure in figures
    ]
    return json.dumps({"figures": rows, "skipped": dict(skipped)}, indent=1, ensure_ascii=False)


def as_table(figures: Sequence[Figure], skipped: Sequence[tuple[str, str]]) -> str:
    """All figures in aligned columns."""
    head = ("section", "figure", "value", "unit", "goal", "", "load", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(_cell(cell, width, column) for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
             for row in rows]  # fmt: skip
    lines[1:1] = ["-" * max(len(line) for line in lines)]
    return "\n".join([line.rstrip() for line in lines] + [f"{title}: {reason}" for title, reason in skipped])


def _row(figure: Figure) -> tuple[str, ...]:
    value = f"{figure.value:.3g}" if abs(figure.value) < 1000 else f"{figure.value:,.0f}"
    load = f"{figure.load:.1f}"
    return figure.section, figure.name, value, figure.unit, figure.goal, figure.verdict, load, figure.note


def _cell(text: str, width: int, column: int) -> str:
    return text.rjust(width) if column in {2, 6} else text.ljust(width)


def say(text: str) -> None:
    """Progress, beside the table."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()

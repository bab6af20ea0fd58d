"""The app over a real folder of presets: what keys do there can be read back from the disk."""

import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from nbd_tui.errors import HistoryError, SettingsError
from nbd_tui.store.preset_files import PresetShelf
from nbd_tui.store.presets import load_presets
from nbd_tui.store.records import WeekStats
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.ports import Services
from nbd_tui.tui.ports_history import NoHistory
from nbd_tui.tui.text import UNICODE
from nbd_tui.tui.widgets.preset_list import PresetList
from tests.screens.driving import workers_done
from tests.screens.fake_session import FakeProgram

TODAY = date(2026, 11, 22)

CHARACTERS = {"slash": "/", "space": " "}

WEEK = WeekStats(85, 3, 3, 2)

FRIDAY = """\
# mine
name = "Friday"
description = "Heavy bag."
[[blocks]]
repeat = 3
[[blocks.phases]]
kind = "work"
duration = 30 # short
"""

LEGS = """\
name = "Legs"
[[blocks]]
phases = [{ kind = "work", duration = 30 }, { kind = "work", duration = 9 }]
"""
"""More than the form can show."""


@dataclass
class Past(NoHistory):
    """What was done when."""

    days: Mapping[str, date] = field(default_factory=dict)
    stats: WeekStats = WEEK
    is_stuck: bool = False

    def last_done(self) -> Mapping[str, date]:
        return self.days

    def week(self) -> WeekStats:
        return self.stats

    def renamed(self, old: str, new: str) -> "Future[None]":
        done = super().renamed(old, new)
        if self.is_stuck:
            done = Future()
            done.set_exception(HistoryError("the disk is full"))
        else:
            self.days = {new if one == old else one: day for one, day in self.days.items()}
        return done


@dataclass
class Shelved:
    """A folder of presets, favourites, and what the app is given of them."""

    folder: Path
    program: FakeProgram = field(default_factory=FakeProgram)
    favourites: tuple[str, ...] = ()
    stars_refused: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.shelf = PresetShelf(self.folder, lambda: self.favourites, self.keep)

    def keep(self, ids: tuple[str, ...]) -> None:
        if self.stars_refused:
            raise SettingsError("these settings cannot be used")
        self.favourites = ids

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return file

    @property
    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.glob("*.toml"))

    def services(self, **changes: object) -> Services:
        given = {"history": Past(), "today": lambda: TODAY, "presets": load_presets(self.folder).loaded, **changes}
        return self.program.services(shelf=self.shelf, **given)


@asynccontextmanager
async def home(shelved: Shelved, size: tuple[int, int] = (80, 24), **services: object) -> AsyncIterator[Pilot[int]]:
    """The app on Home, with what it reads after its first paint."""
    async with NbdApp(shelved.services(**services), glyphs=UNICODE).run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Keys, and all that they set going."""
    await pilot.press(*keys)
    await settled(pilot)


async def burst(pilot: Pilot[int], *keys: str) -> None:
    """Keys that a terminal hands over at once, as after a moment in which the program hung."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else CHARACTERS.get(key)))
    await settled(pilot)
    await settled(pilot)


async def settled(pilot: Pilot[int]) -> None:
    """Lets changes reach the disk and the screen."""
    await pilot.pause()
    await workers_done(pilot)
    await pilot.pause()


def listed(pilot: Pilot[int]) -> list[str]:
    """The rows of the list: headings and names, marks included."""
    rows = pilot.app.screen_stack[0].query_one(PresetList).options
    return [re.sub(r" +([0-9:]+( \+)?|open) +[0-9]*$", "", str(row.prompt)) for row in rows]


def chosen(pilot: Pilot[int]) -> str:
    """The name the bar stands on."""
    view = pilot.app.screen_stack[0].query_one(PresetList).chosen
    return view.name if view is not None else ""

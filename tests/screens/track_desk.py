"""The track screen, over fakes, and what can be read from it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.pilot import Pilot

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.tempo_edit import NEXT_TAP_S
from nbd_tui.tui.text import UNICODE
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from tests.screens.driving import line, workers_done
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, wolf
from tests.screens.fake_session import FakeProgram

BEAT_S = 60.0 / 120.0
HEARD = hearing(bpm=120.0, length_s=180.0)
"""Drops at 60 and 120 s, each after a build-up of 8 s (16 beats) and a gap of 1 s."""
DROPS = tuple(drop.at_s for drop in HEARD.drops)
PATH = wolf().path


@dataclass
class Desk:
    """A track screen with what it is given."""

    pilot: Pilot[int]
    program: FakeProgram
    library: FakeLibrary
    preview: FakePreview

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        screen = self.pilot.app.screen
        if isinstance(screen, TrackScreen):
            screen.look()
        await workers_done(self.pilot)
        await self.pilot.pause()

    async def tap(self, *times: float) -> None:
        """Taps so many seconds after each other."""
        await self.pilot.press("t")
        for later in times:
            self.program.clock.advance(later)
            await self.pilot.press("t")
        await self.settle()

    async def rest(self) -> None:
        """The hand rests until the taps count."""
        self.program.clock.advance(NEXT_TAP_S + 0.1)
        screen = self.pilot.app.screen
        assert isinstance(screen, TrackScreen)
        screen.finish_rested_taps()
        await self.settle()

    @property
    def said(self) -> str:
        return line(self.pilot, "said")[0].partition(" · u takes")[0]

    @property
    def at_s(self) -> float | None:
        return self.pilot.app.screen.query_one(EnergyPicture).playhead_s

    @property
    def listened(self) -> list[float]:
        """From where it was listened to, each time."""
        assert {path for path, _ in self.preview.played} <= {PATH}
        return [round(at_s, 3) for _, at_s in self.preview.played]

    @property
    def tempo(self) -> str:
        return str(self.pilot.app.screen.query_one("#tempo").render())

    @property
    def correction(self) -> Correction:
        return self.library.correction(PATH)


@asynccontextmanager
async def desk(
    heard: Hearing | None = HEARD,
    row: LibraryRow | None = None,
    correction: Correction | None = None,
    size: tuple[int, int] = (80, 24),
    preview: FakePreview | None = None,
) -> AsyncIterator[Desk]:
    row = row or wolf(tempo=None, duration_s=180.0)
    library = FakeLibrary([row], {PATH: heard} if heard else {}, {PATH: correction} if correction else {})
    program, preview = FakeProgram(), preview or FakePreview()
    app = NbdApp(program.services(library=library, preview=preview), glyphs=UNICODE)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.push_screen(TrackScreen(row, app._services, UNICODE))
        opened = Desk(pilot, program, library, preview)
        await opened.settle()
        yield opened

"""The library on the screen, over fakes, with a few tracks."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.tui.ports_settings import NoSettings, SettingsPort
from nbd_tui.tui.screens.library import LibraryScreen
from nbd_tui.tui.widgets.track_table import TrackTable
from tests.screens.driving import line, picture, running_app
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, row, wolf
from tests.screens.fake_session import FakeProgram
from tests.screens.shelved import press, settled

WOLF = wolf(path=Path("/music/wolf.flac"), artist="A", tempo=wolf().tempo)
BJORK = row(2, title="Jóga", artist="Björk", path=Path("/music/joga.mp3"), opinion=None)
METAL = row(3, title="Ace of Spades", artist="Motörhead", path=Path("/music/ace.mp3"), opinion=None)
UNHEARD = LibraryRow(Path("/music/new.mp3"), "New", "Zebra")
BROKEN = LibraryRow(Path("/music/broken.mp3"), "Broken", "Zorro", problem="no frame could be decoded")
HEARD = hearing(bpm=138.0, drops=3)


class Opened:
    """The library on the screen, over fakes."""

    def __init__(self, pilot: Pilot[int], library: FakeLibrary, preview: FakePreview, program: FakeProgram) -> None:
        self.pilot, self.library, self.preview, self.program = pilot, library, preview, program

    async def press(self, *keys: str) -> None:
        """Keys, what they set going, and the bar at rest."""
        for key in keys:
            await press(self.pilot, key)
        await self.look()

    async def look(self) -> None:
        """Lets the screen look at what has changed."""
        for _ in range(2):
            screen = self.pilot.app.screen
            if isinstance(screen, LibraryScreen):
                screen._look()
            await settled(self.pilot)

    async def until(self, what: Callable[[], object]) -> None:
        """Waits for something that a thread does."""
        for _ in range(200):
            await self.look()
            if what():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(picture(self.pilot))

    @property
    def table(self) -> TrackTable:
        return self.pilot.app.screen.query_one(TrackTable)

    @property
    def titles(self) -> list[str]:
        listing = self.table.listing
        return [listing.tracks.rows[place].title for place in listing.shown]

    @property
    def chosen(self) -> LibraryRow:
        assert self.table.chosen is not None
        return self.table.chosen

    @property
    def said(self) -> str:
        return line(self.pilot, "said")[0]


@asynccontextmanager
async def opened(
    *rows: LibraryRow,
    library: FakeLibrary | None = None,
    size: tuple[int, int] = (80, 24),
    heard: Hearing = HEARD,
    settings: SettingsPort | None = None,
) -> AsyncIterator[Opened]:
    library = library or FakeLibrary(list(rows), {one.path: heard for one in rows if one.is_heard})
    program, preview = FakeProgram(), FakePreview()
    async with running_app(
        program, size=size, library=library, preview=preview, settings=settings or NoSettings()
    ) as pilot:
        await press(pilot, "l")
        found = Opened(pilot, library, preview, program)
        await found.until(lambda: isinstance(pilot.app.screen, LibraryScreen) and (found.titles or not rows))
        yield found

"""How the library looks.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.library import LibraryScreen
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, many, row, wolf
from tests.screens.fake_session import HOSTILE, FakeProgram
from tests.screens.shelved import press, settled
from tests.screens.test_settings_pictures import SIZES, SnapCompare, size_id

ROWS = (
    LibraryRow(Path("/m/new.mp3"), "Just Copied", "A New Band", "First", "Rock", 201.0),
    LibraryRow(Path("/m/broken.mp3"), "Half a Download", "Adele", problem="it ends in the middle of a frame"),
    LibraryRow(HOSTILE.path, HOSTILE.title, HOSTILE.artist, "[b]", "\x1b[2J", 61.0, is_heard=True, lufs=-14.0),
    wolf(opinion=Opinion.LIKED),
    row(3, title="Be Safe", artist="The Cribs", tempo=Tempo(84.0, TempoSource.USER, 1.0), intensity=0.35),
    row(12, title="False Pretense", artist="The Red Jumpsuit Apparatus", opinion=Opinion.LIKED),
    row(15, title="Orange Marmalade", artist="Mellowdrone", opinion=Opinion.BANNED),
    row(7, title="Above and Below", artist="The Bravery", tempo=Tempo(131.0, TempoSource.HEARD, 0.12)),
    *many(60)[20:],
)
CLEAN = tuple(one for one in ROWS if not one.artist.startswith(("[bold]evil", "日")))
"""Ends with the usual track, by artist."""


def app(theme: str = "ring", glyphs: Glyphs = UNICODE, rows: tuple[LibraryRow, ...] = CLEAN) -> NbdApp:
    heard = {one.path: hearing(drops=2) for one in rows if one.is_heard}
    library = FakeLibrary(list(rows), heard, state="analysing 120 of 1,204 · 12 min left" if rows else "")
    services = FakeProgram().services(library=library, preview=FakePreview(), theme=theme)
    return NbdApp(services, glyphs=glyphs)


def pressing(*keys: str) -> Callable[[Pilot[int]], object]:
    async def arrive(pilot: Pilot[int]) -> None:
        await press(pilot, "l", *keys)
        screen = pilot.app.screen
        assert isinstance(screen, LibraryScreen)
        for _ in range(200):
            chosen = screen.chosen
            is_known = chosen is None or (screen._known is not None and screen._known.path == chosen.path)
            if screen._version is not None and is_known:
                break
            await pilot.pause(0.02)
        await settled(pilot)

    return arrive


ON_WOLF = "end"


@pytest.mark.parametrize("size", SIZES, ids=size_id)
@pytest.mark.parametrize("theme", ["ring", "colour-blind"])
def test_library(snap_compare: SnapCompare, theme: str, size: tuple[int, int]) -> None:
    assert snap_compare(app(theme), terminal_size=size, run_before=pressing(ON_WOLF, "space"))


def test_wide(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(), terminal_size=(200, 60), run_before=pressing(ON_WOLF))


def test_without_colours(snap_compare: SnapCompare) -> None:
    assert snap_compare(app("mono"), terminal_size=(80, 24), run_before=pressing(ON_WOLF))


def test_in_ascii(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(glyphs=ASCII), terminal_size=(80, 24), run_before=pressing(ON_WOLF, "s", "s"))


def test_a_search(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(), terminal_size=(80, 24), run_before=pressing("slash", *"wolf"))


def test_a_tempo_being_typed(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(), terminal_size=(80, 24), run_before=pressing(ON_WOLF, "b", *"92.5"))


def test_not_heard_yet(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(), terminal_size=(60, 15), run_before=pressing())


def test_nothing_there(snap_compare: SnapCompare) -> None:
    assert snap_compare(app(rows=()), terminal_size=(80, 24), run_before=pressing())

"""How a track looks, in three sizes and in colours for all eyes.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from tests.screens.driving import workers_done
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, wolf
from tests.screens.fake_session import FakeProgram

SIZES = [(60, 15), (80, 24), (120, 40)]
HEARD = hearing(length_s=279.0, drops=3)
SnapCompare = Callable[..., bool]


def track_picture(
    snap_compare: SnapCompare,
    size: tuple[int, int],
    keys: str = "",
    *,
    heard: Hearing | None = HEARD,
    row: LibraryRow | None = None,
    theme: str = "ring",
    glyphs: Glyphs = UNICODE,
) -> bool:
    row = row or wolf()
    library = FakeLibrary([row], {row.path: heard} if heard else {})
    services = FakeProgram().services(library=library, preview=FakePreview(), theme=theme)

    async def arrive(pilot: Pilot[int]) -> None:
        await pilot.pause()
        await pilot.app.push_screen(TrackScreen(row, services, glyphs))
        await workers_done(pilot)
        await pilot.pause()
        await pilot.press(*keys.split())
        await workers_done(pilot)
        await pilot.pause()

    return snap_compare(NbdApp(services, glyphs=glyphs), terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("theme", ["ring", "colour-blind"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_whole_track(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert track_picture(snap_compare, size, "d", theme=theme)


def test_close_to_a_drop_that_was_moved(snap_compare: SnapCompare) -> None:
    assert track_picture(snap_compare, (80, 24), "pagedown pagedown pagedown plus plus plus plus right right right m l")


def test_a_track_that_cannot_be_analysed_while_a_tempo_is_typed(snap_compare: SnapCompare) -> None:
    row = wolf(is_heard=False, tempo=None, problem="the decoder was killed by signal 9")
    assert track_picture(snap_compare, (60, 15), "b 1 3", heard=None, row=row)


def test_a_track_without_drops_in_ascii(snap_compare: SnapCompare) -> None:
    assert track_picture(snap_compare, (80, 24), "down space", heard=hearing(length_s=200.0, drops=0), glyphs=ASCII)


def test_without_colours(snap_compare: SnapCompare) -> None:
    assert track_picture(snap_compare, (80, 24), "pagedown", theme="mono")

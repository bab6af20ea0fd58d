"""The energy of the track that plays, on the workout screen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.errors import LibraryError
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Correction
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from nbd_tui.tui.widgets.track_energy import TrackEnergy
from tests.screens.driving import ROUND_2, line, picture, running_app, seen, workers_done, workout
from tests.screens.fake_library import FakeLibrary, hearing
from tests.screens.fake_session import TRACK, FakeProgram, builtin

HEARD = hearing(bpm=120.0, length_s=180.0)
"""Drops at 60 and 120 s."""
LIBRARY = FakeLibrary(hearings={TRACK.path: HEARD})
OTHER = replace(TRACK, path=Path("other.flac"), title="Other")
SnapCompare = Callable[..., bool]


async def known(pilot: Pilot[int]) -> TrackEnergy:
    """Lets the screen read what is known of the track."""
    await seen(pilot)
    await workers_done(pilot)
    await pilot.pause()
    await seen(pilot)
    return pilot.app.screen.query_one(TrackEnergy)


async def test_the_track_that_plays_has_its_energy_and_the_way_to_its_drop() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", library=LIBRARY) as pilot:
        program.session.set(track_at_s=47.2)
        energy = await known(pilot)
        assert energy.display
        assert energy.playhead_s == 47.2
        assert line(pilot, "track")[2] == "138 BPM · drop in 0:13"
        assert "▲" in picture(pilot)
        program.session.set(track_at_s=48.5)
        await seen(pilot)
        assert line(pilot, "track")[2] == "138 BPM · drop in 0:12"
        program.session.set(track_at_s=121.0)
        await seen(pilot)
        assert line(pilot, "track")[2] == "138 BPM", "there is none to come"


async def test_drops_are_those_the_user_says() -> None:
    library = FakeLibrary(hearings={TRACK.path: HEARD}, corrections={TRACK.path: Correction(drops_s=(100.0,))})
    program = workout()
    async with running_app(program, start_with="mma-5x5", library=library) as pilot:
        program.session.set(track_at_s=58.0)
        await known(pilot)
        assert line(pilot, "track")[2] == "138 BPM · drop in 0:42"


async def test_a_track_of_which_nothing_is_known_leaves_the_line_blank_in_its_place() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5", library=LIBRARY) as pilot:
        program.session.set(track_at_s=10.0)
        energy = await known(pilot)
        program.session.set(track=OTHER, track_at_s=1.0)
        await known(pilot)
        assert energy.display, "what stands around it stays"
        assert "▲" not in picture(pilot).split("Other")[1]
        assert line(pilot, "track")[2] == "138 BPM"


async def test_without_any_analysis_the_line_takes_no_room() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        program.session.set(track_at_s=10.0)
        assert not (await known(pilot)).display


async def test_a_library_that_cannot_be_read_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FakeLibrary, path: Path) -> Hearing | None:
        raise LibraryError("locked")

    monkeypatch.setattr(FakeLibrary, "hearing", fail)
    program = workout()
    async with running_app(program, start_with="mma-5x5", library=LIBRARY) as pilot:
        program.session.set(track_at_s=10.0)
        assert not (await known(pilot)).display
        assert line(pilot, "track")[2] == "138 BPM"


def energy_picture(
    snap_compare: SnapCompare, size: tuple[int, int], theme: str = "ring", glyphs: Glyphs = UNICODE
) -> bool:
    program = FakeProgram(starts_at=(ROUND_2, 91.0))
    app = NbdApp(program.services(library=LIBRARY, theme=theme), builtin("mma-5x5"), glyphs=glyphs)

    async def arrive(pilot: Pilot[int]) -> None:
        await pilot.pause()
        program.session.set(track=replace(TRACK, is_liked=True), next_track=OTHER, track_at_s=47.2)
        await known(pilot)

    return snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("theme", ["ring", "colour-blind"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_how_it_looks(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert energy_picture(snap_compare, size, theme)


def test_how_it_looks_without_colours(snap_compare: SnapCompare) -> None:
    assert energy_picture(snap_compare, (80, 24), "mono")


def test_how_it_looks_in_ascii(snap_compare: SnapCompare) -> None:
    assert energy_picture(snap_compare, (80, 24), glyphs=ASCII)

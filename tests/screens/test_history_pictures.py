"""How the summary and the history look, in three sizes.

After a change that is meant: `pytest tests/screens --snapshot-update`, and look at every picture that changed.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from nbd_tui.store.records import Outcome, SessionRecord
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from tests.screens.driving import finish, workers_done
from tests.screens.fake_history import FakeHistory, many, program_with, record
from tests.screens.fake_session import FakeProgram, builtin

SIZES = [(60, 15), (80, 24), (120, 40)]
SnapCompare = Callable[..., bool]


def summary_picture(
    snap_compare: SnapCompare, kept: SessionRecord, size: tuple[int, int], keys: str = "", glyphs: Glyphs = UNICODE
) -> bool:
    program = program_with(kept)

    async def arrive(pilot: Pilot[int]) -> None:
        await pilot.pause()
        program.session.set(worked_s=2110.0, paused_s=42.0, rounds_done=5)
        await finish(pilot, program.session)
        program.clock.advance(1.0)
        await pilot.press(*keys.split())
        await workers_done(pilot)
        await pilot.pause()

    app = NbdApp(program.services(history=FakeHistory()), builtin("mma-5x5"), glyphs=glyphs)
    return snap_compare(app, terminal_size=size, run_before=arrive)


def history_picture(
    snap_compare: SnapCompare, sessions: int, size: tuple[int, int], keys: str = "", glyphs: Glyphs = UNICODE
) -> bool:
    async def arrive(pilot: Pilot[int]) -> None:
        for key in ("h", *keys.split()):
            await pilot.press(key)
            await workers_done(pilot)
            await pilot.pause()

    history = FakeHistory({kept.id: kept for kept in many(sessions)})
    app = NbdApp(FakeProgram().services(history=history), glyphs=glyphs)
    return snap_compare(app, terminal_size=size, run_before=arrive)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_judged_summary(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert summary_picture(snap_compare, record(tracks=9, note="strong to the end"), size, "s x 7")


def test_the_summary_of_a_session_without_music_that_was_stopped(snap_compare: SnapCompare) -> None:
    assert summary_picture(snap_compare, record(tracks=0, outcome=Outcome.STOPPED), (80, 24))


def test_a_note_being_written(snap_compare: SnapCompare) -> None:
    assert summary_picture(snap_compare, record(), (80, 24), "e l e g s")


def test_the_summary_in_ascii(snap_compare: SnapCompare) -> None:
    assert summary_picture(snap_compare, record(), (80, 24), "s x 7", ASCII)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_history(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert history_picture(snap_compare, 40, size, "down down")


def test_the_history_in_ascii(snap_compare: SnapCompare) -> None:
    assert history_picture(snap_compare, 40, (80, 24), "down", ASCII)


def test_a_search(snap_compare: SnapCompare) -> None:
    assert history_picture(snap_compare, 40, (80, 24), "slash t a b")


def test_an_empty_history(snap_compare: SnapCompare) -> None:
    assert history_picture(snap_compare, 0, (60, 15))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_session(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert history_picture(snap_compare, 7, size, "end enter s down x 8")

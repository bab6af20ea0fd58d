"""The sessions kept: the table, a session, its verdicts changed, a search, and what goes wrong."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nbd_tui.store.records import SessionRecord, SessionRow, Verdict
from nbd_tui.tui.screens.help import HelpScreen
from nbd_tui.tui.screens.history import CHUNK, HistoryScreen
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.session import SessionScreen
from nbd_tui.tui.widgets.line_list import LineList
from tests.screens.driving import picture, running_app, workers_done
from tests.screens.fake_history import FakeHistory, many, record
from tests.screens.fake_session import FakeProgram


@asynccontextmanager
async def history_of(
    records: list[SessionRecord], size: tuple[int, int] = (80, 24), *, history: FakeHistory | None = None
) -> AsyncIterator[tuple[Pilot[int], FakeHistory]]:
    """The app on the history."""
    history = history or FakeHistory({kept.id: kept for kept in records})
    async with running_app(FakeProgram(), size=size, history=history) as pilot:
        await press(pilot, "h")
        assert isinstance(pilot.app.screen, HistoryScreen)
        yield pilot, history


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Each key, and what it sets going, to its end."""
    for key in keys:
        await pilot.press(key)
        await workers_done(pilot)
        await pilot.pause()


def table(pilot: Pilot[int]) -> LineList:
    return pilot.app.screen.query_one(LineList)


async def test_the_table_has_a_line_for_each_session_the_newest_first() -> None:
    async with history_of(many(5)) as (pilot, _):
        lines = picture(pilot).splitlines()
        rows = [line for line in lines if "2026-11-" in line]
        assert [row.split()[0 if row.split()[0] != ">" else 1] for row in rows] == [
            f"2026-11-{day}" for day in (22, 21, 20, 19, 18)
        ]
        assert "MMA 5 × 5" in rows[0]
        assert "completed" in rows[0]
        assert "interrupted" in rows[4]
        assert "5 sessions" in lines[0]
        assert "this week 143 min" in lines[0]


async def test_an_empty_history_says_what_to_do_and_leads_home() -> None:
    async with history_of([]) as (pilot, _):
        assert "Nothing here yet" in picture(pilot)
        await press(pilot, "enter", "escape")
        assert isinstance(pilot.app.screen, HomeScreen)


@pytest.mark.parametrize("key", ["enter", "right"])
async def test_a_session_is_shown_with_its_tracks_and_left_again(key: str) -> None:
    async with history_of(many(5)) as (pilot, _):
        await press(pilot, "down", "down", key)
        assert isinstance(pilot.app.screen, SessionScreen)
        shown = picture(pilot)
        for part in (
            "Strength sets",
            "STOPPED",
            "Friday 20 November 2026",
            "rounds 2 of 5",
            "work 25:00",
            "Wolf Like Me",
        ):
            assert part in shown, part
        await press(pilot, "left")
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert table(pilot).cursor == 2


async def test_verdicts_effort_and_note_can_be_changed_later() -> None:
    async with history_of([record(effort=3, note="before")]) as (pilot, history):
        await press(pilot, "enter", "s", "x", "9", "e")
        writing = pilot.app.focused
        assert isinstance(writing, Input)
        assert writing.value == "before"
        writing.value = "[/foo] after"
        await press(pilot, "enter")
        kept = history.records["a"]
        assert (kept.effort, kept.note) == (9, "[/foo] after")
        assert history.verdicts()[:3] == [Verdict.STILL_HITS, Verdict.NOT_AGAIN, None]
        await press(pilot, "escape")
        row = next(line for line in picture(pilot).splitlines() if "2026-11-22" in line)
        assert " 9 " in row, "the table shows the new effort"


async def test_a_search_finds_presets_by_a_part_of_their_name() -> None:
    async with history_of(many(10)) as (pilot, _):
        await press(pilot, "slash", "t", "A", "b")
        assert table(pilot).count == 2
        await press(pilot, "enter", "down", "enter")
        assert "Tabata" in picture(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert table(pilot).count == 10


async def test_a_search_without_an_answer_says_so_and_is_ended_by_escape() -> None:
    async with history_of(many(3)) as (pilot, _):
        await press(pilot, "slash", "z", "z")
        assert "No session of such a preset" in picture(pilot)
        await press(pilot, "enter", "enter", "escape")
        assert table(pilot).count == 3
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_thousands_of_sessions_are_read_in_chunks_and_drawn_as_they_are_seen() -> None:
    class Counting(FakeHistory):
        def rows(self, limit: int, before: SessionRow | None = None) -> tuple[SessionRow, ...]:
            self.reads.append(limit)
            start = 0 if before is None else int(before.id) + 1
            return ROWS[start : start + limit]

    plain = record(tracks=0)
    ROWS = tuple(  # noqa: N806
        SessionRow(f"{n}", f"Preset {n}", plain.began_utc, 0, 60.0, 60.0, 1, 1, plain.outcome, None, 0)
        for n in range(10_000)
    )
    async with history_of([], history=Counting()) as (pilot, history):
        assert set(history.reads) == {CHUNK}
        assert table(pilot).count == 10_000
        drawn: list[int] = []
        draw = table(pilot)._draw
        table(pilot)._draw = lambda index, width: (drawn.append(index), draw(index, width))[1]  # type: ignore[func-returns-value]
        await press(pilot, "end")
        assert "Preset 9999" in picture(pilot)
        assert "10,000 sessions" in picture(pilot)
        await press(pilot, "pageup", "home")
        assert "Preset 0 " in picture(pilot)
        assert len(set(drawn)) < 100


async def test_the_table_is_there_before_everything_is_read() -> None:
    last = threading.Event()

    class Slow(FakeHistory):
        def rows(self, limit: int, before: SessionRow | None = None) -> tuple[SessionRow, ...]:
            if before is not None:
                assert last.wait(30)
            return super().rows(2, before)

    async with running_app(FakeProgram(), history=Slow({kept.id: kept for kept in many(4)})) as pilot:
        await pilot.press("h")
        try:
            for _ in range(200):
                await asyncio.sleep(0)
                await pilot.pause()
                if table(pilot).count == 2:
                    break
            assert table(pilot).count == 2
            await pilot.press("down")
            assert table(pilot).cursor == 1
        finally:
            last.set()
        await workers_done(pilot)
        await pilot.pause()
        assert table(pilot).count == 4
        assert table(pilot).cursor == 1


async def test_a_history_that_cannot_be_read_says_why() -> None:
    async with history_of([], history=FakeHistory(trouble="the history cannot be read: [/foo] locked")) as (pilot, _):
        assert "the history cannot be read: [/foo] locked" in picture(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_a_database_that_was_moved_aside_is_named() -> None:
    moved = FakeHistory(damage="nbd.sqlite was damaged and is now nbd.sqlite.broken-1; a new database was begun")
    async with history_of([], (120, 40), history=moved) as (pilot, _):
        assert "nbd.sqlite.broken-1" in picture(pilot)
        assert "Nothing here yet" in picture(pilot)


async def test_a_session_that_cannot_be_read_any_more_leaves_the_table() -> None:
    async with history_of(many(3)) as (pilot, history):
        history.trouble = "the history cannot be read: disk I/O error"
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert "disk I/O error" in picture(pilot)


@pytest.mark.parametrize("size", [(40, 12), (60, 15), (80, 24), (120, 40), (200, 60)])
async def test_every_size_has_the_day_the_preset_and_what_was_done(size: tuple[int, int]) -> None:
    async with history_of(many(30), size) as (pilot, _):
        row = next(line for line in picture(pilot).splitlines() if "2026-11-22" in line)
        assert "MMA 5" in row
        assert "35:10" in row
        await press(pilot, "enter")
        assert "effort" in picture(pilot)
        await press(pilot, "escape", "end")
        assert "2026-10-24" in picture(pilot)


async def test_a_window_made_smaller_keeps_the_chosen_session_in_sight() -> None:
    async with history_of(many(30), (80, 40)) as (pilot, _):
        await press(pilot, *["down"] * 25)
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        assert "> 2026-10-28" in picture(pilot)


async def test_the_mouse_chooses_a_session() -> None:
    async with history_of(many(30)) as (pilot, _):
        await pilot.click(LineList, offset=(5, 4))
        assert table(pilot).cursor == 4


async def test_help_has_the_keys_of_each_screen() -> None:
    async with history_of(many(3)) as (pilot, _):
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "search for a preset" in picture(pilot)
        await press(pilot, "escape", "enter", "question_mark")
        assert "back to the history" in picture(pilot)
        assert "the track still hits" in picture(pilot)


@pytest.mark.parametrize("keys", [("q",), ("enter", "q"), ("ctrl+q",)])
async def test_q_ends_the_program(keys: tuple[str, ...]) -> None:
    async with history_of(many(3)) as (pilot, _):
        await press(pilot, *keys[:-1])
        await pilot.press(keys[-1])
    assert pilot.app.return_value == 0

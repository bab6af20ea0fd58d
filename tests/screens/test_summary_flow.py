"""Judging a workout on the summary: tracks, effort, note; all of it kept at once."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nbd_tui.errors import LibraryError
from nbd_tui.model.opinion import Opinion
from nbd_tui.store.records import HeardTrack, Outcome, SessionRecord, Verdict
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.summary import SummaryScreen
from nbd_tui.tui.widgets.big_time import BigTime
from nbd_tui.tui.widgets.line_list import LineList
from nbd_tui.tui.widgets.session_strip import SessionStrip
from tests.screens.driving import finish, picture, running_app, workers_done
from tests.screens.fake_history import FakeHistory, KeepingProgram, program_with, record
from tests.screens.fake_library import FakeLibrary, row

HITS, FINE, NOT = Verdict.STILL_HITS, Verdict.FINE, Verdict.NOT_AGAIN


@asynccontextmanager
async def summary(
    kept: SessionRecord | None,
    history: FakeHistory | None = None,
    size: tuple[int, int] = (80, 24),
    library: FakeLibrary | None = None,
) -> AsyncIterator[tuple[Pilot[int], FakeHistory, KeepingProgram]]:
    """The app on the summary, awake."""
    program, history = program_with(kept), history or FakeHistory()
    services = {"history": history, "library": library or FakeLibrary()}
    async with running_app(program, start_with="mma-5x5", size=size, **services) as pilot:
        program.session.set(worked_s=2110.0, paused_s=42.0)
        await finish(pilot, program.session)
        program.clock.advance(1.0)
        await written(pilot)
        yield pilot, history, program


async def written(pilot: Pilot[int]) -> None:
    await workers_done(pilot)
    await pilot.pause()


async def press(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*keys)
    await written(pilot)


async def test_the_session_is_filed_as_soon_as_it_is_over() -> None:
    async with summary(record()) as (_, history, _program):
        assert history.records == {"a": record()}


async def test_one_key_judges_a_track_shows_it_and_goes_on_to_the_next() -> None:
    async with summary(record()) as (pilot, history, _):
        await press(pilot, "s", "x", "f")
        assert history.verdicts() == [HITS, NOT, FINE, None, None]
        assert pilot.app.screen.query_one(LineList).cursor == 3
        rows = picture(pilot).splitlines()
        assert any("Wolf Like Me" in row and "still hits" in row for row in rows)


async def test_the_same_key_again_takes_a_verdict_back_another_changes_it() -> None:
    async with summary(record()) as (pilot, history, _):
        await press(pilot, "s", "x", "up", "x")
        assert history.verdicts() == [HITS, None, None, None, None]
        assert pilot.app.screen.query_one(LineList).cursor == 1
        await press(pilot, "up", "f")
        assert history.verdicts() == [FINE, None, None, None, None]


async def test_a_verdict_decides_on_the_music_to_come_and_taken_back_leaves_it_as_it_was() -> None:
    kept = record(tracks=3)
    liked, plain, banned = (track.path for track in kept.heard)
    library = FakeLibrary([row(0, path=liked, opinion=Opinion.LIKED), row(0, path=plain), row(1, path=banned)])
    async with summary(kept, library=library) as (pilot, _, _program):
        await press(pilot, "x", "s", "x")
        assert [library.opinion(path) for path in (liked, plain, banned)] == ["banned", "liked", "banned"]
        await press(pilot, "up", "up", "x", "down", "f", "f")
        assert [library.opinion(path) for path in (liked, plain, banned)] == ["liked", None, None]


class Unreadable(FakeLibrary):
    def opinions(self, paths: Iterable[Path]) -> dict[Path, Opinion]:
        raise LibraryError("the database is locked")


async def test_a_verdict_taken_back_takes_no_like_away_that_cannot_be_read() -> None:
    kept = record(tracks=1)
    library = Unreadable([row(0, path=kept.heard[0].path, opinion=Opinion.LIKED)])
    async with summary(kept, library=library) as (pilot, history, _program):
        await press(pilot, "s", "s")
        assert history.verdicts() == [None]
        assert library.opinion(kept.heard[0].path) == "liked"


async def test_a_verdict_that_the_library_cannot_keep_says_so() -> None:
    kept = record(tracks=1)
    library = FakeLibrary([row(0, path=kept.heard[0].path)], refusal="the disk is full")
    async with summary(kept, library=library) as (pilot, _, _program):
        await press(pilot, "x")
        assert "not kept: the disk is full" in picture(pilot)


async def test_the_last_track_stays_chosen() -> None:
    async with summary(record(tracks=2)) as (pilot, history, _):
        await press(pilot, "s", "s", "s")
        assert history.verdicts() == [HITS, None]


async def test_numbers_say_how_hard_it_was() -> None:
    async with summary(record()) as (pilot, history, _):
        await press(pilot, "7")
        assert history.records["a"].effort == 7
        assert "[7]" in picture(pilot)
        assert "very hard" in picture(pilot)
        await press(pilot, "0")
        assert history.records["a"].effort == 10
        await press(pilot, "0")
        assert history.records["a"].effort is None


@pytest.mark.parametrize("key", ["e", "t"])
async def test_a_note_is_written_and_made_harmless(key: str) -> None:
    async with summary(record()) as (pilot, history, _):
        await press(pilot, key)
        assert isinstance(pilot.app.focused, Input)
        pilot.app.focused.value = "felt [bold]\x1b[2J\u202estrong, 7 of 10"
        await press(pilot, "enter")
        assert history.records["a"].note == "felt [bold] [2Jstrong, 7 of 10"
        assert "note    felt [bold] [2Jstrong, 7 of 10" in picture(pilot)
        await press(pilot, "s")
        assert history.verdicts()[0] is HITS


async def test_letters_and_numbers_in_a_note_judge_nothing() -> None:
    async with summary(record()) as (pilot, history, _):
        await press(pilot, "e", *"sfx 90q", "enter")
        assert history.records["a"].note == "sfx 90q"
        assert history.verdicts() == [None] * 5
        assert history.records["a"].effort is None


async def test_escape_leaves_the_note_as_it_was_then_the_summary() -> None:
    async with summary(record(note="before")) as (pilot, history, _):
        await press(pilot, "e", "a", "b", "escape")
        assert isinstance(pilot.app.screen, SummaryScreen)
        assert history.records["a"].note == "before"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, HomeScreen)


async def test_a_note_half_written_is_kept_when_the_program_ends() -> None:
    async with summary(record()) as (pilot, history, _):
        await press(pilot, "e", "o", "k")
        await pilot.press("ctrl+q")
    assert history.records["a"].note == "ok"


async def test_keys_of_the_workout_judge_nothing() -> None:
    program, history = program_with(record()), FakeHistory()
    async with running_app(program, start_with="mma-5x5", history=history) as pilot:
        await finish(pilot, program.session)
        await press(pilot, "s", "5", "e", "f", "x", "enter", "escape")
        assert isinstance(pilot.app.screen, SummaryScreen)
        assert history.records["a"] == record()


@pytest.mark.parametrize("trouble", ["the history cannot be written: database or disk is full", "[/foo] locked"])
async def test_what_cannot_be_kept_is_told_and_kept_with_the_next_key(trouble: str) -> None:
    async with summary(record(), FakeHistory(trouble=trouble), (120, 40)) as (pilot, history, _):
        assert f"not kept: {trouble}" in picture(pilot)
        await press(pilot, "s")
        assert f"not kept: {trouble}" in picture(pilot)
        history.trouble = ""
        await press(pilot, "9")
        assert "not kept" not in picture(pilot)
        assert history.verdicts()[0] is HITS
        assert history.records["a"].effort == 9
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, HomeScreen)


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Outcome.STOPPED, "S T O P P E D"), (Outcome.INTERRUPTED, "I N T E R R U P T E D")],
)
async def test_a_session_that_was_not_completed_says_so(outcome: Outcome, word: str) -> None:
    async with summary(record(outcome=outcome)) as (pilot, _, _program):
        assert word in picture(pilot)
        assert "C O M P L E T E D" not in picture(pilot)


@pytest.mark.parametrize(
    ("size", "tracks"),
    [((60, 15), 0), ((60, 15), 40), ((80, 24), 1), ((80, 24), 40), ((120, 40), 5), ((200, 60), 0), ((200, 60), 40)],
)
async def test_everything_has_its_place_at_every_size(size: tuple[int, int], tracks: int) -> None:
    async with summary(record(tracks=tracks), size=size) as (pilot, _, _program):
        shown = picture(pilot)
        for part in ("MMA 5 × 5", "rounds", "work 25:00", "rest 4:00", "effort", "note", "? all keys", "enter home"):
            assert part in shown, part
        assert ("no track was heard" in shown) is not tracks
        if tracks:
            sight = pilot.app.screen.query_one(LineList).size.height
            assert sight >= min(4, tracks)
        assert pilot.app.screen.query_one(SessionStrip).display is (size[1] >= 24)
        assert pilot.app.screen.query_one(BigTime).display is (size[1] >= 24 or not tracks)


async def test_many_tracks_scroll_with_the_cursor() -> None:
    async with summary(record(tracks=40)) as (pilot, history, _):
        await press(pilot, "end", "s")
        assert history.verdicts()[39] is HITS
        assert "Orange Marmalade 39" in picture(pilot)
        await press(pilot, "home")
        assert "Wolf Like Me" in picture(pilot)


async def test_hostile_titles_are_shown_as_text() -> None:
    async with summary(record(tracks=2)) as (pilot, _, _program):
        await press(pilot, "down", "x")
        assert "[/foo]  [2J[Remix]" in picture(pilot)
        assert "\x1b" not in picture(pilot)


async def test_hostile_titles_are_shown_in_ascii_too() -> None:
    from nbd_tui.tui.record_view import track_parts
    from nbd_tui.tui.text import ASCII

    for track in (*record(tracks=2).heard, HeardTrack(0, record().heard[0].path, "", "", 3661.0)):
        line = "".join(text for text, _ in track_parts(track, 60, ASCII))
        assert line.isascii()
        assert len(line) == 60


async def test_a_session_that_left_nothing_to_keep_has_a_summary_all_the_same() -> None:
    async with summary(None) as (pilot, history, _):
        assert "workout 35:10" in picture(pilot)
        await press(pilot, "s", "5", "e", "x")
        assert history.records == {}
        assert isinstance(pilot.app.screen, SummaryScreen)


async def test_help_names_the_keys_of_the_summary() -> None:
    async with summary(record(), size=(80, 30)) as (pilot, _, _program):
        await press(pilot, "question_mark")
        for words in ("still hits", "not this track again", "effort, 0 is 10", "write a note", "home"):
            assert words in picture(pilot)

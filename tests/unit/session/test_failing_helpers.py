"""What says and keeps a session may fail: timer, bells and music go on."""

from datetime import UTC, datetime
from typing import NoReturn

import pytest

from nbd_tui.keymap import Action
from nbd_tui.session.announcer import NoAnnouncer
from nbd_tui.session.books import NOT_KEPT
from nbd_tui.session.journalist import Journalist
from nbd_tui.store.journal_lines import Opening
from tests.unit.session.kept_evening import BLOCKS, EVENING, LOADED, Shelf
from tests.unit.session.offline import Stage


def _breaks(*_: object, **__: object) -> NoReturn:
    raise ZeroDivisionError


@pytest.mark.parametrize("method", ["stale", "take", "hits", "heard"])
def test_a_broken_announcer_costs_no_bell_and_no_music(method: str) -> None:
    announcer = NoAnnouncer()
    setattr(announcer, method, _breaks)
    broken, whole = Stage(BLOCKS, announcer=lambda _: announcer).begin(), Stage(BLOCKS).begin()
    for stage in (broken, whole):
        stage.run(15)
        stage.press(Action.SKIP)
        stage.run(50)
    assert broken.cue_times() == whole.cue_times() != []
    assert broken.level_at(12) == whole.level_at(12) != 0
    assert broken.conductor.snapshot().completed


def test_a_broken_announcer_is_closed_all_the_same() -> None:
    closed: list[bool] = []
    announcer = NoAnnouncer()
    announcer.stale = _breaks  # type: ignore[method-assign]
    announcer.close = lambda: closed.append(True)  # type: ignore[method-assign]
    stage = Stage(BLOCKS, announcer=lambda _: announcer).begin()
    stage.parts.announcer.close()
    assert closed == [True]


@pytest.mark.parametrize("broken_from", [0, 30])
def test_a_journal_that_fails_is_told_once_and_stops_nothing(broken_from: int) -> None:
    asked: list[int] = []

    def wall() -> datetime:
        asked.append(1)
        return _breaks() if len(asked) > broken_from else datetime(2026, 11, 21, tzinfo=UTC)

    journalist = Journalist(Opening("one", LOADED, EVENING, 3600), Shelf(), wall)
    stage = Stage(BLOCKS, journalist=journalist).begin()
    stage.run(70)
    now = stage.conductor.snapshot()
    assert now.completed
    assert now.rounds_done == 2
    assert [note.text for note in stage.of("note")] == [NOT_KEPT]


def test_the_music_fades_when_a_session_is_left_whose_journal_fails() -> None:
    journalist = Journalist(Opening("one", LOADED, EVENING, 3600), Shelf(), _breaks)
    stage = Stage(BLOCKS, journalist=journalist).begin()
    stage.run(5)
    stage.conductor.leave()
    stage.clock.now += 2
    assert stage.of("finished")[0].text == "interrupted"
    assert stage.level_at(6.5) == 0

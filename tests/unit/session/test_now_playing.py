"""What keys do with the track that plays: like it, ban it, say why it plays; and what follows it."""

from concurrent.futures import Future
from pathlib import Path

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.keymap import Action
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.track import Track
from nbd_tui.session.snapshot import Echo
from nbd_tui.workout.engine import EngineState
from tests.unit.session.offline import START, Stage, level
from tests.unit.session.test_conductor import PINS, ROUNDS, rounds
from tests.unit.session.test_landing import heard_in
from tests.unit.session.test_second_wind import stage as second_wind_stage

Said = list[tuple[Path, Opinion | None]]
LONG: list[dict[str, object]] = [
    {"repeat": 3, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 25}]}
]


class Judging:
    """Notes what is said, or refuses to keep it."""

    def __init__(self, refusal: str = "") -> None:
        self.said: Said = []
        self._refusal = refusal

    def __call__(self, path: Path, opinion: Opinion | None) -> "Future[None]":
        self.said.append((path, opinion))
        done: Future[None] = Future()
        if self._refusal:
            done.set_exception(LibraryError(self._refusal))
        else:
            done.set_result(None)
        return done


def echo(stage: Stage) -> Echo:
    found = stage.conductor.snapshot().echo
    assert found is not None
    return found


def playing(stage: Stage) -> Track:
    found = stage.conductor.snapshot().track
    assert found is not None
    return found


def played_since(stage: Stage, session_s: float) -> set[str]:
    return {report.path for report in stage.of("track") if report.at - START > session_s}


def test_a_like_is_kept_shown_and_taken_back_by_the_same_key() -> None:
    judge = Judging()
    stage = rounds(judge=judge)
    stage.run(10)
    assert not playing(stage).is_liked
    stage.press(Action.LIKE)
    assert playing(stage).is_liked
    assert echo(stage).text == "liked: Track 0"
    stage.press(Action.LIKE)
    assert not playing(stage).is_liked
    assert echo(stage).text == "no longer liked: Track 0"
    path = stage.tracks[0].path
    assert judge.said == [(path, Opinion.LIKED), (path, None)]
    assert stage.level_at(10) == pytest.approx(level(0), abs=1e-3), "the music goes on"


def test_a_banned_track_goes_at_once_and_never_comes_again() -> None:
    judge = Judging()
    stage = Stage(LONG, tracks=3, judge=judge).begin()
    stage.run(10)
    banned = playing(stage)
    stage.press(Action.BAN)
    stage.run(1)
    other = playing(stage)
    assert other.path != banned.path
    assert stage.level_at(10.9) == pytest.approx(level(stage.tracks.index(other)), abs=1e-3)
    assert echo(stage).text == f"banned: {banned.title}"
    assert judge.said == [(banned.path, Opinion.BANNED)]
    stage.run(190)
    assert str(banned.path) not in played_since(stage, 10), "three tracks for six phases: all others come again"
    assert stage.conductor.snapshot().state is EngineState.FINISHED


def test_undo_brings_a_banned_track_back_to_its_place() -> None:
    judge = Judging()
    stage = Stage(LONG, tracks=3, judge=judge).begin()
    stage.run(10)
    banned = playing(stage)
    stage.press(Action.BAN)
    stage.run(3)
    assert stage.conductor.snapshot().can_undo_skip
    stage.press(Action.UNDO_SKIP)
    stage.run(1)
    assert playing(stage) == banned
    assert judge.said[-1] == (banned.path, None)
    assert echo(stage).text == f"no longer banned: {banned.title}"
    assert not stage.conductor.snapshot().can_undo_skip
    stage.press(Action.UNDO_SKIP)
    assert echo(stage).text == "nothing to undo"


def test_a_liked_track_is_liked_again_after_a_ban_that_was_a_slip() -> None:
    judge = Judging()
    stage = rounds(judge=judge)
    stage.run(10)
    for action in (Action.LIKE, Action.BAN, Action.UNDO_SKIP):
        stage.press(action)
    assert judge.said[-1] == (stage.tracks[0].path, Opinion.LIKED)
    assert playing(stage).is_liked


def test_undo_is_about_the_last_key() -> None:
    judge = Judging()
    stage = Stage(LONG, tracks=4, judge=judge).begin()
    stage.run(10)
    stage.press(Action.BAN)
    stage.run(1)
    stage.press(Action.SKIP)
    stage.run(1)
    stage.press(Action.UNDO_SKIP)
    assert stage.conductor.snapshot().index == 0
    assert echo(stage).text.startswith("undone")
    stage.press(Action.UNDO_SKIP)
    assert len(judge.said) == 1, "the ban stays"


def test_a_ban_can_be_undone_for_some_seconds_only() -> None:
    stage = Stage(LONG, tracks=4).begin()
    stage.run(5)
    stage.press(Action.BAN)
    stage.run(16)
    assert not stage.conductor.snapshot().can_undo_skip


def test_banning_the_only_track_is_silence_with_a_reason() -> None:
    stage = Stage(LONG, tracks=1).begin()
    stage.run(10)
    stage.press(Action.BAN)
    assert echo(stage).text == "banned, and no other is left: Track 0"
    stage.run(2)
    now = stage.conductor.snapshot()
    assert (now.track, now.track_note) == (None, "every track is banned")
    assert stage.level_at(11.5) == 0.0
    stage.press(Action.LIKE)
    assert echo(stage).text == "no track plays"
    stage.press(Action.UNDO_SKIP)
    stage.run(1)
    assert playing(stage) == stage.tracks[0]
    assert stage.level_at(12.9) == pytest.approx(level(0), abs=1e-3)


def test_in_a_pause_the_track_it_would_go_on_with_is_banned() -> None:
    stage = Stage(LONG, tracks=3).begin()
    stage.run(10)
    banned = playing(stage)
    stage.press(Action.PAUSE)
    stage.run(2)
    stage.press(Action.BAN)
    stage.run(1)
    assert stage.level_at(12.8) == 0.0, "it is a pause all the same"
    stage.press(Action.PAUSE)
    stage.run(1)
    assert playing(stage).path != banned.path


def building_up() -> tuple[Stage, Track]:
    """A session in the build-up to its second round, and the track it is of."""
    stage = Stage(ROUNDS, tracks=4, track_s=120, hearings=dict.fromkeys(range(4), heard_in())).begin()
    stage.run(74)
    resting = playing(stage)
    stage.run(12)
    building = playing(stage)
    assert building != resting
    stage.press(Action.BAN)
    stage.run(1)
    assert playing(stage) != building
    return stage, building


def test_a_pause_in_a_build_up_shows_its_track_which_goes_on_after_it() -> None:
    stage = Stage(ROUNDS, tracks=4, track_s=120, hearings=dict.fromkeys(range(4), heard_in())).begin()
    stage.run(86)
    building = playing(stage)
    stage.press(Action.PAUSE)
    stage.run(2)
    assert stage.conductor.snapshot().index == 2
    assert playing(stage) == building
    stage.press(Action.PAUSE)
    stage.run(3)
    assert playing(stage) == building


def test_a_build_up_is_banned_for_the_round_it_leads_to() -> None:
    stage, building = building_up()
    stage.run(10)
    assert stage.conductor.snapshot().index == 3
    assert str(building.path) not in played_since(stage, 86.2)
    stage.run(70)
    assert str(building.path) not in played_since(stage, 86.2)


def test_its_round_has_it_again_where_that_is_undone() -> None:
    stage, building = building_up()
    stage.press(Action.UNDO_SKIP)
    stage.run(10)
    assert stage.conductor.snapshot().index == 3
    assert playing(stage) == building


def test_why_a_track_plays() -> None:
    stage = Stage(ROUNDS, pins=PINS, track_s=120, hearings={1: heard_in()}).begin()
    stage.run(40)
    stage.press(Action.WHY)
    assert echo(stage).text == "120 BPM, near work 125–142; energy 0, wanted 70; its drop at 0:33 lands on the bell"
    assert echo(stage).shown_s > 5, "it takes time to read"
    stage.run(32)
    stage.press(Action.WHY)
    assert echo(stage).text.startswith("no steady tempo for rest")


def test_the_track_that_comes_next_is_known() -> None:
    stage = Stage(ROUNDS, pins=PINS).begin()
    stage.run(10)
    assert stage.conductor.snapshot().next_track == stage.tracks[1]
    stage.run(30)
    assert stage.conductor.snapshot().next_track == stage.tracks[2]
    stage.press(Action.PAUSE)
    stage.run(1)
    assert stage.conductor.snapshot().next_track == stage.tracks[2]
    stage.press(Action.PAUSE)
    stage.run(110)
    assert stage.conductor.snapshot().segment.kind == "cool-down"
    assert stage.conductor.snapshot().next_track is None


def test_what_cannot_be_kept_is_said_and_holds_for_the_workout() -> None:
    stage = Stage(LONG, tracks=3, judge=Judging("the disk is full")).begin()
    stage.run(10)
    banned = playing(stage)
    stage.press(Action.BAN)
    stage.run(1)
    assert echo(stage).text == "it holds for this workout only: the disk is full"
    assert playing(stage) != banned


def test_after_the_end_there_is_nothing_to_say() -> None:
    judge = Judging()
    stage = rounds(judge=judge)
    stage.run(5)
    stage.press(Action.STOP)
    for action in (Action.LIKE, Action.BAN, Action.WHY):
        stage.press(action)
        assert echo(stage).text == "the workout is over"
    assert not judge.said


def test_in_a_second_wind_the_reason_says_so_and_a_ban_is_of_that_track() -> None:
    stage = second_wind_stage()
    stage.run(110)
    assert playing(stage) == stage.tracks[2]
    stage.press(Action.WHY)
    assert echo(stage).text.endswith("is the second wind")
    stage.press(Action.BAN)
    stage.run(2)
    assert playing(stage) != stage.tracks[2]
    assert stage.level_at(111.5) != 0.0, "the music goes on"
    stage.run(60)
    assert str(stage.tracks[2].path) not in played_since(stage, 110.2)

"""What goes wrong with the music of a session, and what must then be heard."""

import pickle
from itertools import pairwise

import numpy as np
import pytest

from nbd_tui.audio.score import Score
from nbd_tui.keymap import Action
from nbd_tui.model.units import RATE, to_frames
from nbd_tui.player.protocol import SetScore, ToPlayer
from nbd_tui.session.conductor import RENEW_S
from nbd_tui.workout.engine import EngineState
from tests.unit.session.offline import START, Stage, level

Blocks = list[dict[str, object]]

ONE_WORK: Blocks = [{"phases": [{"kind": "work", "duration": 100}]}]
CHANGE: Blocks = [
    {"phases": [{"kind": "work", "duration": 30}]},
    {"phases": [{"kind": "cool-down", "duration": 30}]},
]


def is_silent(stage: Stage, start_s: float, end_s: float) -> bool:
    stage.player.poll()
    return not bool(np.any(np.abs(stage.player.heard[to_frames(start_s) : to_frames(end_s)]) > 1e-3))


def holes(stage: Stage, start_s: float, end_s: float) -> int:
    """Silent frames in what was heard."""
    stage.player.poll()
    return int(np.sum(np.abs(stage.player.heard[to_frames(start_s) : to_frames(end_s), 0]) < 1e-3))


def test_the_second_track_of_a_stretch_is_shown_and_survives_a_pause() -> None:
    stage = Stage(ONE_WORK, track_s=20).begin()
    stage.run(30)
    second = stage.of("track")[-1]
    stage.press(Action.ADD_TIME)
    stage.run(1)
    track = stage.conductor.snapshot().track
    assert track is not None
    assert str(track.path) == second.path
    stage.press(Action.PAUSE)
    stage.run(3)
    stage.press(Action.PAUSE)
    stage.run(2)
    assert stage.of("track")[-1].path == second.path
    assert stage.of("track")[-1].in_point_s == pytest.approx(31.1 - (second.at - START), abs=0.01)
    assert len(stage.of("track")) == 3


def test_the_second_track_breaks_and_the_first_does_not_come_back() -> None:
    stage = Stage(ONE_WORK, tracks=5, track_s=20).begin()
    stage.run(30)
    first, second = stage.of("track")
    stage.player.fail(second.path, "it broke")
    stage.run(15)
    assert stage.of("track")[2].path not in (first.path, second.path)
    assert holes(stage, 1, 44) == 0


def test_a_track_that_breaks_before_its_time_is_replaced_without_a_sound() -> None:
    heard_next = Stage(CHANGE, tracks=5).begin()
    heard_next.run(32)
    doomed = heard_next.of("track")[1].path
    stage = Stage(CHANGE, tracks=5).begin()
    stage.run(10)
    stage.player.fail(doomed, "it broke")
    stage.run(25)
    first, other = stage.of("track")
    assert other.path != doomed
    assert other.at - START == pytest.approx(30, abs=0.001)
    assert first.path == heard_next.of("track")[0].path
    assert holes(stage, 1, 34) == 0
    assert stage.conductor.snapshot().track_note == "", "nobody heard of it"


def test_a_track_that_breaks_when_rendered_but_not_yet_heard_is_replaced() -> None:
    stage = Stage(CHANGE, tracks=5).begin()
    stage.run(29.95)
    doomed = stage.of("track")[-1]
    assert doomed.at - START == pytest.approx(30, abs=0.001)
    stage.player.fail(doomed.path, "it broke")
    stage.run(5)
    assert stage.of("track")[-1].path != doomed.path
    assert stage.of("track")[-1].at - START < 30.3
    assert holes(stage, 1, 34) == 0


def test_another_track_while_paused_is_shown_at_once_and_heard_afterwards() -> None:
    stage = Stage(ONE_WORK).begin()
    stage.run(5)
    stage.press(Action.PAUSE)
    stage.run(1)
    shown = {stage.of("track")[-1].path}
    for _ in range(2):
        stage.press(Action.OTHER_TRACK)
        stage.run(0.2)
        track = stage.conductor.snapshot().track
        assert track is not None
        shown.add(str(track.path))
    assert len(shown) == 3
    stage.run(1)
    assert is_silent(stage, 5.5, 7)
    stage.press(Action.PAUSE)
    stage.run(1)
    track = stage.conductor.snapshot().track
    assert track is not None
    assert stage.of("track")[-1].path == str(track.path)
    assert stage.of("track")[-1].path in shown
    assert stage.of("track")[-1].in_point_s == 0.0


def test_another_track_goes_round_and_is_answered_when_there_is_none() -> None:
    stage = Stage(ONE_WORK, tracks=2).begin()
    stage.run(3)
    heard = []
    for _ in range(4):
        stage.press(Action.OTHER_TRACK)
        stage.run(1)
        heard.append(stage.of("track")[-1].path)
    assert heard[0] != heard[1]
    assert heard[:2] == heard[2:]
    assert holes(stage, 1, 6.5) == 0
    lonely = Stage(ONE_WORK, tracks=1).begin()
    lonely.run(3)
    lonely.press(Action.OTHER_TRACK)
    assert lonely.of("key")[-1].text == "no other track"
    lonely.run(2)
    assert holes(lonely, 1, 4.5) == 0


def test_after_the_end_there_is_no_other_track() -> None:
    stage = Stage(ONE_WORK).begin()
    stage.run(2)
    stage.press(Action.STOP)
    stage.run(1)
    told = len(stage.of("track"))
    stage.press(Action.OTHER_TRACK)
    stage.run(2)
    assert stage.of("key")[-1].text == "the workout is over"
    assert len(stage.of("track")) == told
    assert is_silent(stage, 3, 4.5)


def test_a_workout_prolonged_again_and_again_does_not_run_out_of_music() -> None:
    stage = Stage([{"phases": [{"kind": "work", "duration": 20}]}], track_s=30).begin()
    for _ in range(12):
        stage.run(5)
        stage.press(Action.ADD_TIME)
    stage.run(60)
    assert holes(stage, 1, 118) == 0


def test_an_open_phase_does_not_run_out_of_music(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbd_tui.session.playlist.OPEN_LENGTH_S", 60.0)
    monkeypatch.setattr("nbd_tui.session.arranger.OPEN_AHEAD", 24 * RATE)
    stage = Stage([{"phases": [{"kind": "work", "duration": "open"}]}], tracks=5, track_s=20).begin()
    stage.run(140)
    starts = [report.at for report in stage.of("track")]
    assert len(starts) == 8
    assert all(later - earlier == pytest.approx(19.5, abs=0.01) for earlier, later in pairwise(starts))
    assert holes(stage, 1, 139) == 0


def test_a_phase_begun_again_and_again_does_not_run_out_of_music() -> None:
    stage = Stage([{"phases": [{"kind": "work", "duration": 30}]}], track_s=40).begin()
    for _ in range(5):
        stage.run(25)
        stage.press(Action.BACK)
    stage.run(20)
    assert holes(stage, 1, 144) == 0


def test_time_added_just_before_a_change_of_music_takes_the_next_track_back() -> None:
    stage = Stage(CHANGE).begin()
    stage.run(29.95)
    stage.press(Action.ADD_TIME)
    stage.run(10)
    alone = stage.level_at(35)
    assert any(alone == pytest.approx(level(number), abs=1e-3) for number in range(4)), "one track, not two"
    stage.run(10)
    assert [round(report.at - START, 2) for report in stage.of("track")] == [0.15, 30.0, 45.0]
    assert holes(stage, 1, 49) == 0


def test_a_player_that_comes_late_does_not_carry_its_music_into_the_next_phase() -> None:
    stage = Stage(CHANGE)
    held: list[ToPlayer] = []
    send = stage.player.send
    stage.player.send = held.append  # type: ignore[method-assign,assignment]
    stage.begin()
    stage.run(2)
    stage.player.send = send  # type: ignore[method-assign]
    for message in held:
        send(message)
    stage.run(34)
    late, following = stage.of("track")
    assert late.at - START == pytest.approx(2.1, abs=0.06)
    assert late.in_point_s == 0.0
    assert following.at - START == pytest.approx(30, abs=0.001)
    numbers = [int(report.path[7]) for report in (late, following)]
    assert stage.level_at(29) == pytest.approx(level(numbers[0]), abs=1e-3)
    assert stage.level_at(31) == pytest.approx(level(numbers[1]), abs=1e-3)


def test_a_cue_of_a_key_that_nobody_could_hear_is_told_as_missed() -> None:
    stage = Stage(ONE_WORK).begin()
    stage.run(5)
    stage.player.send = lambda message: None  # type: ignore[method-assign]
    stage.press(Action.SKIP)
    stage.run(3)
    finish = stage.of("cue")[-1]
    assert [report.cue_id for report in stage.of("cue-missed")] == [finish.cue_id]


def test_the_longest_workouts_cost_no_more_than_others() -> None:
    blocks: list[dict[str, object]] = [
        {"repeat": 999, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 25}]}
    ]
    stage = Stage(blocks, tracks=6, track_s=30)
    scores: list[Score] = []
    send = stage.player.send

    def watched(message: ToPlayer) -> None:
        if isinstance(message, SetScore):
            scores.append(message.score)
        send(message)

    stage.player.send = watched  # type: ignore[method-assign]
    stage.begin()
    stage.run(33)
    assert len(stage.timeline.segments) == 1997
    assert max(len(pickle.dumps(score)) for score in scores) < 100_000
    before = len(scores)
    stage.run(5)
    assert len(scores) == before, "nothing has changed, so nothing is sent"


def test_the_score_reaches_on_though_nothing_changes() -> None:
    stage = Stage([{"repeat": 80, "phases": [{"kind": "work", "duration": 60}]}], tracks=0).begin()
    stage.clock.now += 60
    stage.conductor.turn()
    scores: list[Score] = []
    stage.player.send = lambda message: scores.append(message.score)  # type: ignore[method-assign,union-attr]
    stage.clock.now += RENEW_S + 1
    stage.conductor.turn()
    assert scores
    assert max(cue.frame for cue in scores[-1].cues) > (RENEW_S + 3_500) * RATE


def test_a_turn_that_fails_does_not_end_the_session() -> None:
    stage = Stage(ONE_WORK)
    stage.begin()
    poll = stage.player.poll
    stage.player.poll = lambda: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(ZeroDivisionError):
        stage.conductor.turn()
    stage.player.poll = poll  # type: ignore[method-assign]
    stage.run(99)
    stage.run(2)
    assert stage.conductor.snapshot().state is EngineState.FINISHED

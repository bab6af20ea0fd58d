"""A session as it is heard and seen, over the real engine, planner and mixer."""

import numpy as np
import pytest

from nbd_tui.keymap import Action
from nbd_tui.model.units import RATE
from nbd_tui.session.conductor import Conductor
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import START, Stage, level

ROUNDS: list[dict[str, object]] = [
    {"phases": [{"kind": "warm-up", "duration": 30}]},
    {"repeat": 2, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 25}]},
    {"phases": [{"kind": "cool-down", "duration": 30}]},
]
"""warm-up 0–30, work 30–70, rest 70–95, work 95–135, cool-down 135–165."""

PINS = {PhaseKind.WARM_UP: 0, PhaseKind.WORK: 1, PhaseKind.REST: 2, PhaseKind.COOL_DOWN: 3}

TABATA: list[dict[str, object]] = [
    {"repeat": 8, "phases": [{"kind": "work", "duration": 20}, {"kind": "rest", "duration": 10}]}
]

OPEN: list[dict[str, object]] = [
    {"repeat": 2, "phases": [{"kind": "work", "duration": "open"}, {"kind": "rest", "duration": 30}]}
]


def rounds(**options: object) -> Stage:
    return Stage(ROUNDS, pins=PINS, **options).begin()  # type: ignore[arg-type]


def test_every_cue_is_heard_once_at_its_time() -> None:
    stage = rounds()
    stage.run(170)
    cues = stage.cue_times()
    assert len(cues) == len(stage.of("cue")) == sum(len(segment.cues) for segment in stage.timeline.segments)
    assert [name for name, _, _ in cues].count("round-start") == 2
    assert cues[-1][0] == "finish"
    assert max(abs(heard - due) for _, due, heard in cues[1:]) < 0.001
    assert stage.conductor.snapshot().state is EngineState.FINISHED
    assert stage.conductor.snapshot().completed


def test_each_phase_has_its_music_from_its_first_frame() -> None:
    stage = rounds()
    stage.run(166)
    for session_s, number in ((15, 0), (32, 1), (66, 1), (80, 2), (100, 1), (150, 3)):
        assert stage.level_at(session_s) == pytest.approx(level(number), abs=1e-3), session_s
    tracks = stage.of("track")
    assert [report.kind for report in tracks] == ["warm-up", "work", "rest", "work", "cool-down"]
    assert [round(report.at - START, 3) for report in tracks[1:]] == [30.0, 70.0, 95.0, 135.0]


def test_the_music_never_stops_at_a_change_of_phase() -> None:
    stage = rounds()
    stage.run(164)
    heard = np.abs(stage.player.heard[RATE : 160 * RATE, 0])
    assert float(heard.min()) > 0.04


def test_a_pause_is_silent_and_the_track_goes_on_where_it_stopped() -> None:
    stage = rounds()
    stage.run(40)
    stage.press(Action.PAUSE)
    stage.run(20)
    assert stage.level_at(50) == 0.0
    assert stage.conductor.snapshot().state is EngineState.PAUSED
    assert stage.conductor.snapshot().pause_s == pytest.approx(20)
    stage.press(Action.PAUSE)
    stage.run(5)
    assert stage.level_at(64) == pytest.approx(level(1), abs=1e-3)
    assert stage.of("track")[-1].in_point_s == pytest.approx(10.1, abs=0.06), "10 s played, and what was rendered ahead"
    stage.run(120)
    starts = [due for name, due, _ in stage.cue_times() if name == "round-start"]
    assert starts == pytest.approx([30.0, 115.0])


def test_a_skip_starts_bell_and_track_on_the_same_frame() -> None:
    stage = rounds()
    stage.run(10)
    stage.press(Action.SKIP)
    stage.run(2)
    bell, track = stage.cue_times()[-1], stage.of("track")[-1]
    assert bell[0] == "round-start"
    assert track.at - START == pytest.approx(bell[2], abs=1e-9)
    assert bell[2] - 10 < 0.25
    assert stage.conductor.snapshot().segment.kind is PhaseKind.WORK
    assert stage.level_at(11.5) == pytest.approx(level(1), abs=1e-3)
    assert "skipped to" in (stage.conductor.snapshot().echo or stage.conductor.snapshot()).text  # type: ignore[union-attr]


def test_undoing_a_skip_goes_on_with_the_track_where_it_was() -> None:
    stage = rounds()
    stage.run(10)
    stage.press(Action.SKIP)
    stage.run(3)
    stage.press(Action.UNDO_SKIP)
    stage.run(3)
    snapshot = stage.conductor.snapshot()
    assert snapshot.segment.kind is PhaseKind.WARM_UP
    assert snapshot.elapsed_s == pytest.approx(13, abs=0.06)
    assert stage.level_at(15.5) == pytest.approx(level(0), abs=1e-3)
    played_s = 10.1 - (stage.of("track")[0].at - START)
    assert stage.of("track")[-1].in_point_s == pytest.approx(played_s, abs=0.005)


def test_added_time_moves_what_is_to_come_and_leaves_the_track_alone() -> None:
    stage = rounds()
    stage.run(50)
    stage.press(Action.ADD_TIME)
    stage.run(125)
    starts = [due for name, due, _ in stage.cue_times() if name == "round-start"]
    assert starts == pytest.approx([30.0, 110.0])
    assert [round(report.at - START, 3) for report in stage.of("track")][1:] == [30.0, 85.0, 110.0, 150.0]


def test_short_rests_dip_the_track_of_the_work() -> None:
    stage = Stage(TABATA).begin()
    stage.run(55)
    assert len(stage.of("track")) == 1
    loud, quiet, again = stage.level_at(15), stage.level_at(25), stage.level_at(35)
    assert quiet < 0.6 * loud
    assert again == pytest.approx(loud)


def test_a_track_shorter_than_its_phase_is_followed_by_another() -> None:
    stage = Stage([{"phases": [{"kind": "work", "duration": 100}]}], track_s=40).begin()
    stage.run(99)
    tracks = stage.of("track")
    assert len(tracks) == 3
    assert len({report.path for report in tracks}) == 3
    assert float(np.abs(stage.player.heard[RATE : 98 * RATE, 0]).min()) > 0.02


def test_open_phases_play_on_until_done() -> None:
    stage = Stage(OPEN).begin()
    stage.run(100)
    assert stage.conductor.snapshot().remaining_s is None
    stage.press(Action.DONE)
    stage.run(1)
    assert stage.conductor.snapshot().segment.kind is PhaseKind.REST
    assert stage.cue_times()[-1][0] == "round-end"


def test_a_broken_track_is_replaced_at_once_and_marked() -> None:
    stage = Stage([{"phases": [{"kind": "work", "duration": 100}]}]).begin()
    stage.run(5)
    playing = stage.of("track")[-1].path
    stage.player.fail(playing, "it broke")
    stage.run(2)
    assert stage.of("track")[-1].path != playing
    assert stage.failures == [(stage.tracks[int(playing[7])].path, "it broke")]
    assert stage.of("track")[-1].at - START < 5.5
    assert "it broke" in stage.conductor.snapshot().track_note


def test_tracks_that_do_not_decode_are_never_played() -> None:
    stage = Stage([{"phases": [{"kind": "work", "duration": 100}]}], broken=(0, 1, 2)).begin()
    stage.run(95)
    assert {report.path for report in stage.of("track")} == {"/music/3.wav"}


def test_without_music_the_workout_runs_and_says_why() -> None:
    stage = Stage(ROUNDS, tracks=0).begin()
    stage.run(170)
    assert len(stage.cue_times()) == len(stage.of("cue"))
    assert stage.of("music")[0].text == "no music found"


def test_with_broken_music_only_it_says_why() -> None:
    stage = Stage(ROUNDS, tracks=2, broken=(0, 1)).begin()
    stage.run(20)
    assert stage.conductor.snapshot().track_note == "none of 2 files can be played: broken"
    assert stage.conductor.snapshot().track is None


def test_another_track_on_request() -> None:
    stage = Stage([{"phases": [{"kind": "work", "duration": 100}]}]).begin()
    stage.run(5)
    heard = [stage.of("track")[-1].path]
    for _ in range(2):
        stage.press(Action.OTHER_TRACK)
        stage.run(3)
        heard.append(stage.of("track")[-1].path)
    assert len(set(heard)) == 3


def test_a_card_200_ppm_off_keeps_cues_within_5_ms() -> None:
    phases = {"repeat": 8, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 20}]}
    stage = Stage([phases], drift_ppm=200.0).begin()
    stage.run(8 * 60)
    cues = [(name, due, heard) for name, due, heard in stage.cue_times()[1:] if name in ("round-start", "round-end")]
    assert len(cues) == 14
    assert max(abs(heard - due) for _, due, heard in cues) < 0.005


def test_a_stalled_conductor_costs_no_cue() -> None:
    stage = rounds()
    stage.run(28)
    stage.clock.now += 45.0
    stage.conductor.turn()
    stage.run(5)
    due = [name for name, at, _ in stage.cue_times() if 28 < at < 73]
    assert due == [
        "countdown 1",
        "round-start",
        "clapper",
        "countdown 3",
        "countdown 2",
        "countdown 1",
        "round-end",
    ]
    assert max(abs(heard - at) for _, at, heard in stage.cue_times()[1:]) < 0.001
    assert stage.level_at(63) == pytest.approx(level(1), abs=1e-3)
    assert stage.level_at(72) == pytest.approx(level(2), abs=1e-3)


def test_volumes_answer_and_reach_the_mixer() -> None:
    stage = rounds()
    stage.run(5)
    stage.press(Action.MUSIC_DOWN)
    stage.run(1)
    assert stage.conductor.snapshot().sound.music_volume == 95
    assert stage.level_at(5.9) == pytest.approx(level(0) * 0.95**3, rel=1e-3)
    stage.press(Action.MUTE)
    stage.run(1)
    assert stage.level_at(6.9) == 0.0
    stage.press(Action.CUES_DOWN)
    assert stage.conductor.snapshot().sound.cue_volume == 95
    stage.press(Action.MUTE)
    stage.run(1)
    assert stage.level_at(7.9) > 0.03


def test_stop_ends_with_a_short_fade() -> None:
    stage = rounds()
    stage.run(40)
    stage.press(Action.STOP)
    stage.run(2)
    assert stage.conductor.snapshot().state is EngineState.FINISHED
    assert not stage.conductor.snapshot().completed
    assert stage.level_at(41) == 0.0
    assert stage.of("finished")[0].text == "stopped"


def test_restart_begins_everything_again() -> None:
    stage = rounds()
    stage.run(50)
    stage.press(Action.RESTART)
    stage.run(32)
    assert stage.of("track")[-2].in_point_s == 0.0
    assert stage.conductor.snapshot().index == 1


def test_the_next_session_on_the_same_player_is_heard_like_the_first() -> None:
    stage = rounds()
    stage.run(40)
    stage.press(Action.STOP)
    stage.run(1)
    stage.reports.clear()
    again = Conductor(stage.parts, stage.clock, stage.reports.append)
    began = stage.clock.now
    again.begin()
    for _ in range(40 * 20):
        stage.clock.now += 0.05
        again.turn()
    assert {cue.cue_id for cue in stage.of("cue")} == {cue.cue_id for cue in stage.of("heard")}
    assert [track.kind for track in stage.of("track")] == ["warm-up", "work"]
    assert stage.level_at(began + 35 - START) == pytest.approx(level(1), abs=1e-3)


def test_rounds_skipped_are_not_counted_as_done() -> None:
    stage = rounds()
    work = [segment for segment in stage.timeline.segments if segment.kind is PhaseKind.WORK]
    stage.run(work[0].start_s + 1)
    stage.press(Action.SKIP)
    assert stage.conductor.snapshot().rounds_done == 0
    stage.run(200)
    assert stage.conductor.snapshot().completed
    assert stage.conductor.snapshot().rounds_done == len(work) - 1

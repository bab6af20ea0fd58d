"""What a session tells: reports, their lines and JSON, the answers to keys, the volumes."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.audio.score import CueMissed, CueSounded, SourceRef
from nbd_tui.keymap import Action
from nbd_tui.model.track import Track
from nbd_tui.session.actions import ENGINE_ACTIONS, WHEN_OVER, echo
from nbd_tui.session.arranger import Piece
from nbd_tui.session.report import Report
from nbd_tui.session.teller import Teller
from nbd_tui.session.volumes import Volumes
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import Engine
from nbd_tui.workout.events import Paused, Resumed, SessionStarted, TimeAdded
from nbd_tui.workout.preset import parse_preset

TIMELINE = compile_timeline(
    parse_preset(
        {
            "name": "Test",
            "blocks": [
                {
                    "phases": [
                        {"kind": "work", "duration": 30, "label": "Round {n}"},
                        {"kind": "rest", "duration": 20},
                        {"kind": "work", "duration": "open", "label": "All you have"},
                    ]
                }
            ],
        }
    )[0]
)


def told(*steps: str) -> list[Report]:
    """The reports of an engine at 100 s on which these methods were called a second apart."""
    reports: list[Report] = []
    teller, engine = Teller(reports.append), Engine(TIMELINE)
    for at, step in enumerate(steps, start=100):
        for event in getattr(engine, step)(float(at)):
            teller.event(event)
    return reports


def test_a_session_in_words() -> None:
    reports = told("start", "pause", "resume", "skip", "skip", "done")
    assert [line for line in (report.as_line() for report in reports) if line] == [
        "0:00  the workout begins",
        "0:00  Round 1: work, 0:30",
        "0:00  bell",
        "0:01  paused",
        "0:02  on we go",
        "0:03  bell, three times",
        "0:03  Rest, 0:20",
        "0:04  All you have: work, open",
        "0:04  bell",
        "0:05  finish bell",
        "0:05  the workout is over",
    ]


def test_the_session_time_goes_on_through_a_restart() -> None:
    reports = told("start", "advance", "restart")
    assert [report.session_s for report in reports if report.event == "session"] == [0.0, 2.0]


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (Report("track", 61.2, 0, title="Song", artist="Band"), "1:01  ♪ Song by Band"),
        (Report("track", 3725, 0, title="Song"), "1:02:05  ♪ Song"),
        (Report("track-failed", 5, 0, path="/m/a.mp3", text="it broke"), "0:05  cannot be played: /m/a.mp3: it broke"),
        (Report("sound", 0, 0, text="silent – no device"), "0:00  sound: silent – no device"),
        (Report("sound", -0.2, 0, text="vlc"), "0:00  sound: vlc"),
        (Report("music", 0, 0, text="no music found"), "0:00  no music found"),
        (Report("key", 9, 0, text="+15 s → 1:45"), "0:09  +15 s → 1:45"),
        (Report("cue", 9, 0, cue="countdown 3"), "0:09  3"),
        (Report("cue", 9, 0, cue="clapper"), "0:09  clapper"),
        (Report("cue-missed", 9, 0, cue_id="1"), "0:09  a signal came too late and was not sounded"),
        (Report("finished", 9, 0, text="stopped"), "0:09  stopped"),
        (Report("heard", 9, 0, cue_id="1"), ""),
        (Report("time", 9, 0, text="+15 s"), ""),
    ],
)
def test_each_event_has_its_line(report: Report, line: str) -> None:
    assert report.as_line() == line


@given(st.text(), st.text(), st.one_of(st.none(), st.floats(0, 1e6)))
def test_hostile_titles_survive_json(title: str, artist: str, bpm: float | None) -> None:
    reports: list[Report] = []
    track = Track(Path("/m/[/foo].mp3"), title, artist, bpm=bpm)
    Teller(reports.append).track(Piece(track, SourceRef("/m/x", 44_100), 10), TIMELINE.segments[0], 12.5)
    said = json.loads(json.dumps(reports[0].as_json(), ensure_ascii=True))
    assert said.get("title", "") == title
    assert said.get("artist", "") == artist
    assert said.get("bpm") == bpm
    assert (said["event"], said["in_point_s"], said["at"], said["kind"]) == ("track", 1.0, 12.5, "work")
    assert "bpm" in said or bpm is None


def test_cue_and_heard_share_an_id_and_zero_is_kept() -> None:
    reports = told("start")
    cue = next(report for report in reports if report.event == "cue")
    teller = Teller(reports.append)
    teller.heard(CueSounded(cue.cue_id, 0), 100.0)
    teller.heard(CueMissed(cue.cue_id, 0), 100.0)
    assert [report.as_json()["cue_id"] for report in reports[-2:]] == [cue.cue_id] * 2
    assert [report.event for report in reports[-2:]] == ["heard", "cue-missed"]
    assert reports[-1].as_json()["session_s"] == 0.0


def test_sound_and_music_are_told_when_they_change() -> None:
    reports: list[Report] = []
    teller = Teller(reports.append)
    for output, reason in (("", ""), ("vlc", ""), ("vlc", ""), ("silent", "no device"), ("vlc", "")):
        teller.sound(output, reason, 0.0)
    for note in ("", "no music found", "no music found", ""):
        teller.music(note, 0.0)
    assert [report.text for report in reports] == [
        "vlc",
        "silent – no device",
        "vlc",
        "no music found",
        "there is music",
    ]


@pytest.mark.parametrize("action", [action for action in ENGINE_ACTIONS if isinstance(action, Action)])
@pytest.mark.parametrize("before", [(), ("start",), ("start", "pause"), ("start", "skip", "skip"), ("start", "stop")])
def test_every_key_of_the_timer_is_answered(action: Action, before: tuple[str, ...]) -> None:
    engine = Engine(TIMELINE)
    for step in before:
        getattr(engine, step)(100.0)
    caused = ENGINE_ACTIONS[action](engine, 105.0)
    answer = echo(action, caused, engine.state)
    if before:
        assert answer
    assert "{" not in answer
    assert "." not in answer.replace("...", "")


@pytest.mark.parametrize(
    ("action", "before", "answer"),
    [
        (Action.PAUSE, (), "paused"),
        (Action.SKIP, (), "skipped to Rest"),
        (Action.BACK, (), "back to Round 1"),
        (Action.UNDO_SKIP, ("skip",), "undone: Round 1"),
        (Action.UNDO_SKIP, (), "nothing to undo"),
        (Action.DONE, (), "done is for open phases"),
        (Action.DONE, ("skip", "skip"), "the workout is over"),
        (Action.ADD_TIME, (), "+15 s → 0:40"),
        (Action.REMOVE_TIME, (), "−15 s → 0:10"),
        (Action.ADD_TIME, ("skip", "skip"), "an open phase has no end to move"),
        (Action.RESTART, ("stop",), "from the beginning: Round 1"),
        (Action.STOP, (), "stopped"),
        (Action.SKIP, ("stop",), WHEN_OVER),
    ],
)
def test_the_words_of_the_answers(action: Action, before: tuple[str, ...], answer: str) -> None:
    engine = Engine(TIMELINE)
    for step in ("start", *before):
        getattr(engine, step)(100.0)
    caused = ENGINE_ACTIONS[action](engine, 105.4)
    assert echo(action, caused, engine.state) == answer


def test_events_that_change_nothing_are_not_told() -> None:
    reports: list[Report] = []
    teller = Teller(reports.append)
    teller.event(TimeAdded(1.0, 0.0, 5.0))
    assert reports == []
    for event in (SessionStarted(1.0), Paused(2.0), Resumed(3.0, 1.0)):
        teller.event(event)
    assert [report.event for report in reports] == ["session", "paused", "resumed"]


@given(st.lists(st.tuples(st.sampled_from(["music", "cues", "mute"]), st.integers(-3, 3))))
def test_volumes_stay_within_their_bounds(turns: list[tuple[str, int]]) -> None:
    volumes = Volumes()
    for what, steps in turns:
        if what == "mute":
            volumes = volumes.toggled_mute()
        else:
            volumes = volumes.louder_music(steps) if what == "music" else volumes.louder_cues(steps)
        levels = volumes.levels()
        assert 0 <= volumes.music <= 100
        assert 0 <= volumes.cues <= 100
        assert 0.0 <= levels.music <= 1.0
        assert (levels.music == 0.0) == (volumes.muted or volumes.music == 0)
        assert levels.cues == pytest.approx((volumes.cues / 100) ** 3)


def test_turning_the_music_unmutes_it_and_the_bells_are_never_muted() -> None:
    muted = Volumes().toggled_mute()
    assert muted.levels().music == 0.0
    assert muted.levels().cues == Volumes().levels().cues
    assert not muted.louder_music(1).muted
    assert muted.louder_cues(1).muted
    assert muted.toggled_mute() == Volumes()

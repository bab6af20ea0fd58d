"""A session with its announcer, over the real conductor, mixer and clips, driven by a fake clock."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.keymap import Action
from nbd_tui.media.cue_files import load_clip
from nbd_tui.model.units import RATE, Seconds
from nbd_tui.paths import asset
from nbd_tui.session import announcer as announcer_module
from nbd_tui.session.announcer import Announcer, AnnouncerPort, labels_said
from nbd_tui.session.voice_book import VoiceBook
from nbd_tui.workout.phrases import Label
from nbd_tui.workout.timeline import Timeline
from tests.unit.session.offline import START, Stage

VOICE = asset("voice")

ROUNDS: list[dict[str, object]] = [
    {"phases": [{"kind": "prepare", "duration": 10}]},
    {"repeat": 2, "phases": [{"kind": "work", "duration": 40}, {"kind": "rest", "duration": 20}]},
    {"phases": [{"kind": "cool-down", "duration": 30}]},
]
"""prepare 0–10, work 10–50, rest 50–70, work 70–110, cool-down 110–140."""


def in_words(timeline: Timeline) -> AnnouncerPort:
    book = VoiceBook(VOICE)
    book.start()
    book.join(10)
    return Announcer(timeline, book, labels=False)


def a_session(blocks: list[dict[str, object]] | None = None, **options: object) -> Stage:
    return Stage(blocks or ROUNDS, announcer=in_words, **options).begin()  # type: ignore[arg-type]


def said(stage: Stage) -> list[tuple[str, float]]:
    return [(report.text, report.at - START) for report in stage.of("said")]


def words(stage: Stage) -> list[str]:
    return [text for text, _ in said(stage)]


def energy(stage: Stage, start_s: Seconds, end_s: Seconds) -> float:
    """RMS of what is heard without what is constant: the tracks of these tests are."""
    part = stage.player.heard[round(start_s * RATE) : round(end_s * RATE), 0]
    return float(np.sqrt(np.mean(np.diff(part) ** 2)))


def test_a_whole_workout_is_announced_and_its_bells_stay_where_they_are() -> None:
    stage = a_session()
    stage.run(150)
    assert words(stage) == [
        "get ready", "round 1", "10 seconds", "rest", "last round", "10 seconds", "cool down", "workout complete",
    ]  # fmt: skip
    cues = stage.cue_times()
    assert len(cues) == sum(len(segment.cues) for segment in stage.timeline.segments)
    assert max(abs(heard - due) for _, due, heard in cues[1:]) < 0.001
    assert not stage.of("unsaid")


def test_it_is_heard_where_it_was_planned_and_nowhere_else() -> None:
    stage = a_session()
    stage.run(60)
    at = next(at for text, at in said(stage) if text == "round 1")
    assert 5.0 < at < 6.0
    spoken = load_clip(VOICE / "round.wav")[:, 0]
    first = round(at * RATE)
    heard = stage.player.heard[first : first + len(spoken), 0]
    music = float(stage.player.heard[first - 2000, 0])
    assert np.abs(heard - music - spoken)[2000:].max() < 0.35
    assert np.corrcoef(heard, spoken)[0, 1] > 0.95
    assert energy(stage, at - 1.5, at - 0.01) < 0.01 * energy(stage, at, at + 0.4)


def test_the_music_steps_back_under_it_and_comes_back_after_it() -> None:
    stage = a_session(duck_db=-12.0)
    stage.run(60)
    at = next(at for text, at in said(stage) if text == "round 1")
    around = [stage.level_at(at - 1.0), stage.level_at(at - 2 / RATE), stage.level_at(at + 2.0)]
    assert around[1] == pytest.approx(around[0] * 10 ** (-12 / 20), rel=0.02)
    assert around[2] == pytest.approx(around[0], rel=0.02)


def test_a_phase_one_has_skipped_to_is_named_at_once_after_its_bell() -> None:
    stage = a_session()
    stage.run(3)
    stage.press(Action.SKIP)
    stage.run(3)
    assert words(stage) == ["get ready", "round 1"]
    bell = stage.cue_times()[-1]
    assert bell[0] == "round-start"
    assert 0.5 <= said(stage)[-1][1] - bell[2] <= 0.8
    stage.press(Action.SKIP)
    stage.run(3)
    assert words(stage)[-1] == "rest"
    assert 1.0 <= said(stage)[-1][1] - stage.cue_times()[-1][2] <= 1.3


def test_what_a_key_leads_away_from_is_not_said() -> None:
    stage = a_session()
    stage.run(45)
    stage.press(Action.SKIP)
    stage.run(0.5)
    stage.press(Action.SKIP)
    stage.run(4)
    assert words(stage)[-2:] == ["10 seconds", "last round"]
    assert "rest" not in words(stage)


def test_added_time_moves_what_is_said_with_its_cues() -> None:
    stage = a_session()
    stage.run(39)
    stage.press(Action.ADD_TIME)
    stage.run(30)
    ten = [at for text, at in said(stage) if text == "10 seconds"]
    assert ten == [pytest.approx(55.5, abs=0.1)]
    assert [at for text, at in said(stage) if text == "rest"] == [pytest.approx(66.1, abs=0.1)]


def test_a_round_that_time_taken_away_leaves_no_time_for_is_named_after_its_bell() -> None:
    stage = a_session([{"phases": [{"kind": "prepare", "duration": 15}, {"kind": "work", "duration": 40}]}])
    stage.run(4)
    stage.press(Action.REMOVE_TIME)
    stage.run(6)
    assert words(stage) == ["get ready", "work"]
    bell = next(heard for cue, _, heard in stage.cue_times() if cue == "round-start")
    assert said(stage)[-1][1] > bell + 0.5


def test_a_pause_says_so_and_silences_what_was_to_come() -> None:
    stage = a_session()
    stage.run(4)
    stage.press(Action.PAUSE)
    stage.run(30)
    assert words(stage) == ["get ready", "paused"]
    stage.press(Action.PAUSE)
    stage.run(3)
    assert words(stage) == ["get ready", "paused", "get ready", "round 1"]


def test_pausing_twice_in_a_breath_says_both() -> None:
    stage = a_session()
    stage.run(20)
    for _ in range(2):
        stage.press(Action.PAUSE)
        stage.run(1.5)
    assert words(stage)[-2:] == ["paused", "go"]


def test_a_phase_one_goes_back_to_is_named_again() -> None:
    stage = a_session()
    stage.run(30)
    stage.press(Action.BACK)
    stage.run(3)
    assert words(stage) == ["get ready", "round 1", "round 1"]


def test_open_phases_are_named_and_what_follows_them_too() -> None:
    stage = a_session(
        [{"repeat": 2, "phases": [{"kind": "work", "duration": "open"}, {"kind": "rest", "duration": 20}]}]
    )
    stage.run(30)
    stage.press(Action.DONE)
    stage.run(25)
    assert words(stage) == ["round 1", "rest", "last round"]


def test_what_lies_further_ahead_than_is_planned_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcer_module, "AHEAD_S", 20.0)
    monkeypatch.setattr(announcer_module, "AGAIN_S", 8.0)
    blocks: list[dict[str, object]] = [
        {"repeat": 5, "phases": [{"kind": "work", "duration": 10}, {"kind": "rest", "duration": 8}]}
    ]
    stage = a_session(blocks)
    stage.run(85)
    assert words(stage)[-2:] == ["last round", "workout complete"]


def test_a_clip_that_is_broken_is_reported_and_the_session_goes_on(tmp_path: Path) -> None:
    for file in VOICE.glob("*.wav"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    book = VoiceBook(tmp_path)
    book.start()
    book.join(10)
    (tmp_path / "round.wav").write_bytes(b"RIFF nonsense")
    stage = Stage(ROUNDS, announcer=lambda timeline: Announcer(timeline, book, labels=False)).begin()
    stage.run(60)
    assert words(stage) == ["get ready", "10 seconds", "rest"]
    assert [report.text for report in stage.of("unsaid")] == ["round 1"]
    assert not stage.of("cue-missed")


class FakeSpeech:
    """Says a label with the clip of another word, when it may."""

    def __init__(self, failing: Iterable[str] = (), broken: bool = False) -> None:
        self.asked: list[str] = []
        self.may_speak = Event()
        self._failing = set(failing)
        self._broken = broken

    def clip(self, label: str) -> Path:
        self.may_speak.wait(10)
        self.asked.append(label)
        if self._broken:
            raise CircumstanceError("there is no speech engine")
        if label in self._failing:
            raise DecodeError("cannot be said")
        return VOICE / "halfway.wav"

    def stop(self) -> None:
        self.may_speak.set()


EXERCISES: list[dict[str, object]] = [
    {
        "phases": [
            {"kind": "prepare", "duration": 10},
            {"kind": "work", "duration": 20, "label": "Burpees"},
            {"kind": "rest", "duration": 20},
            {"kind": "work", "duration": 20, "label": "Squats"},
        ]
    }
]


def with_labels(speech: FakeSpeech, *, wait: bool = True) -> tuple[Stage, VoiceBook]:
    books: list[VoiceBook] = []

    def announcer(timeline: Timeline) -> AnnouncerPort:
        books.append(VoiceBook(VOICE, labels_said(timeline.segments), speech))
        books[0].start()
        if wait:
            speech.may_speak.set()
            books[0].join(10)
        return Announcer(timeline, books[0], labels=True)

    return Stage(EXERCISES, announcer=announcer).begin(), books[0]


def test_labels_are_said_where_they_are_rendered() -> None:
    stage, _ = with_labels(speech := FakeSpeech())
    stage.run(75)
    assert speech.asked == ["Burpees", "Squats"]
    assert words(stage) == ["get ready", "Burpees", "rest, next Squats", "Squats", "workout complete"]


def test_a_label_that_fails_falls_back_to_the_round() -> None:
    stage, _ = with_labels(FakeSpeech(failing=["Burpees"]))
    stage.run(75)
    assert words(stage) == ["get ready", "round 1", "rest, next Squats", "Squats", "workout complete"]


def test_without_an_engine_all_labels_fall_back_and_none_is_tried_again() -> None:
    stage, _ = with_labels(speech := FakeSpeech(broken=True))
    stage.run(75)
    assert speech.asked == ["Burpees"]
    assert words(stage) == ["get ready", "round 1", "rest", "last round", "workout complete"]


def test_a_label_rendered_late_is_said_from_then_on_and_nothing_waits_for_it() -> None:
    stage, book = with_labels(speech := FakeSpeech(), wait=False)
    while not book.length_of(("rest",)):
        Event().wait(0.01)
    stage.run(15)
    speech.may_speak.set()
    book.join(10)
    stage.run(60)
    assert words(stage)[-4:] == ["round 1", "rest, next Squats", "Squats", "workout complete"]


def test_closing_a_book_ends_its_thread() -> None:
    book = VoiceBook(VOICE, ["Burpees", "Squats"], speech := FakeSpeech())
    book.start()
    book.close()
    book.join(10)
    assert len(speech.asked) <= 1
    assert book.length_of((Label("Squats"),)) is None

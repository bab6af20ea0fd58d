"""What phases are called."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.phrases import PAUSE, Label, Phrase, clip_words, names, names_at_start, number_words, seconds_left
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.timeline import Segment
from tests.unit.workout.strategies import presets

CLIPS = clip_words()


def work(label: str, round_: int | None = None, rounds: int | None = None, set: int = 1, sets: int = 1) -> Segment:  # noqa: A002
    return Segment(0, PhaseKind.WORK, label, 0.0, 40.0, round_, rounds, set, sets)


def idle(kind: PhaseKind, label: str = "", duration_s: float | None = 60.0) -> Segment:
    return Segment(0, kind, label or kind.value.capitalize(), 0.0, duration_s)


def test_every_word_has_a_clip_and_every_clip_a_use() -> None:
    shipped = {file.stem for file in (Path(__file__).parents[3] / "assets" / "voice").glob("*.wav")}
    assert shipped == clip_words()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1"), (21, "21"), (30, "30"), (31, "30 1"), (40, "40"), (99, "90 9"), (100, "1 hundred"),
        (101, "1 hundred 1"), (145, "1 hundred 40 5"), (999, "9 hundred 90 9"), (0, ""), (1000, ""), (-3, ""),
    ],
)  # fmt: skip
def test_numbers(number: int, words: str) -> None:
    assert " ".join(number_words(number)) == words


@given(st.integers(1, 999))
def test_the_words_of_a_number_say_that_number(number: int) -> None:
    total = 0
    for word in number_words(number):
        total = total * 100 if word == "hundred" else total + int(word)
    assert total == number


@pytest.mark.parametrize(
    ("segment", "best"),
    [
        (work("Round 2 of 5", 2, 5), ("round", "2")),
        (work("Round 5 of 5", 5, 5), ("last-round",)),
        (work("Round 1 of 1", 1, 1), ("round", "1")),
        (work("ROUND 31/40", 31, 40), ("round", "30", "1")),
        (work("Minute 10 of 10", 10, 10), ("last", "minute")),
        (work("Set 2 of 5", 2, 5), ("set", "2")),
        (work("Set 2", 2, 5), ("set", "2")),
        (work("Set 5", 5, 5), ("last", "set")),
        (work("Set 2 of 3, station 1 of 6", 1, 6, set=2, sets=3), ("set", "2", PAUSE, "station", "1")),
        (work("Set 2 of 3, station 4 of 6", 4, 6, set=2, sets=3), ("station", "4")),
        (work("Set 3 of 3, station 1 of 6", 1, 6, set=3, sets=3), ("last", "set", PAUSE, "station", "1")),
        (work("Burpees", 3, 8), ("round", "3")),
        (work("Burpees", 1, 8, set=2, sets=3), ("set", "2", PAUSE, "round", "1")),
        (work("Work", 1, 1), ("work",)),
        (idle(PhaseKind.REST), ("rest",)),
        (idle(PhaseKind.PREPARE, "Gloves on"), ("get-ready",)),
        (idle(PhaseKind.COOL_DOWN, "Walk it off"), ("cool-down",)),
    ],
)
def test_the_best_name_in_words_alone(segment: Segment, best: Phrase) -> None:
    assert names(segment, labels=False)[0] == best


@pytest.mark.parametrize(
    ("segment", "phrases"),
    [
        (work("Burpees", 3, 8), ((Label("Burpees"),), ("round", "3"))),
        (
            work("Burpees", 1, 8, set=2, sets=3),
            (
                ("set", "2", PAUSE, Label("Burpees")),
                (Label("Burpees"),),
                ("set", "2", PAUSE, "round", "1"),
                ("set", "2"),
            ),
        ),
        (work("Round 2 of 5", 2, 5), (("round", "2"),)),
        (work("Round 2 of hell", 2, 5), ((Label("Round 2 of hell"),), ("round", "2"))),
        (idle(PhaseKind.PREPARE, "Gloves on"), ((Label("Gloves on"),), ("get-ready",))),
        (idle(PhaseKind.PREPARE, "Get ready!"), (("get-ready",),)),
        (idle(PhaseKind.WARM_UP, "WARM UP"), (("warm-up",),)),
    ],
)
def test_names_with_labels_fall_back_to_words(segment: Segment, phrases: tuple[Phrase, ...]) -> None:
    assert names(segment, labels=True) == phrases


def test_a_longer_rest_begins_with_the_exercise_to_come() -> None:
    rest, squats = idle(PhaseKind.REST), work("Squats", 2, 8)
    assert names_at_start(rest, squats, labels=True) == (("rest", PAUSE, "next", Label("Squats")), ("rest",))
    assert names_at_start(rest, squats, labels=False) == (("rest",),)
    assert names_at_start(idle(PhaseKind.REST, duration_s=10), squats, labels=True) == (("rest",),)
    assert names_at_start(rest, work("Round 2 of 8", 2, 8), labels=True) == (("rest",),)
    assert names_at_start(rest, None, labels=True) == (("rest",),)


@pytest.mark.parametrize(("left_s", "phrase"), [(10.0, "10 seconds"), (45.0, "40 5 seconds"), (2.5, ""), (1.0, "")])
def test_seconds_left(left_s: float, phrase: str) -> None:
    assert " ".join(map(str, seconds_left(left_s))) == phrase


@given(presets(), st.booleans())
def test_any_phase_has_a_name_in_shipped_words(preset: Preset, labels: bool) -> None:
    for segment in compile_timeline(preset).segments:
        last = names(segment, labels=labels)[-1]
        assert set(last) <= CLIPS | {PAUSE}


@given(st.text(max_size=60))
def test_any_label_has_a_name(label: str) -> None:
    for kind in PhaseKind:
        phrases = names(Segment(0, kind, label, 0.0, 40.0, 2, 5), labels=True)
        assert set(phrases[-1]) <= CLIPS | {PAUSE}

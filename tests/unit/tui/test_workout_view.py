"""What the workout screen says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.session.snapshot import Echo, SessionSnapshot, SoundState
from nbd_tui.tui.keys import fitting
from nbd_tui.tui.screens.workout import workout_hints
from nbd_tui.tui.workout_view import Mood, glance, left_text, phase_done, workout_view
from nbd_tui.workout.engine import EngineState
from tests.screens.fake_session import HOSTILE, builtin, moment

MMA = builtin("mma-5x5").preset
STRENGTH = builtin("strength").preset
CIRCUIT = builtin("circuit").preset
TABATA = builtin("tabata").preset
ROUND_2, REST_1, COOL_DOWN = 4, 3, 11


def at(snapshot: SessionSnapshot, **changes: object) -> SessionSnapshot:
    return replace(snapshot, **changes)  # type: ignore[arg-type]


def test_a_round_of_work() -> None:
    view = workout_view(moment(MMA, ROUND_2, 91), 0.0)
    assert (view.time, view.word, view.mood) == ("3:29", "W O R K", Mood.WORK)
    assert (view.round, view.name, view.left) == ("ROUND 2 of 5", "MMA 5 × 5", "24:29 left")
    assert view.next == "REST 1:00, then ROUND 3"
    assert (view.track, view.track_note) == ("Wolf Like Me · TV on the Radio", "138 BPM")
    assert view.sound == "vlc · music 70 · bell 90"
    assert view.word_note == ""


def test_a_rest_keeps_the_round_it_follows() -> None:
    view = workout_view(moment(MMA, REST_1, 10), 0.0)
    assert (view.time, view.word, view.round) == ("0:50", "R E S T", "ROUND 1 of 5")
    assert view.next == "ROUND 2 5:00, then REST"


def test_the_first_and_last_second_of_a_phase() -> None:
    assert workout_view(moment(MMA, ROUND_2, 0.0), 0.0).time == "5:00"
    assert workout_view(moment(MMA, ROUND_2, 299.97), 0.0).time == "0:01"
    assert workout_view(moment(MMA, ROUND_2, 300.0), 0.0).time == "0:01"


@pytest.mark.parametrize(("gone_s", "mood"), [(289.9, Mood.WORK), (290.0, Mood.LAST), (299.0, Mood.LAST)])
def test_the_last_ten_seconds_of_work(gone_s: float, mood: Mood) -> None:
    assert workout_view(moment(MMA, ROUND_2, gone_s), 0.0).mood is mood


def test_only_work_has_last_seconds_and_short_work_keeps_its_green() -> None:
    assert workout_view(moment(MMA, REST_1, 55), 0.0).mood is Mood.REST
    work = next(index for index, one in enumerate(moment(TABATA, 0).segments) if one.duration_s == 20)
    assert workout_view(moment(TABATA, work, 9.9), 0.0).mood is Mood.WORK
    assert workout_view(moment(TABATA, work, 10.1), 0.0).mood is Mood.LAST


def test_an_open_phase_counts_up() -> None:
    index = next(one.index for one in moment(STRENGTH, 0).segments if one.duration_s is None)
    view = workout_view(moment(STRENGTH, index, 47.9), 0.0)
    assert (view.time, view.is_open) == ("0:47", True)
    assert view.round == "Set 1 of 5"
    assert view.left.endswith("+ open")
    assert view.next == "REST 1:30, then Set 2 of 5"


def test_the_part_of_a_phase_that_is_over() -> None:
    assert phase_done(moment(MMA, ROUND_2, 75.0)) == 0.25
    assert phase_done(at(moment(MMA, ROUND_2), remaining_s=-1.0)) == 1.0
    assert phase_done(at(moment(MMA, ROUND_2), remaining_s=None, duration_s=None)) == 0.0


def test_most_looks_change_nothing() -> None:
    views = {workout_view(moment(MMA, ROUND_2, 91.0 + tenth / 10), 0.0) for tenth in range(1, 10)}
    assert len(views) == 1


@given(
    preset=st.sampled_from(["mma-5x5", "strength", "tabata"]),
    index=st.integers(0, 9),
    gone_s=st.lists(st.floats(0, 9.99), min_size=2, max_size=2),
    echo_age_s=st.lists(st.floats(0, 4), min_size=2, max_size=2),
    changes=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "state": st.sampled_from([EngineState.RUNNING, EngineState.PAUSED, EngineState.FINISHED]),
                "pause_s": st.floats(0, 3),
                "can_undo_skip": st.booleans(),
                "track": st.sampled_from([None, HOSTILE]),
                "track_note": st.sampled_from(["", "broken"]),
                "sound": st.sampled_from([SoundState(), SoundState("vlc"), SoundState("silent", "no device")]),
            },
        ),
        min_size=2,
        max_size=2,
    ),
)
def test_equal_glances_are_equal_views(
    preset: str, index: int, gone_s: list[float], echo_age_s: list[float], changes: list[dict[str, object]]
) -> None:
    snapshots = [
        at(moment(builtin(preset).preset, index, gone), **change) for gone, change in zip(gone_s, changes, strict=True)
    ]
    moments = [(at(one, echo=Echo("+15 s", 0.0)), age_s) for one, age_s in zip(snapshots, echo_age_s, strict=True)]
    if glance(*moments[0]) == glance(*moments[1]):
        assert workout_view(*moments[0]) == workout_view(*moments[1])


def test_most_glances_are_equal() -> None:
    """Of the ten looks a second at a phase that runs."""
    preset = builtin("mma-5x5").preset
    assert len({glance(moment(preset, 4, tenth / 10), 1000.0)[:5] for tenth in range(50)}) == 5


def test_sets_are_told_once() -> None:
    segments = moment(CIRCUIT, 0).segments
    work = next(one.index for one in segments if one.round == 2)
    assert workout_view(moment(CIRCUIT, work), 0.0).round == "Set 1 of 3, station 2 of 6"
    plain = tuple(replace(one, label="") for one in segments)
    assert workout_view(at(moment(CIRCUIT, work), segments=plain), 0.0).round == "ROUND 2 of 6 · SET 1 of 3"


def test_a_label_of_its_own_stands_beside_the_word() -> None:
    segments = tuple(replace(one, label="Burpees") for one in moment(MMA, 0).segments)
    view = workout_view(at(moment(MMA, REST_1), segments=segments), 0.0)
    assert view.word_note == "Burpees"
    assert view.next == "Burpees (5:00), then REST"


def test_the_last_phase_says_so() -> None:
    view = workout_view(moment(MMA, COOL_DOWN), 0.0)
    assert view.next == "last phase"
    assert workout_view(moment(MMA, COOL_DOWN - 1), 0.0).next == "COOL-DOWN 3:00, then done"
    assert view.round == "PHASE 12 of 12"


def test_paused() -> None:
    view = workout_view(at(moment(MMA, ROUND_2, 295), state=EngineState.PAUSED, pause_s=42.9), 0.0)
    assert (view.word, view.mood, view.is_paused) == ("PAUSED 0:42", Mood.PAUSED, True)
    assert view.time == "0:05"


def test_an_echo_stands_for_two_seconds() -> None:
    said = at(moment(MMA, ROUND_2), echo=Echo("+15 s → 3:44", 100.0))
    assert workout_view(said, 101.9).echo == "+15 s → 3:44"
    assert workout_view(said, 102.0).echo == ""


@pytest.mark.parametrize(
    ("duration_s", "gone_s", "time", "widest"),
    [
        (300, 0, "5:00", "0:00"),
        (600, 1, "9:59", "00:00"),
        (600, 0, "10:00", "00:00"),
        (4000, 0, "1:06:40", "0:00:00"),
        (4000, 500, "58:20", "00:00"),
        (36000, 0, "10:00:00", "00:00:00"),
    ],
)
def test_digits_keep_their_place_within_a_phase(duration_s: float, gone_s: float, time: str, widest: str) -> None:
    left_s = duration_s - gone_s
    view = workout_view(at(moment(MMA, ROUND_2), remaining_s=left_s, duration_s=duration_s), 0.0)
    assert (view.time, view.widest_time) == (time, widest)


@pytest.mark.parametrize(
    ("total_s", "open_left", "text"),
    [(1880.0, False, "31:20 left"), (1880.0, True, "31:20 + open"), (0.0, True, "open end"), (0.2, False, "0:01 left")],
)
def test_totals(total_s: float, open_left: bool, text: str) -> None:
    assert left_text(total_s, open_left=open_left) == text


def test_no_track_says_why() -> None:
    view = workout_view(at(moment(MMA, ROUND_2), track=None, track_note="no music folder"), 0.0)
    assert view.track == "no music folder"
    assert workout_view(at(moment(MMA, ROUND_2), track=None), 0.0).track == ""


def test_hostile_tags_are_text() -> None:
    view = workout_view(at(moment(MMA, ROUND_2), track=HOSTILE), 0.0)
    assert view.track.startswith("[/foo]")
    assert "[Remix]" in view.track
    assert view.track.isprintable()
    view.track.encode("utf-8")


def test_hints_name_the_users_keys_and_what_helps_now() -> None:
    running = workout_view(moment(MMA, ROUND_2, 91), 0.0)
    assert workout_hints(running, {})[:2] == ["space pause", "→ skip"]
    assert workout_hints(running, {"workout.pause": "p"})[0] == "p pause"
    paused = workout_view(at(moment(MMA, ROUND_2), state=EngineState.PAUSED), 0.0)
    assert workout_hints(paused, {})[0] == "space go on"
    skipped = workout_view(at(moment(MMA, ROUND_2), can_undo_skip=True), 0.0)
    assert "u undo" in workout_hints(skipped, {})


def test_whole_hints_go_until_the_line_fits_but_end_and_help_stay() -> None:
    hints = ["space pause", "→ skip", "n other track", "q end", "? all keys"]
    assert fitting(hints, 100) == "space pause  → skip  n other track  q end  ? all keys"
    assert fitting(hints, 40) == "space pause  → skip  q end  ? all keys"
    assert fitting(hints, 17) == "q end  ? all keys"
    assert fitting(hints, 5) == "? all keys"

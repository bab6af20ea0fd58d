import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.paths import asset
from nbd_tui.soundtrack.stretch import LONGEST_S, Stretch, plan_stretches, wishes
from nbd_tui.soundtrack.taste import SHORT_REST_S
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.timeline import Segment

PREPARE, WARM_UP, WORK, REST, BREAK, COOL_DOWN = PhaseKind
Phases = list[tuple[PhaseKind, float | None]]

PHASES = st.lists(
    st.tuples(st.sampled_from(PhaseKind), st.none() | st.sampled_from([0.0, 5.0, 10.0, 19.9, 20.0, 60.0, 300.0])),
    max_size=30,
)


def segments(phases: Phases) -> tuple[Segment, ...]:
    start_s, made = 0.0, []
    for index, (kind, duration_s) in enumerate(phases):
        made.append(Segment(index, kind, kind.value, start_s, duration_s))
        start_s += duration_s or 0.0
    return tuple(made)


def plan(phases: Phases) -> list[tuple[PhaseKind, int, int]]:
    return [(s.kind, s.first_index, s.last_index) for s in plan_stretches(segments(phases))]


def test_tabata_is_one_track_that_dips_in_the_rests() -> None:
    tabata: Phases = [(PREPARE, 10.0), *([(WORK, 20.0), (REST, 10.0)] * 7), (WORK, 20.0)]
    assert plan_stretches(segments(tabata)) == (Stretch(WORK, 0, 15, frozenset({0, 2, 4, 6, 8, 10, 12, 14})),)


def test_boxing_changes_at_every_bell() -> None:
    boxing: Phases = [(WARM_UP, 180.0), (WORK, 180.0), (REST, 60.0), (WORK, 180.0), (REST, 60.0), (WORK, 180.0)]
    assert plan(boxing) == [(kind, index, index) for index, (kind, _) in enumerate(boxing)]


def test_emom_shares_a_track_for_a_few_minutes() -> None:
    emom: Phases = [(PREPARE, 10.0), *([(WORK, 60.0)] * 10)]
    assert plan(emom) == [(WORK, 0, 3), (WORK, 4, 7), (WORK, 8, 10)]


def test_rests_of_twenty_seconds_have_music_of_their_own() -> None:
    circuit: Phases = [(WORK, 40.0), (REST, 20.0), (WORK, 40.0), (BREAK, 90.0), (WORK, 40.0)]
    assert [kind for kind, _, _ in plan(circuit)] == [WORK, REST, WORK, BREAK, WORK]


def test_open_sets_with_rests_change_each_time() -> None:
    strength: Phases = [(WARM_UP, 300.0), (WORK, None), (REST, 90.0), (WORK, None), (REST, 90.0), (WORK, None)]
    assert [kind for kind, _, _ in plan(strength)] == [WARM_UP, WORK, REST, WORK, REST, WORK]


def test_the_demo_has_a_track_for_each_phase() -> None:
    demo: Phases = [(PREPARE, 5.0), (WARM_UP, 25.0), (WORK, 30.0), (REST, 20.0), (WORK, 30.0), (COOL_DOWN, 15.0)]
    assert plan(demo) == [(WARM_UP, 0, 1), (WORK, 2, 2), (REST, 3, 3), (WORK, 4, 4), (COOL_DOWN, 5, 5)]


def test_a_longer_lead_in_does_not_cut_a_tabata() -> None:
    assert plan([(PREPARE, 19.0), *([(WORK, 20.0), (REST, 10.0)] * 8)]) == [(WORK, 0, 16)]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("tabata", "work"),
        ("boxing-3x2", "warm-up work rest work rest work cool-down"),
        ("emom-10", "work work work cool-down"),
        (
            "circuit",
            f"warm-up {' break '.join(['work rest work rest work rest work rest work rest work'] * 3)} cool-down",
        ),
        ("strength", "warm-up work rest work rest work rest work rest work"),
        ("demo", "warm-up work rest work cool-down"),
    ],
)
def test_the_music_of_the_presets_that_come_along(name: str, changes: str) -> None:
    preset = Preset.model_validate(tomllib.loads(asset("presets", f"{name}.toml").read_text(encoding="utf-8")))
    assert [stretch.kind.value for stretch in plan_stretches(compile_timeline(preset).segments)] == changes.split()


def test_prepare_before_a_warm_up_is_its_undipped_beginning() -> None:
    assert plan_stretches(segments([(PREPARE, 30.0), (WARM_UP, 60.0)])) == (Stretch(WARM_UP, 0, 1),)


def test_a_long_prepare_before_work_is_a_quiet_stretch_of_its_own() -> None:
    assert plan([(PREPARE, 20.0), (WORK, 60.0)]) == [(PREPARE, 0, 0), (WORK, 1, 1)]


def test_getting_ready_after_a_rest_belongs_to_the_coming_work() -> None:
    stretches = plan_stretches(segments([(WORK, 60.0), (REST, 60.0), (PREPARE, 10.0), (WORK, 60.0)]))
    assert stretches[-1] == Stretch(WORK, 2, 3, frozenset({2}))


def test_a_short_rest_at_the_end_stays_with_the_work() -> None:
    stretches = plan_stretches(segments([(WORK, 60.0), (REST, 10.0), (COOL_DOWN, 60.0)]))
    assert stretches == (Stretch(WORK, 0, 1, frozenset({1})), Stretch(COOL_DOWN, 2, 2))


def test_a_short_break_in_calm_music_is_not_dipped() -> None:
    assert plan_stretches(segments([(REST, 60.0), (BREAK, 10.0), (WORK, 60.0)]))[0] == Stretch(REST, 0, 1)


def test_a_long_run_with_dips_changes_on_a_bell() -> None:
    stretches = plan_stretches(segments([(WORK, 40.0), (REST, 10.0)] * 12))
    assert [(s.first_index, s.last_index) for s in stretches] == [(0, 7), (8, 15), (16, 23)]
    assert all(segments([(WORK, 40.0), (REST, 10.0)] * 12)[s.first_index].kind is WORK for s in stretches)


def test_a_phase_longer_than_a_song_is_not_cut() -> None:
    assert plan([(WORK, 600.0), (WORK, 600.0)]) == [(WORK, 0, 0), (WORK, 1, 1)]


@given(PHASES)
def test_every_segment_is_in_exactly_one_stretch(phases: Phases) -> None:
    covered = [i for s in plan_stretches(segments(phases)) for i in range(s.first_index, s.last_index + 1)]
    assert covered == list(range(len(phases)))


@given(PHASES)
def test_only_short_pauses_are_dipped_and_never_the_music_s_own_phase(phases: Phases) -> None:
    for stretch in plan_stretches(segments(phases)):
        for index in stretch.dipped:
            kind, duration_s = phases[index]
            assert kind in {PREPARE, REST, BREAK}
            assert duration_s is not None
            assert duration_s < SHORT_REST_S
            assert stretch.first_index <= index <= stretch.last_index


@given(PHASES)
def test_a_shared_track_is_not_asked_to_last_much_longer_than_a_song(phases: Phases) -> None:
    made = segments(phases)
    for stretch in plan_stretches(made):
        lengths = [
            60.0 if (s := made[i].duration_s) is None else s for i in range(stretch.first_index, stretch.last_index + 1)
        ]
        own = [i for i in range(stretch.first_index, stretch.last_index + 1) if made[i].kind is stretch.kind]
        if len(own) > 1:
            assert sum(lengths) < 2 * LONGEST_S + max(lengths)


@pytest.mark.parametrize(
    ("phases", "kinds"),
    [
        ([(WORK, 60.0), (REST, 10.0)], [WORK]),
        ([(WORK, 60.0), (REST, 20.0)], [WORK, REST]),
        ([(WORK, 60.0), (WORK, 60.0)], [WORK]),
        ([(REST, 60.0), (WORK, 60.0)], [REST, WORK]),
        ([(PREPARE, 10.0), (WORK, 60.0)], [WORK]),
        ([(WORK, 60.0), (PREPARE, 10.0), (WORK, 60.0)], [WORK]),
    ],
)
def test_a_short_rest_carries_the_track_on_and_a_long_one_does_not(phases: Phases, kinds: list[PhaseKind]) -> None:
    assert [stretch.kind for stretch in plan_stretches(segments(phases))] == kinds


def test_wishes_know_length_and_place() -> None:
    phases: Phases = [(WARM_UP, 200.0), (WARM_UP, 200.0), (WORK, None), (COOL_DOWN, 120.0)]
    made = segments(phases)
    asked = wishes(plan_stretches(made), made)
    assert [(wish.kind, wish.duration_s) for wish in asked] == [
        (WARM_UP, 200.0),
        (WARM_UP, 200.0),
        (WORK, None),
        (COOL_DOWN, 120.0),
    ]
    assert [wish.place for wish in asked] == [0.25, 0.75, 0.5, 0.5]


@given(PHASES)
def test_places_rise_from_0_to_1_within_a_kind(phases: Phases) -> None:
    made = segments(phases)
    for kind in PhaseKind:
        places = [wish.place for wish in wishes(plan_stretches(made), made) if wish.kind is kind]
        assert places == sorted(places)
        assert all(0 <= place <= 1 for place in places)

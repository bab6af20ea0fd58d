"""What the user wishes for shows in every plan."""

from dataclasses import replace

import pytest

from nbd_tui.model.arc import Arc
from nbd_tui.soundtrack.intent import Band, Bands, intent_for
from nbd_tui.soundtrack.plan import Brief
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wants import wants
from nbd_tui.workout.phase import PhaseKind
from tests.unit.soundtrack.planning import planned, random_library, workout

ROUNDS = workout(("warm-up", 120), ("work", 180), ("rest", 30), ("cool-down", 120))


def energies(taste: MusicTaste, kind: PhaseKind) -> list[float]:
    timeline = workout(("work", 180), ("rest", 60), repeat=8)
    return [want.energy for want in wants(timeline.segments, plan_stretches(timeline.segments), taste)
            if want.kind is kind]  # fmt: skip


@pytest.mark.parametrize("arc", Arc)
def test_the_energy_stays_in_its_band(arc: Arc) -> None:
    narrow = MusicTaste(arc, bands=Bands(work=Band((125, 142), (0.6, 0.7)), rest=Band((115, 125), (0.2, 0.3))))
    assert all(0.6 <= energy <= 0.7 for energy in energies(narrow, PhaseKind.WORK))
    assert all(0.2 <= energy <= 0.3 for energy in energies(narrow, PhaseKind.REST))


def test_each_arc_has_its_shape() -> None:
    montage, steady, pyramid, underdog = (energies(MusicTaste(arc, None), PhaseKind.WORK) for arc in Arc)
    assert montage == sorted(montage)
    assert montage[-1] == 1.0
    assert len(set(steady)) == 1
    assert max(pyramid) == max(pyramid[3:5]) > pyramid[0] == pytest.approx(pyramid[-1])
    assert max(underdog[:4]) < 0.65
    assert underdog[-1] == 1.0


def test_a_band_of_ones_own_moves_the_best_tempo_with_it() -> None:
    intent = intent_for(PhaseKind.WORK, bands=Bands(work=Band((160, 177), (0.5, 1.0))))
    assert (intent.low_bpm, intent.best_low_bpm, intent.best_high_bpm, intent.high_bpm) == (160, 170, 175, 177)


def test_who_gets_ready_hears_the_end_of_the_warm_up_unless_something_else_is_wished_for() -> None:
    rising = Bands(warm_up=Band((90, 130), (0.2, 0.7)))
    assert intent_for(PhaseKind.PREPARE, bands=rising).high_bpm == 130
    own = replace(rising, prepare=Band((70, 80), (0.1, 0.2)))
    assert (intent_for(PhaseKind.PREPARE, bands=own).low_bpm, intent_for(PhaseKind.WARM_UP, bands=own).high_bpm) == (
        70,
        intent_for(PhaseKind.WARM_UP, bands=rising).high_bpm,
    )


def test_a_rest_is_short_where_the_user_says_so() -> None:
    rounds = workout(("work", 60), ("rest", 30), repeat=2)
    assert len(plan_stretches(rounds.segments)) == 4 - 1
    assert len(plan_stretches(rounds.segments, MusicTaste(short_rest_s=31))) == 1
    assert (
        len(plan_stretches(workout(("work", 60), ("rest", 10), repeat=2).segments, MusicTaste(short_rest_s=0))) == 4 - 1
    )


def test_a_plan_goes_to_the_loudness_that_is_wished_for() -> None:
    soundtrack = planned(ROUNDS, random_library(40), Brief(replace(USUAL_TASTE, target_lufs=-18.0)))
    assert {round(slot.gain_db + (slot.song.lufs or 0.0), 6) for slot in soundtrack.slots} == {-18.0}


def test_without_a_second_wind_no_place_is_one() -> None:
    soundtrack = planned(ROUNDS, random_library(40), Brief(MusicTaste(second_wind_s=None)))
    assert not any(want.is_second_wind for want in soundtrack.places)

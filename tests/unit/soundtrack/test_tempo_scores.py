import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.soundtrack.artist import artist_key
from nbd_tui.soundtrack.intent import Intent, intent_for
from nbd_tui.soundtrack.tempo_scores import UNKNOWN_TEMPO, tempo_scores
from nbd_tui.soundtrack.wish import Wish
from nbd_tui.workout.phase import PhaseKind

WORK = Wish(PhaseKind.WORK, 120.0).intent


def best(intent: Intent, *bpm: float) -> float:
    return bpm[int(np.argmax(tempo_scores(np.array(bpm), intent)))]


@pytest.mark.parametrize(
    ("kind", "bpm"),
    [
        (PhaseKind.WORK, 137),
        (PhaseKind.REST, 120),
        (PhaseKind.BREAK, 112),
        (PhaseKind.WARM_UP, 100),
        (PhaseKind.COOL_DOWN, 76),
    ],
)
def test_each_kind_has_its_tempo(kind: PhaseKind, bpm: float) -> None:
    assert best(Wish(kind, 60.0).intent, 137, 120, 112, 100, 76) == bpm


def test_a_warm_up_rises_and_a_cool_down_falls() -> None:
    def found(kind: PhaseKind) -> list[float]:
        return [best(Wish(kind, 60, place).intent, 62, 78, 93, 88, 103, 118) for place in (0.0, 0.5, 1.0)]

    assert found(PhaseKind.WARM_UP) == [88, 103, 118]
    assert found(PhaseKind.COOL_DOWN) == [93, 78, 62]


def test_half_tempo_drives_work_but_double_tempo_calms_nobody() -> None:
    assert best(WORK, 68, 120) == 68
    assert best(Wish(PhaseKind.COOL_DOWN, 60).intent, 156, float("nan")) != 156


def test_a_clear_miss_is_worse_than_no_tempo_and_a_hit_better() -> None:
    miss, unknown, hit = tempo_scores(np.array([95, float("nan"), 130]), WORK)
    assert miss < unknown == UNKNOWN_TEMPO < hit


@given(st.sampled_from([PhaseKind.WARM_UP, PhaseKind.COOL_DOWN]), st.floats(0, 1), st.floats(1, 3), st.floats(1, 2))
def test_tempo_falls_off_away_from_the_band(kind: PhaseKind, place: float, near: float, further: float) -> None:
    intent = intent_for(kind, place=place)
    above = tempo_scores(np.array([intent.high_bpm * near, intent.high_bpm * near * further]), intent)
    below = tempo_scores(np.array([intent.low_bpm / near, intent.low_bpm / near / further]), intent)
    assert above[0] >= above[1]
    assert below[0] >= below[1]
    assert max(above[0], below[0]) <= tempo_scores(np.array([intent.best_low_bpm]), intent)[0] == 1.0


@pytest.mark.parametrize("bpm", [0.0, -5.0, float("nan"), float("inf")])
def test_a_senseless_tempo_harms_nothing(bpm: float) -> None:
    odd, hit = tempo_scores(np.array([bpm, 137.0]), WORK)
    assert 0 <= odd < hit


@pytest.mark.parametrize("guest", ["Muse feat. Me", "MUSE  ft. me", "muse", "Muse Featuring Me"])
def test_guests_do_not_make_another_artist(guest: str) -> None:
    assert artist_key(guest) == artist_key("Muse")

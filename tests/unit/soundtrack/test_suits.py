"""What phases a track suits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.soundtrack.suits import KINDS, suits
from nbd_tui.workout.phase import PhaseKind
from tests.unit.soundtrack.suited import suited_phases

WARM_UP, WORK, REST, COOL_DOWN = KINDS

TEMPO = st.none() | st.floats(20.0, 400.0)
ENERGY = st.none() | st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("bpm", "energy", "expected"),
    [
        (138.0, 0.9, (WORK,)),
        (69.0, 0.95, (WORK,)),
        (276.0, 0.9, (WORK,)),
        (120.0, 0.55, (WARM_UP, REST)),
        (110.0, 0.4, (WARM_UP, REST)),
        (95.0, 0.4, (WARM_UP, COOL_DOWN)),
        (70.0, 0.15, (COOL_DOWN,)),
        (140.0, 0.15, (COOL_DOWN,)),
        (160.0, 0.95, (WORK,)),
        (190.0, 0.8, (WORK,)),
        (85.0, 0.9, (WORK,)),
        (105.0, 0.9, ()),
        (165.0, 0.6, ()),
        (None, 0.1, (COOL_DOWN,)),
        (None, 0.9, ()),
        (None, None, ()),
    ],
    ids=str,
)
def test_by_tempo_and_drive(bpm: float | None, energy: float | None, expected: tuple[PhaseKind, ...]) -> None:
    assert suited_phases(bpm, energy) == expected


def test_a_fast_hard_song_is_no_cool_down_at_half_its_tempo() -> None:
    assert COOL_DOWN not in suited_phases(160.0, 0.9)
    assert COOL_DOWN in suited_phases(80.0, 0.2)


def test_without_its_energy_the_tempo_decides() -> None:
    assert suited_phases(138.0, None) == (WORK,)
    assert COOL_DOWN in suited_phases(70.0, None)
    assert COOL_DOWN not in suited_phases(150.0, None)


@given(st.lists(st.tuples(TEMPO, ENERGY), max_size=20))
def test_many_at_once_are_as_each_alone(tracks: list[tuple[float | None, float | None]]) -> None:
    flags = suits([bpm for bpm, _ in tracks], [energy for _, energy in tracks])
    alone = [suited_phases(bpm, energy) for bpm, energy in tracks]
    assert flags.shape == (len(tracks), len(KINDS))
    assert [tuple(kind for kind, fits in zip(KINDS, row, strict=True) if fits) for row in flags.tolist()] == alone


@given(st.floats(55.0, 75.0), ENERGY)
def test_work_is_free_of_octaves(bpm: float, energy: float | None) -> None:
    assert (WORK in suited_phases(bpm, energy)) == (WORK in suited_phases(bpm * 2, energy))


@pytest.mark.parametrize("nonsense", [0.0, -3.0, float("nan"), float("inf")])
def test_nonsense_is_no_tempo(nonsense: float) -> None:
    assert suited_phases(nonsense, 0.9) == ()

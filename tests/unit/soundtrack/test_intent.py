import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.soundtrack.genre import ENERGY, genre_energy, is_spoken
from nbd_tui.soundtrack.intent import Intent, intent_for
from nbd_tui.workout.phase import PhaseKind

DURATIONS = st.none() | st.floats(0, 7200)
PLACES = st.floats(-1, 2)


def band(intent: Intent) -> tuple[float, float]:
    return intent.low_bpm, intent.high_bpm


@pytest.mark.parametrize(
    ("kind", "duration_s", "expected"),
    [
        (PhaseKind.WORK, 20, (125, 142)),
        (PhaseKind.WORK, None, (125, 142)),
        (PhaseKind.REST, 20, (115, 125)),
        (PhaseKind.REST, 180, (115, 125)),
        (PhaseKind.REST, 181, (105, 120)),
        (PhaseKind.REST, None, (115, 125)),
        (PhaseKind.BREAK, 60, (105, 120)),
        (PhaseKind.PREPARE, 10, (105, 120)),
    ],
)
def test_bands_by_kind_and_length(kind: PhaseKind, duration_s: float | None, expected: tuple[float, float]) -> None:
    assert band(intent_for(kind, duration_s)) == expected


def test_work_is_best_between_135_and_140() -> None:
    intent = intent_for(PhaseKind.WORK, 60)
    assert (intent.best_low_bpm, intent.best_high_bpm) == (135, 140)


def test_a_warm_up_rises_from_85_to_120() -> None:
    first, last = intent_for(PhaseKind.WARM_UP, place=0), intent_for(PhaseKind.WARM_UP, place=1)
    assert (first.low_bpm, last.high_bpm) == (85, 120)
    assert first.best_low_bpm < last.best_low_bpm
    assert first.energy < last.energy


def test_a_cool_down_falls_from_95_to_60() -> None:
    first, last = intent_for(PhaseKind.COOL_DOWN, place=0), intent_for(PhaseKind.COOL_DOWN, place=1)
    assert (first.high_bpm, last.low_bpm) == (95, 60)
    assert first.energy > last.energy


def test_prepare_is_like_the_end_of_the_warm_up() -> None:
    assert intent_for(PhaseKind.PREPARE) == intent_for(PhaseKind.WARM_UP, place=1)


def test_half_and_double_tempo_count_only_where_the_beat_carries() -> None:
    free = {kind for kind in PhaseKind if intent_for(kind).octave_free}
    assert free == {PhaseKind.WORK, PhaseKind.REST, PhaseKind.BREAK}


@given(st.sampled_from(PhaseKind), DURATIONS, PLACES)
def test_every_band_is_in_order(kind: PhaseKind, duration_s: float | None, place: float) -> None:
    intent = intent_for(kind, duration_s, place)
    assert 60 <= intent.low_bpm <= intent.best_low_bpm <= intent.best_high_bpm <= intent.high_bpm <= 142
    assert 0 <= intent.energy <= 1


@pytest.mark.parametrize(
    ("louder", "calmer"),
    [("Heavy Metal", "Ambient"), ("Punk Rock", "Folk-Rock"), ("Techno", "Trip-Hop"), ("Hard Rock", "Slow Rock")],
)
def test_genres_are_ordered_by_drive(louder: str, calmer: str) -> None:
    assert (genre_energy(louder) or 0) > (genre_energy(calmer) or 1)


def test_the_longest_word_of_a_genre_counts() -> None:
    assert genre_energy("Symphonic Metal") == ENERGY["symphonic metal"]
    assert genre_energy("POST-ROCK") == ENERGY["post-rock"]


@pytest.mark.parametrize("genre", ["", "Other", "[/bold]", "x" * 100_000])
def test_a_genre_that_says_nothing_is_unknown(genre: str) -> None:
    assert genre_energy(genre) is None


def test_talk_is_known() -> None:
    assert is_spoken("Podcast")
    assert is_spoken("Hörbuch")
    assert not is_spoken("Rock")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import STEADY
from nbd_tui.model.tempo import SAME_WITHIN, SURE, Tempo, TempoSource, in_octave_of, is_same, tempo_of

USER, HEARD, TAG = TempoSource.USER, TempoSource.HEARD, TempoSource.TAG

BPM = st.floats(20.0, 400.0)


@pytest.mark.parametrize(
    ("tag", "heard", "confidence", "corrected", "expected"),
    [
        (None, None, 0.0, None, None),
        (None, 128.0, 0.9, None, Tempo(128.0, HEARD, 0.9)),
        (None, 128.0, 0.1, None, Tempo(128.0, HEARD, 0.1)),
        (150.0, None, 0.0, None, Tempo(150.0, TAG, 1.0)),
        (150.0, 91.0, 0.1, None, Tempo(150.0, TAG, 1.0)),
        (128.0, 127.98, 0.9, None, Tempo(127.98, HEARD, 0.9)),
        (75.0, 150.2, 0.9, None, Tempo(75.1, HEARD, 0.9)),
        (170.0, 85.0, 0.9, None, Tempo(170.0, HEARD, 0.9)),
        (128.0, 96.0, 0.9, None, Tempo(96.0, HEARD, 0.9, 128.0)),
        (128.0, 96.0, 0.3, None, Tempo(128.0, TAG, 1.0, 96.0)),
        (128.0, 96.0, 0.9, 64.0, Tempo(64.0, USER, 1.0)),
        (128.0, 96.0, 0.9, 96.5, Tempo(96.5, USER, 1.0, 128.0)),
        (None, None, 0.0, 64.0, Tempo(64.0, USER, 1.0)),
    ],
)
def test_whose_tempo_counts(
    tag: float | None, heard: float | None, confidence: float, corrected: float | None, expected: Tempo | None
) -> None:
    assert tempo_of(tag, heard, confidence, corrected) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"), [(128, 64, True), (128, 132, True), (100, 150, False), (60, 64, False)]
)
def test_same_in_some_octave(one: float, other: float, same: bool) -> None:
    assert is_same(one, other) is same


def test_only_what_is_unclear_is_not_relied_upon() -> None:
    unclear = tempo_of(None, 120.0, 0.1)
    assert unclear is not None
    assert not unclear.is_reliable
    for tempo in (tempo_of(None, 120.0, STEADY), tempo_of(120.0, None, 0.0), tempo_of(None, 120.0, 0.1, 99.0)):
        assert tempo is not None
        assert tempo.is_reliable


@given(BPM, BPM)
def test_an_octave_is_within_its_half(wanted: float, bpm: float) -> None:
    moved = in_octave_of(wanted, bpm)
    assert 2**-0.5 - 1e-9 <= moved / wanted <= 2**0.5 + 1e-9
    assert is_same(moved, bpm)


@given(BPM, BPM, st.floats(0.0, 1.0))
def test_both_are_shown_where_they_differ_and_the_clear_pulse_comes_first(
    tag: float, heard: float, sure: float
) -> None:
    tempo = tempo_of(tag, heard, sure)
    assert tempo is not None
    assert (tempo.other is not None) == (sure >= STEADY and not is_same(heard, tag))
    if tempo.other is not None:
        assert {tempo.bpm, tempo.other} == {tag, heard}
        assert tempo.bpm == (heard if sure >= SURE else tag)
    elif tempo.source is HEARD:
        assert abs(tempo.bpm / tag - 1) <= SAME_WITHIN + 1e-9

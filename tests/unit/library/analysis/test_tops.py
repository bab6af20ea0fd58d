"""The tops of climbs, and the fit of what tells them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.library.analysis.climbs import climbs_to
from nbd_tui.library.analysis.features import FPS
from nbd_tui.library.analysis.moments import sound_of
from nbd_tui.library.analysis.refine import is_among
from nbd_tui.library.analysis.spectra import difference_db
from nbd_tui.library.analysis.tops import (
    EVIDENCE,
    WEIGHTS,
    candidates_of,
    candidates_s,
    evidence_of,
    felt_bar_s,
    find_tops,
)
from nbd_tui.model.hearing import Span
from tests.accuracy.fit_tops import Example, fitted, labels_of, log_loss
from tests.accuracy.generator.truth import DropKind, TrueDrop, Truth
from tests.unit.library.analysis.drawn_features import CHORUS, VERSE, Part, draw, even_rhythm

CLIMB = Part(16.0, (-30.0, -15.0), (-36.0, -21.0))
TOP_S = 40.0
TIMES = st.lists(st.floats(0, 100), max_size=40).map(sorted).map(np.array)


def test_the_likeliest_top_is_where_the_climb_ends() -> None:
    features = draw([VERSE, CLIMB, CHORUS, CHORUS])
    tops = find_tops(candidates_of(features, even_rhythm(features.duration_s), sound_of(features, 120.0)))
    assert tops[0].at_s == pytest.approx(TOP_S, abs=0.05)
    assert tops[0].rise_db == pytest.approx(15.0, abs=3.0)


def test_a_climb_is_as_long_as_it_rose_and_none_where_the_level_stays() -> None:
    features = draw([VERSE, CLIMB, CHORUS, CHORUS])
    climbs = climbs_to(np.array([TOP_S, 20.0]), 2.0, sound_of(features, 120.0))
    assert climbs.worth[0] > 4
    assert climbs.fit[0] == pytest.approx(1.0, abs=0.01)
    assert (climbs.worth[1], climbs.rise_db[1], climbs.fit[1]) == (1.0, 0.0, 0.0)


def test_there_is_a_weight_for_each_evidence_and_a_constant() -> None:
    features = draw([VERSE, CLIMB, CHORUS, CHORUS])
    rhythm, sound = even_rhythm(features.duration_s), sound_of(features, 120.0)
    at_s = candidates_s(features, rhythm, sound)
    climbs = climbs_to(at_s, felt_bar_s(rhythm, sound), sound)
    assert evidence_of(at_s, features, rhythm, sound, climbs).shape == (len(at_s), len(EVIDENCE))
    assert len(WEIGHTS) == len(EVIDENCE) + 1


@pytest.mark.parametrize(("bpm", "bar_s"), [(120.0, 2.0), (240.0, 2.0), (50.0, 2.4), (90.0, 8 / 3)])
def test_the_bar_is_felt_in_a_usual_octave(bpm: float, bar_s: float) -> None:
    features = draw([VERSE, CHORUS])
    rhythm = even_rhythm(features.duration_s, bpm)
    assert felt_bar_s(rhythm, sound_of(features, bpm)) == pytest.approx(bar_s)


@given(TIMES, TIMES)
def test_among_others_is_who_has_one_near(at_s: np.ndarray, others_s: np.ndarray) -> None:
    near = [bool(len(others_s)) and float(np.abs(others_s - moment).min()) < 0.05 for moment in at_s]
    assert is_among(at_s, others_s).tolist() == near


def test_spectra_differ_by_as_much_as_the_level() -> None:
    features = draw([Part(10.0, (-30.0, -30.0), (-30.0, -30.0)), Part(10.0, (-20.0, -20.0), (-20.0, -20.0))])
    moment = np.array([10.0])
    difference = difference_db(features, (moment - 4, moment - 2 / FPS), (moment + 2 / FPS, moment + 99))
    assert difference == pytest.approx(10.0, abs=0.1)


def test_the_fit_finds_what_tells() -> None:
    rng = np.random.default_rng(1)
    evidence = rng.normal(size=(2000, 3)) * [1.0, 5.0, 1.0] + [0.0, 20.0, 0.0]
    is_top = (evidence[:, 1] + rng.normal(size=2000) > 27).astype(float)
    example = Example(evidence, is_top)
    weights = fitted([example])
    assert abs(weights[1]) > 3 * np.abs(weights[[0, 2]]).max()
    assert log_loss(weights, [example]) < 0.5 * log_loss(np.array([0.0, 0.0, 0.0, -2.0]), [example])


def test_what_may_be_taken_for_a_drop_or_not_teaches_nothing() -> None:
    drops = (TrueDrop(10.0, DropKind.CRESCENDO, Span(4.0, 10.0)), TrueDrop(20.0, DropKind.GAP))
    truth = Truth(120.0, np.zeros(0), np.zeros(0), drops=drops, forgiven_s=(30.0,))
    at_s = np.array([9.89, 10.0, 10.11, 15.0, 20.0, 20.4, 25.0, 30.2])
    assert labels_of(at_s, at_s, truth).tolist() == [-1, 1, -1, 0, -1, -1, 0, -1]

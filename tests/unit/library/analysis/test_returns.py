"""Returns from lulls and breaks, and what their fit is taught."""

from collections.abc import Sequence

import numpy as np
import pytest

from nbd_tui.library.analysis.moments import moments_of, sound_of
from nbd_tui.library.analysis.returns import EVIDENCE, WEIGHTS, evidence_of, find_returns, signs_of
from nbd_tui.library.analysis.tops import candidates_of
from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Seconds
from tests.accuracy.fit_returns import TRACKS, labels_of
from tests.accuracy.generator.truth import DropKind, TrueDrop, Truth
from tests.unit.library.analysis.drawn_features import BREAK, CHORUS, SILENCE, VERSE, Part, draw, even_rhythm

CROWD = Part(0.5, (-21.0, -21.0), (-80.0, -80.0))
"""Half a second in which the band is silent, but not the audience."""
TO_THE_BAR = Part(23.5, *CHORUS[1:])


def returns_of(parts: Sequence[Part]) -> list[Seconds]:
    features = draw(parts)
    sound = sound_of(features, 120.0)
    candidates = candidates_of(features, even_rhythm(features.duration_s), sound)
    moments = moments_of(sound, features.duration_s)
    return find_returns(candidates, sound, moments, signs_of(sound, moments))


@pytest.mark.parametrize(("lull", "at_s"), [(SILENCE, 24.0), (BREAK, 31.5), (CROWD, 24.0)])
def test_the_likeliest_is_where_lull_or_break_ends(lull: Part, at_s: Seconds) -> None:
    assert returns_of([TO_THE_BAR, lull, CHORUS, VERSE])[0] == pytest.approx(at_s, abs=0.05)


def test_a_lull_of_the_whole_band_but_for_its_bass_is_none() -> None:
    assert returns_of([TO_THE_BAR, CROWD._replace(low_db=CHORUS.low_db), CHORUS, VERSE]) == []


def test_a_crowd_between_every_other_bar_of_five_makes_no_groove_a_drop() -> None:
    assert returns_of([CHORUS, *[Part(4.5, *CHORUS[1:]), CROWD] * 3, CHORUS]) == []


def test_there_is_a_weight_for_each_evidence_and_a_constant() -> None:
    features = draw([CHORUS, SILENCE, CHORUS])
    sound = sound_of(features, 120.0)
    candidates = candidates_of(features, even_rhythm(features.duration_s), sound)
    moments = moments_of(sound, features.duration_s)
    evidence = evidence_of(candidates, sound, moments, signs_of(sound, moments))
    assert evidence.shape == (len(candidates.at_s), len(EVIDENCE))
    assert len(WEIGHTS) == len(EVIDENCE) + 1


def test_the_fit_is_taught_by_gaps_and_breaks_and_by_no_track_it_is_judged_by() -> None:
    drops = (TrueDrop(10.0, DropKind.CRESCENDO, Span(4.0, 10.0)), TrueDrop(20.0, DropKind.GAP))
    truth = Truth(120.0, np.zeros(0), np.zeros(0), drops=drops, forgiven_s=(30.0,))
    at_s = np.array([5.0, 10.0, 18.9, 20.0, 20.4, 25.0, 30.2])
    assert labels_of(at_s, at_s, truth).tolist() == [0, -1, -1, 1, -1, 0, -1]
    assert all(2000 <= seed < 4000 for seed, _ in TRACKS)

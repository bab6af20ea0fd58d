"""The planner's bars on the library of 200 generated tracks, as our analysis has heard them.

Rendered, and heard from scratch, it is part of `make accuracy`.
"""

import numpy as np
import pytest

from nbd_tui.model.hearing import Hearing
from tests.accuracy.library import COUNT, hear, stored
from tests.accuracy.soundtrack import plan_figures

AGAIN = "python -m tests.accuracy.library writes it anew"
SAMPLED = (32, 101, 184)
"""Short tracks that are heard again, one of them without a beat."""


@pytest.fixture(scope="module")
def hearings() -> list[Hearing]:
    return stored()


def test_every_bar_is_met(hearings: list[Hearing]) -> None:
    for figure in plan_figures(hearings):
        assert figure.verdict == "ok", f"{figure.name}: {figure.value}, {figure.note}"


def test_half_of_the_library_has_drops_and_its_tempos_are_mixed(hearings: list[Hearing]) -> None:
    assert len(hearings) == COUNT
    assert 0.4 * COUNT <= sum(bool(hearing.drops) for hearing in hearings) <= 0.65 * COUNT
    bpms = [hearing.bpm for hearing in hearings if hearing.is_steady and hearing.bpm]
    in_band = [any(125 <= bpm * octave <= 142 for octave in (0.5, 1, 2)) for bpm in bpms]
    assert np.ptp(bpms) > 100
    assert sum(in_band) < COUNT / 5


@pytest.mark.parametrize("number", SAMPLED)
def test_what_is_stored_is_what_the_analysis_hears_now(number: int, hearings: list[Hearing]) -> None:
    kept, now = hearings[number], hear(number)
    assert kept.frames == now.frames
    assert kept.is_steady == now.is_steady, AGAIN
    assert kept.bpm == pytest.approx(now.bpm, rel=1e-3), AGAIN
    assert kept.lufs == pytest.approx(now.lufs, abs=0.05), AGAIN
    assert kept.intensity == pytest.approx(now.intensity, abs=0.02), AGAIN
    assert [drop.at_s for drop in kept.drops] == pytest.approx([drop.at_s for drop in now.drops], abs=0.005), AGAIN

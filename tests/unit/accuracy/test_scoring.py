"""Scores and figures."""

import numpy as np
import pytest

from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.units import RATE
from tests.accuracy.generator.truth import DropKind, TrueDrop, Truth
from tests.accuracy.scoring import f_measure, score, score_drops
from tests.accuracy.table import figures_of, worst_of

BEATS = np.arange(0.5, 60.0, 0.5)
DROPS = (
    TrueDrop(20.0, DropKind.GAP, Span(12.0, 19.0)),
    TrueDrop(40.0, DropKind.CRESCENDO, Span(32.0, 40.0)),
)
TRUTH = Truth(120.0, BEATS, BEATS[::4], drops=DROPS, forgiven_s=(50.0,))


def heard(**changes: object) -> Hearing:
    values: dict[str, object] = {
        "bpm": 120.0,
        "confidence": 1.0,
        "is_constant": True,
        "beats_s": tuple(BEATS.tolist()),
        "downbeats_s": tuple(BEATS[::4].tolist()),
        "drops": (Drop(20.01, 9.0, build=Span(12.0, 19.0)), Drop(40.0, 9.0, build=Span(28.0, 40.0))),
    }
    return Hearing(60 * RATE, **(values | changes))  # type: ignore[arg-type]


def test_all_right() -> None:
    one = score("a", "song", "", TRUTH, heard())
    assert (one.is_exact, one.is_octave_free, one.tempo_error_percent) == (True, True, 0.0)
    assert one.beat_f == one.downbeat_f == 1.0
    assert [drop.error_ms for drop in one.drops] == pytest.approx([10.0, 0.0])
    assert [drop.build_bars for drop in one.drops] == pytest.approx([0.0, 2.0])
    assert not one.false_drops_s


@pytest.mark.parametrize(
    ("bpm", "exact", "free"), [(124.0, True, True), (240.0, False, True), (60.0, False, True), (80.0, False, False)]
)
def test_octaves(bpm: float, exact: bool, free: bool) -> None:
    one = score("a", "song", "", TRUTH, heard(bpm=bpm))
    assert (one.is_exact, one.is_octave_free) == (exact, free)


def test_beats_late_by_a_tenth_count_for_nothing_and_by_a_twentieth_in_full() -> None:
    assert f_measure(BEATS, (BEATS + 0.1).tolist()) == 0.0
    assert f_measure(BEATS, (BEATS + 0.05).tolist()) == 1.0
    assert f_measure(BEATS, BEATS[::2].tolist()) == pytest.approx(2 / 3, abs=0.01)
    assert f_measure(BEATS, ()) == 0.0


def test_unclear_stretches_and_what_lies_after_the_last_beat_do_not_count() -> None:
    outside = [at for at in BEATS.tolist() if not 20 < at < 40]
    assert f_measure(BEATS, outside, (Span(20, 40),)) == 1.0
    assert f_measure(BEATS, [*BEATS.tolist(), 60.2, 60.7]) == 1.0


def test_a_drop_late_by_a_beat_is_missed_and_false_and_a_forgiven_one_neither() -> None:
    drops, false_s = score_drops(TRUTH, heard(drops=(Drop(20.5, 9.0), Drop(50.1, 9.0))))
    assert [drop.error_ms for drop in drops] == [None, None]
    assert false_s == (20.5,)


def test_one_found_drop_answers_for_one_true_drop() -> None:
    close = Truth(120.0, BEATS, BEATS[::4], drops=(TrueDrop(20.0, DropKind.GAP), TrueDrop(20.05, DropKind.GAP)))
    drops, _ = score_drops(close, heard(drops=(Drop(20.0, 9.0),)))
    assert [drop.error_ms is None for drop in drops] == [False, True]


def test_the_table_and_the_worst() -> None:
    scores = [score("right", "song", "", TRUTH, heard()), score("wrong", "song", "", TRUTH, heard(bpm=60.0, drops=()))]
    figures = {figure.name: figure for figure in figures_of(scores)}
    assert figures["tempo within 4 %, exact octave"].value == 50
    assert figures["drops after a gap or break: recall"].value == 0.5
    assert figures["drops after a gap or break: recall"].verdict == "over"
    assert "beatless and noise: confidence" not in figures
    assert worst_of(scores, 5)[0].startswith("wrong")

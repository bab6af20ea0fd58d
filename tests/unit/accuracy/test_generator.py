"""The truth of the generated tracks is true."""

import numpy as np
import pytest

from nbd_tui.model.units import RATE
from tests.accuracy.generator.canvas import Canvas
from tests.accuracy.generator.clock import changing_clock, drifting_clock, ramping_clock, steady_clock
from tests.accuracy.generator.make import HELD_OUT, KINDS, TUNING, kind_of, make_track
from tests.accuracy.generator.styles import STYLES
from tests.accuracy.generator.truth import DropKind, Track


def power(track: Track, at_s: float, span_s: float) -> float:
    """Mean square of the `span_s` after a moment, or before it if negative."""
    first, last = sorted((round(at_s * RATE), round((at_s + span_s) * RATE)))
    return float(np.mean(np.square(track.samples[max(0, first) : last])))


@pytest.fixture(scope="module", params=range(9))
def track(request: pytest.FixtureRequest) -> Track:
    return make_track(100 + request.param, KINDS[request.param], is_short=True)


def test_a_track_is_finite_stereo_of_a_minute_or_so(track: Track) -> None:
    assert track.samples.dtype == np.float32
    assert track.samples.shape[1] == 2
    assert np.isfinite(track.samples).all()
    assert np.abs(track.samples).max() <= 1.0
    assert 25 <= track.duration_s <= 140


def test_beats_rise_within_the_track_and_every_bar_begins_with_one(track: Track) -> None:
    truth = track.truth
    assert (np.diff(truth.beats_s) > 0).all()
    assert np.isin(truth.downbeats_s, truth.beats_s).all()
    assert truth.is_steady == (track.kind not in {"beatless", "orchestral"})
    if truth.bpm is not None:
        assert 55 <= truth.bpm <= 205
        assert truth.beats_s[-1] <= track.duration_s
        assert np.median(60 / np.diff(truth.beats_s)) == pytest.approx(truth.bpm, rel=0.3)


def test_constant_means_equal_beats(track: Track) -> None:
    periods = np.diff(track.truth.beats_s)
    if len(periods):
        assert track.truth.is_constant == bool(np.ptp(periods) < 1e-6)


def test_the_same_seed_gives_the_same_track() -> None:
    first, second = (make_track(3, "song", is_short=True) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)
    assert first.truth.drops == second.truth.drops
    assert first.style == second.style


def test_drops_are_reached_as_they_say() -> None:
    tracks = [make_track(seed, "song", is_short=True) for seed in (202, 206, 207)]
    seen = set()
    for track in tracks:
        for drop in track.truth.drops:
            seen.add(drop.kind)
            assert np.abs(track.truth.beats_s - drop.at_s).min() < 1e-6
            if drop.kind is DropKind.GAP:
                assert power(track, drop.at_s, 0.15) > 4 * power(track, drop.at_s - 0.005, -0.05)
            elif drop.kind is DropKind.BREAK:
                assert power(track, drop.at_s, 2.0) > 1.5 * power(track, drop.at_s, -2.0)
            elif drop.build:
                middle_s = (drop.build.start_s + drop.at_s) / 2
                assert power(track, middle_s, drop.at_s - middle_s) > power(track, drop.build.start_s, 2.0)
    assert seen == set(DropKind)


def test_a_drum_hit_is_where_its_beat_is() -> None:
    canvas = Canvas(1.0)
    canvas.add(np.ones(10, np.float32), 0.5, 1.0, pan=-1.0)
    assert np.flatnonzero(canvas.samples[:, 0])[0] == RATE // 2
    assert not canvas.samples[:, 1].any()
    canvas.add(np.ones(10, np.float32), 0.99999, 1.0)
    canvas.add(np.ones(10, np.float32), 2.0, 1.0)


def test_the_clocks() -> None:
    steady = steady_clock(1.0, 8, 120.0)
    assert steady.at(4.5) == pytest.approx(3.25)
    changing = changing_clock(0.0, 12, 100.0, 4, 1.2)
    assert (changing.bpm, changing.other_bpms) == (120.0, (100.0,))
    assert 60 / np.diff(changing.beats_s)[[0, -1]] == pytest.approx([100.0, 120.0])
    ramp = ramping_clock(0.0, 100, 100.0, 1.2)
    assert 60 / np.diff(ramp.beats_s)[[0, -1]] == pytest.approx([100.0, 120.0])
    drift = drifting_clock(0.0, 300, 100.0, np.random.default_rng(1))
    spread = np.std(60 / np.diff(drift.beats_s)) / 100
    assert 0.005 < spread < 0.025


def test_the_sets_share_no_seed_and_hold_every_kind() -> None:
    tuning = {kind_of(seed) for seed in range(TUNING, TUNING + 200)}
    held_out = {kind_of(seed) for seed in range(HELD_OUT, HELD_OUT + 200)}
    assert tuning == held_out == set(KINDS)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_groove_fills_a_bar(style: "object") -> None:
    from tests.accuracy.generator.styles import Style

    assert isinstance(style, Style)
    for groove in (*style.calm, *style.full, *(style.other if style.meter == 4 and style.steps == 4 else ())):
        for line in groove.values():
            assert len(line) == style.meter * style.steps

"""Where everything drops out and slams back in."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.drops import find_drops
from nbd_tui.library.analysis.features import ENVELOPE_HZ, FPS, Features, features_of
from nbd_tui.library.analysis.rhythm import Rhythm
from nbd_tui.media.decode import open_stream
from nbd_tui.model.hearing import Drop
from nbd_tui.model.units import to_frames
from tests.unit.library.analysis.drawn_features import (
    BREAK,
    CHORUS,
    RISE,
    SILENCE,
    VERSE,
    Part,
    draw,
    even_rhythm,
)

ROOT = Path(__file__).resolve().parents[4]


def drops_of(parts: Sequence[Part], **rhythm: float) -> tuple[Drop, ...]:
    features = draw(parts)
    return find_drops(features, even_rhythm(features.duration_s, **rhythm))


def test_silence_before_full_band_is_a_drop_placed_on_the_attack() -> None:
    (drop,) = drops_of([VERSE, SILENCE, CHORUS, VERSE])
    assert drop.at_s == pytest.approx(24.5, abs=0.004)
    assert drop.gap is not None
    assert drop.gap.start_s == pytest.approx(24.0, abs=0.08)
    assert drop.gap.end_s <= drop.at_s


def test_a_rise_before_the_silence_is_the_build_up() -> None:
    (drop,) = drops_of([CHORUS, RISE, SILENCE, CHORUS])
    assert drop.build is not None
    assert drop.gap is not None
    assert drop.build.start_s == pytest.approx(24.0, abs=2.0)
    assert drop.build.end_s == pytest.approx(32.0, abs=0.1)


def test_a_break_without_bass_ends_in_a_drop() -> None:
    (drop,) = drops_of([CHORUS, BREAK, CHORUS])
    assert drop.at_s == pytest.approx(32.0, abs=0.01)


def test_a_steady_climb_into_full_band_is_a_drop_without_a_gap() -> None:
    climb = Part(16.0, (-30.0, -15.0), (-36.0, -21.0))
    (drop,) = drops_of([VERSE, climb, CHORUS, CHORUS])
    assert drop.at_s == pytest.approx(40.0, abs=0.02)
    assert drop.gap is None
    assert drop.build is not None
    assert drop.build.start_s == pytest.approx(24.0, abs=2.0)


def test_steps_up_are_no_climb() -> None:
    step = Part(16.0, (-18.0, -18.0), (-22.0, -22.0))
    assert drops_of([VERSE, step, CHORUS, CHORUS]) == ()


def test_a_climb_is_none_where_the_beat_is_unclear() -> None:
    climb = Part(16.0, (-30.0, -15.0), (-36.0, -21.0))
    assert drops_of([VERSE, climb, CHORUS, CHORUS], confidence=0.4) == ()


def test_no_steady_beat_no_drops() -> None:
    assert drops_of([VERSE, SILENCE, CHORUS], confidence=0.2) == ()
    assert find_drops(draw([VERSE, SILENCE, CHORUS]), Rhythm()) == ()


def test_even_music_has_none() -> None:
    assert drops_of([CHORUS] * 4) == ()


def test_a_groove_that_stops_in_every_bar_has_none() -> None:
    bar = [Part(1.5, (-12.0, -12.0), (-15.0, -15.0)), SILENCE]
    assert drops_of(bar * 40) == ()


@pytest.mark.parametrize("bpm", [120.0, 240.0])
@pytest.mark.parametrize("meter", [2, 3, 4, 5, 6, 7, 9])
def test_three_stops_at_the_end_of_every_other_bar_are_a_groove_in_any_metre_and_octave(meter: int, bpm: float) -> None:
    two_bars = [Part(2 * meter * 0.5 - 0.5, *CHORUS[1:]), SILENCE]
    assert drops_of([CHORUS, *two_bars * 3, CHORUS], bpm=bpm) == ()


def test_of_stops_at_no_even_distance_each_is_one() -> None:
    assert len(drops_of([CHORUS, SILENCE, CHORUS, SILENCE, VERSE, SILENCE, CHORUS])) == 3


def test_the_beginning_and_the_last_chord_are_none() -> None:
    assert drops_of([SILENCE, CHORUS, CHORUS, SILENCE, Part(3.0, (-12.0, -12.0), (-15.0, -15.0))]) == ()


def test_a_deeper_lull_scores_higher_in_whatever_track() -> None:
    shallow = Part(0.5, (-29.0, -29.0), (-40.0, -40.0))
    (weak,) = drops_of([VERSE, shallow, CHORUS])
    (strong,) = drops_of([VERSE, SILENCE, CHORUS, VERSE])
    assert strong.score > weak.score


def test_a_song_keeps_its_best_few_and_a_long_mix_as_many_in_every_stretch() -> None:
    song = [Part(16.0, *CHORUS[1:]), BREAK, Part(16.0, *CHORUS[1:])]
    assert len(drops_of(song * 6)) == 5
    mix = drops_of(song * 36)
    assert len(mix) > 12


@pytest.mark.parametrize("duration_s", [0.0, 0.3, 1.0, 5.0, 11.0, 30.0])
def test_short_tracks(duration_s: float) -> None:
    half = Part(duration_s / 2, (-60.0, -60.0), (-60.0, -60.0))
    loud = Part(duration_s / 2, (-10.0, -10.0), (-10.0, -10.0))
    for drop in drops_of([half, loud]):
        assert 0 < drop.at_s < duration_s


POWER = st.floats(0, 1e6, width=32)


@st.composite
def any_features(draw_value: st.DrawFn) -> Features:
    """Finite features of no music at all."""
    rows = draw_value(st.integers(1, 400))
    repeat = draw_value(st.integers(1, 40))
    loud, low, high = (draw_value(arrays(np.float32, rows, elements=POWER)).repeat(repeat) for _ in range(3))
    duration_s = (rows * repeat - 1) / FPS
    envelope = np.resize(loud, int(duration_s * ENVELOPE_HZ))
    bands = np.repeat(loud[:, None], 40, axis=1)
    return Features(to_frames(duration_s), FPS, bands, low, low, high, loud, envelope)


@given(any_features(), st.floats(20, 400), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_whatever_the_music_the_answer_makes_sense(features: Features, bpm: float, confidence: float) -> None:
    drops = find_drops(features, even_rhythm(features.duration_s, bpm, confidence))
    times = [drop.at_s for drop in drops]
    assert times == sorted(set(times))
    for drop in drops:
        assert 0 < drop.at_s < features.duration_s
        assert drop.score > 0
        if drop.gap:
            assert 0 <= drop.gap.start_s < drop.gap.end_s <= drop.at_s
        if drop.build:
            end_s = drop.gap.start_s if drop.gap and drop.build.end_s <= drop.gap.start_s else drop.at_s
            assert 0 <= drop.build.start_s < drop.build.end_s <= end_s


def test_a_wrong_beat_grid_does_not_move_a_clear_attack() -> None:
    features = draw([VERSE, SILENCE, CHORUS, VERSE])
    rhythm = even_rhythm(features.duration_s)
    (drop,) = find_drops(features, replace(rhythm, beats_s=rhythm.beats_s + 0.11))
    assert drop.at_s == pytest.approx(24.5, abs=0.01)


def test_the_demo_songs_drop_where_they_were_written_to() -> None:
    truth = json.loads((ROOT / "assets/truth/demo.json").read_text("utf-8"))
    for name, song in truth.items():
        features = features_of(decoded(ROOT / "assets/demo" / name))
        beats_s, downbeats_s = np.array(song["beats_s"]), np.array(song["downbeats_s"])
        drops = find_drops(features, Rhythm(song["tempo_bpm"], 1.0, True, beats_s, downbeats_s))
        assert [drop.at_s for drop in drops] == pytest.approx(song["drops_s"], abs=0.0015), name
        for drop, start_s in zip(drops, song["build_ups_s"], strict=True):
            assert drop.build is not None
            assert drop.build.start_s == pytest.approx(start_s, abs=240 / song["tempo_bpm"]), name


def decoded(path: Path) -> Samples:
    stream = open_stream(path)
    chunks = []
    try:
        while (chunk := stream.read(1 << 18)) is not None:
            chunks.append(chunk)
    finally:
        stream.close()
    return np.concatenate(chunks)

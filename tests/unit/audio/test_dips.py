"""A voice that steps back for a short rest, instead of giving way to another."""

import numpy as np
import pytest

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.muffle import REACH, muffled
from nbd_tui.audio.score import Dip, EnvelopePoint, Score, SourceRef, VoiceEnded, VoiceSpan
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE
from tests.unit.audio.sources import Shelf, noise, ramp, tone

DIP = Dip(RATE, 2 * RATE, gain_db=-6.0, fade=RATE // 4)
HALF = 10 ** (-6 / 20)


def mixer_of(clip: Samples) -> Mixer:
    return Mixer({}, Shelf(a=clip))


def dipped(*dips: Dip, snap: bool = False) -> Score:
    return Score(voices=(VoiceSpan("v", SourceRef("a"), 0, None, dips=dips, snap=snap),))


@pytest.mark.parametrize(
    ("hertz", "kept"),
    [
        (
            50,
            0.98,
        ),
        (540, 0.707),
        (2_100, 0.001),
        (5_000, 0.012),
    ],
)
def test_the_filter_takes_the_treble_and_leaves_the_bass_in_its_place(hertz: float, kept: float) -> None:
    clear = tone(hertz, 10_000)
    dull = muffled(clear)
    assert len(dull) == len(clear) - 2 * REACH
    if kept > 0.5:
        assert np.allclose(dull, clear[REACH:-REACH] * kept, atol=0.02)
    else:
        assert np.abs(dull).max() <= 0.5 * kept


def test_a_dip_is_quieter_and_duller_and_comes_back_to_every_bit() -> None:
    clip = tone(50, 4 * RATE, 0.2) + tone(4_200, 4 * RATE, 0.2)
    mixer = mixer_of(clip)
    mixer.set_score(dipped(DIP))
    out = np.concatenate([mixer.render(882) for _ in range(150)])
    assert np.array_equal(out[: DIP.start], clip[: DIP.start])
    deep = slice(DIP.start + DIP.fade, DIP.end - DIP.fade)
    assert np.allclose(out[deep], tone(50, 4 * RATE, 0.2)[deep] * HALF, atol=0.005)
    assert np.array_equal(out[DIP.end :], clip[DIP.end : len(out)])


def test_the_music_slams_back_with_the_bell() -> None:
    dip = Dip(RATE, 2 * RATE)
    clip = tone(50, 3 * RATE, 0.2) + tone(4_200, 3 * RATE, 0.2)
    mixer = mixer_of(clip)
    mixer.set_score(dipped(dip))
    out = mixer.render(5 * RATE // 2)
    just_before = slice(dip.end - RATE // 10, dip.end - RATE // 50)
    assert np.allclose(out[just_before], tone(50, 3 * RATE, 0.2)[just_before] * 10 ** (-9 / 20), atol=0.005)
    assert np.array_equal(out[dip.end :], clip[dip.end : len(out)]), "all of it, on the sample"


def test_a_dip_that_is_added_to_a_running_voice_moves_nothing() -> None:
    mixer = mixer_of(ramp(0, 4 * RATE))
    mixer.set_score(dipped())
    first = mixer.render(RATE // 2)
    mixer.set_score(dipped(DIP))
    rest = mixer.render(3 * RATE)
    out = np.concatenate((first, rest))
    deep = slice(DIP.start + DIP.fade, DIP.end - DIP.fade)
    assert np.allclose(out[deep], ramp(0, 4 * RATE)[deep] * HALF, rtol=1e-4)
    assert np.array_equal(out[DIP.end :], ramp(0, 4 * RATE)[DIP.end : len(out)])


def test_a_running_voice_that_is_in_the_middle_of_a_new_dip_steps_into_it() -> None:
    flat: Samples = np.full((2 * RATE, 2), 0.25, np.float32)
    mixer = mixer_of(flat)
    mixer.set_score(dipped())
    first = mixer.render(1_000)
    mixer.set_score(dipped(Dip(0, RATE, gain_db=-6.0, fade=100)))
    out = np.concatenate((first, mixer.render(2_000)))[:, 0]
    assert np.abs(np.diff(out)).max() < 0.25 / 200
    assert np.allclose(out[1_500:], 0.25 * HALF, rtol=1e-4)


def test_a_dip_that_is_taken_back_ends_without_a_step() -> None:
    mixer = mixer_of(tone(110, 4 * RATE, 0.4))
    mixer.set_score(dipped(DIP))
    before = mixer.render(DIP.start + RATE // 2)
    mixer.set_score(dipped())
    after = mixer.render(RATE)
    out = np.concatenate((before, after))[:, 0]
    assert np.abs(np.diff(out)).max() < 0.4 * 2 * np.pi * 110 / RATE + 0.4 / 200
    assert np.array_equal(after[400:], tone(110, 4 * RATE, 0.4)[len(before) + 400 : len(before) + RATE])


def test_dips_are_the_same_in_blocks_of_any_size() -> None:
    one, many = mixer_of(noise(1, 4 * RATE)), mixer_of(noise(1, 4 * RATE))
    one.set_score(dipped(DIP))
    many.set_score(dipped(DIP))
    whole = one.render(30 * 3_000)
    sizes = [1, 2_999, 61, 2_939] + [3_000] * 28
    assert np.abs(np.concatenate([many.render(size) for size in sizes]) - whole).max() < 1e-5


def test_a_voice_with_dips_keeps_its_place_through_a_jump() -> None:
    for jump in (10, 5_000):
        mixer = mixer_of(ramp(0, 4 * RATE))
        mixer.set_score(dipped(DIP))
        mixer.render(1_000)
        there = mixer.frame + jump
        mixer.jump(there)
        out = mixer.render(1_000)
        assert np.array_equal(out[300:], ramp(there + 300, 700))


def test_a_voice_with_dips_is_heard_to_the_end_of_its_source() -> None:
    mixer = mixer_of(np.full((5_000, 2), 0.25, np.float32))
    mixer.set_score(dipped(DIP))
    out = mixer.render(6_000)
    assert np.all(out[:5_000] == 0.25)
    assert np.abs(np.diff(out[:, 0])).max() < 0.25 / 60
    assert mixer.drain_reports()[-1] == VoiceEnded("v", 5_000, early=False)


def test_dips_of_a_snap_voice_shift_with_it() -> None:
    flat: Samples = np.full((4 * RATE, 2), 0.25, np.float32)
    mixer = mixer_of(flat)
    mixer.render(1_000)
    shift = mixer.frame
    mixer.set_score(dipped(Dip(2_000, 4_000, -6.0, fade=10, back=10), snap=True))
    out = np.concatenate((np.zeros((1_000, 2)), mixer.render(6_000)))
    assert np.all(out[shift : shift + 2_000] == 0.25)
    assert np.allclose(out[shift + 2_020 : shift + 3_980], 0.25 * HALF)


def test_a_gain_dip_is_possible_by_the_envelope_alone() -> None:
    flat: Samples = np.full((10_000, 2), 0.25, np.float32)
    mixer = mixer_of(flat)
    points = (
        EnvelopePoint(1_000, 1.0),
        EnvelopePoint(2_000, 0.3),
        EnvelopePoint(5_000, 0.3),
        EnvelopePoint(6_000, 1.0),
    )
    mixer.set_score(Score(voices=(VoiceSpan("v", SourceRef("a"), 0, None, points),)))
    out = mixer.render(8_000)[:, 0]
    assert np.allclose(out[2_000:5_000], 0.25 * np.sin(0.15 * np.pi))
    assert np.all(out[6_000:] == 0.25)

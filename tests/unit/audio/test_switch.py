"""The change from one phase's music to the next, on the samples."""

import numpy as np
import pytest

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import CueHit, EnvelopePoint, Levels, Score, SourceRef, VoiceSpan
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Frames
from tests.unit.audio.sources import Shelf, noise, tone

SWITCH: Frames = 2 * RATE
FADE: Frames = RATE // 2


def crossing(first: Samples, second: Samples, fade: Frames) -> Mixer:
    """Two voices that change over around `SWITCH`, by a fade or, without one, on a single frame."""
    out = (EnvelopePoint(SWITCH - fade, 1.0), EnvelopePoint(SWITCH, 0.0)) if fade else ()
    into = (EnvelopePoint(SWITCH - fade, 0.0), EnvelopePoint(SWITCH, 1.0)) if fade else ()
    mixer = Mixer({"bell": noise(9, 20_000)}, Shelf(a=first, b=second), levels=Levels())
    spans = (
        VoiceSpan("a", SourceRef("a"), 0, SWITCH, out),
        VoiceSpan("b", SourceRef("b", 1_000), SWITCH - fade, None, into),
    )
    mixer.set_score(Score(voices=spans))
    return mixer


def longest_silence(samples: Samples) -> int:
    heard = np.flatnonzero(samples.any(axis=1))
    return int(np.diff(heard, prepend=-1, append=len(samples)).max()) - 1


@pytest.mark.parametrize("fade", [0, 441, FADE])
def test_no_gap_and_no_step_louder_than_the_material(fade: Frames) -> None:
    first = tone(110, 3 * RATE, loudness=0.4)
    second = np.concatenate((np.zeros((1_000, 2), np.float32), tone(165, 3 * RATE, loudness=0.4)))
    out = crossing(first, second, fade).render(3 * RATE)
    around = out[SWITCH - FADE - 500 : SWITCH + 500]
    steepest = max(np.abs(np.diff(clip, axis=0)).max() for clip in (first, second))
    assert longest_silence(around) <= 1
    assert np.abs(np.diff(around[:, 0])).max() <= 1.5 * steepest


def test_a_switch_on_the_bell_has_no_frame_of_silence() -> None:
    first, second = noise(1, 3 * RATE), noise(2, 3 * RATE)
    out = crossing(first, second, 0).render(3 * RATE)
    assert longest_silence(out) == 0
    assert np.array_equal(out[SWITCH:], second[1_000 : 1_000 + RATE])


def test_unrelated_music_keeps_its_power_through_the_fade() -> None:
    first, second = noise(1, 3 * RATE), noise(2, 3 * RATE)
    out = crossing(first, second, FADE).render(3 * RATE)
    windows = out[SWITCH - FADE - RATE // 10 : SWITCH + RATE // 10, 0].reshape(-1, RATE // 20)
    level_db = 20 * np.log10(np.sqrt((windows.astype(np.float64) ** 2).mean(axis=1)) / 0.1)
    assert np.abs(level_db).max() < 0.5


def test_a_drop_lands_on_its_bell_to_the_sample() -> None:
    drop = np.zeros((3 * RATE, 2), np.float32)
    drop[RATE:] = 0.2
    bell: Samples = np.full((500, 2), 0.1, np.float32)
    mixer = Mixer({"bell": bell}, Shelf(a=drop), levels=Levels(duck_db=0.0))
    voice = VoiceSpan("a", SourceRef("a", 400), SWITCH - RATE + 400, None)
    mixer.set_score(Score(voices=(voice,), cues=(CueHit("c", "bell", SWITCH),)))
    out = np.concatenate([mixer.render(882) for _ in range(110)])
    assert not out[:SWITCH].any()
    assert out[SWITCH, 0] == pytest.approx(0.3)

"""The music steps back before a cue and comes back when the cue ends."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbd_tui.audio.cues import heard_length
from nbd_tui.audio.duck import ATTACK, LEAD, RELEASE, duck_line
from nbd_tui.audio.limiter import LOOKAHEAD
from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import CueHit, Levels, Score, SourceRef, VoiceSpan
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Frames
from tests.unit.audio.sources import Shelf

LENGTH = RATE // 2
MUSIC = 0.25
DOWN = MUSIC * 10 ** (-12 / 20)
SILENT_BELL: Samples = np.zeros((LENGTH, 2), np.float32)


def music_under(mixer: Mixer, frames: Frames) -> Samples:
    return mixer.render(frames)[:, 0]


def make() -> Mixer:
    """Flat music under bells without a sound, so that the samples are the gain of the music."""
    flat: Samples = np.full((60 * RATE, 2), MUSIC, np.float32)
    return Mixer({"bell": SILENT_BELL}, Shelf(flat=flat), levels=Levels(duck_db=-12.0))


def score(*frames: Frames, snap: bool = False) -> Score:
    voice = VoiceSpan("v", SourceRef("flat"), 0, None)
    return Score(voices=(voice,), cues=tuple(CueHit(f"c{at}", "bell", at, snap=snap) for at in frames))


def test_the_music_is_down_when_the_cue_begins_and_released_when_it_ends() -> None:
    mixer = make()
    mixer.set_score(score(RATE))
    out = music_under(mixer, 3 * RATE)
    assert np.all(out[: RATE - LEAD] == np.float32(MUSIC))
    assert np.all(np.diff(out[RATE - LEAD : RATE]) < 0)
    assert np.allclose(out[RATE : RATE + LENGTH], DOWN)
    assert np.all(np.diff(out[RATE + LENGTH : RATE + LENGTH + RELEASE]) > 0)
    assert np.all(out[RATE + LENGTH + RELEASE :] == np.float32(MUSIC))


def test_a_sudden_cue_is_answered_fast_but_without_a_step() -> None:
    mixer = make()
    mixer.set_score(score())
    mixer.render(1_000)
    mixer.set_score(score(0, snap=True))
    out = music_under(mixer, RATE)
    assert out[LOOKAHEAD] == pytest.approx(MUSIC)
    assert out[LOOKAHEAD + ATTACK] == pytest.approx(DOWN)
    assert np.abs(np.diff(out)).max() < 2 * MUSIC / ATTACK


def test_the_music_stays_down_between_cues_close_together() -> None:
    mixer = make()
    mixer.set_score(score(RATE, RATE + LENGTH + int(0.39 * RATE)))
    out = music_under(mixer, 4 * RATE)
    assert np.allclose(out[RATE : RATE + 2 * LENGTH + int(0.39 * RATE)], DOWN)


def test_the_music_comes_back_between_cues_further_apart() -> None:
    mixer = make()
    mixer.set_score(score(RATE, RATE + LENGTH + RATE))
    out = music_under(mixer, 5 * RATE)
    assert np.all(out[RATE + LENGTH + RELEASE : 2 * RATE + LENGTH - LEAD] == np.float32(MUSIC))


def test_a_revoked_cue_lets_the_music_back() -> None:
    mixer = make()
    mixer.set_score(score(RATE))
    mixer.render(RATE - LEAD // 2)
    mixer.set_score(score())
    out = music_under(mixer, RATE)
    assert out[0] < 0.7 * MUSIC
    assert np.abs(np.diff(out)).max() < 2 * MUSIC / LEAD
    assert np.all(out[RELEASE:] == np.float32(MUSIC))


def test_nothing_ducks_for_cues_that_are_turned_off() -> None:
    mixer = make()
    mixer.set_score(score(RATE))
    mixer.set_levels(Levels(cues=0.0))
    assert np.all(music_under(mixer, 2 * RATE) == np.float32(MUSIC))


INTERVALS = st.lists(
    st.tuples(st.integers(-5_000, 90_000), st.integers(0, 60_000)).map(lambda cue: (cue[0], cue[0] + cue[1])),
    max_size=8,
)


@settings(deadline=None)
@given(INTERVALS, st.integers(0, 80_000), st.floats(0, 1))
@example([(0, 1)], 0, 0.998046875)
def test_any_cues_are_ducked_without_a_step(cues: list[tuple[int, int]], frame: int, depth: float) -> None:
    values = np.broadcast_to(duck_line(cues, frame, depth).over(frame, 250_000), 250_000)
    assert values.min() >= 0.0
    assert values.max() <= 1.0
    assert values[0] == pytest.approx(depth)
    assert np.abs(np.diff(values)).max() <= 1.1 / ATTACK
    assert values[-1] == 0.0
    for start, end in cues:
        held = values[max(0, start + ATTACK - frame, ATTACK) : max(0, end - frame)]
        assert np.allclose(held, 1.0)


def test_a_bell_is_heard_until_it_has_died_away_to_a_tenth() -> None:
    ring = np.exp(-np.arange(44_100) / 4_410)[:, None] * np.ones((1, 2))
    assert heard_length(ring.astype(np.float32)) == pytest.approx(4_410 * np.log(10), abs=2)
    assert heard_length(np.full((100, 2), 0.3, np.float32)) == 100
    assert heard_length(np.zeros((0, 2), np.float32)) == 0

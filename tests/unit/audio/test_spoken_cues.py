"""Cues that are said: clips one after another, as one cue."""

import numpy as np
import pytest

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import Clip, CueHit, CueMissed, CueSounded, Levels, Score, SourceRef, VoiceSpan
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE, Frames
from tests.unit.audio.sources import ClipSource, Shelf

CLIPS: dict[str, Samples] = {
    "round": np.full((1000, 2), 0.1, np.float32),
    "two": np.full((600, 2), 0.2, np.float32),
}
SAID = (Clip("round"), Clip("two", gap=50))


def speaking(hit: CueHit, start_frame: Frames = 0) -> Mixer:
    mixer = Mixer({}, Shelf(), start_frame, clip_of=CLIPS.get)
    mixer.set_score(Score(cues=(hit,)))
    return mixer


@pytest.mark.parametrize("block", [1, 100, 237, 3000])
def test_clips_are_heard_one_after_another_from_their_frame_on(block: int) -> None:
    mixer = speaking(CueHit("a", "", 700, clips=SAID))
    out = np.concatenate([mixer.render(block) for _ in range(-(-3000 // block))])[:3000, 0]
    assert np.allclose(out[:700], 0.0)
    assert np.allclose(out[700:1700], 0.1)
    assert np.allclose(out[1700:1750], 0.0)
    assert np.allclose(out[1750:2350], 0.2)
    assert np.allclose(out[2350:], 0.0)
    assert mixer.drain_reports() == [CueSounded("a", 700)]


def test_a_clip_that_is_missing_is_reported_and_nothing_of_the_rest_is_said() -> None:
    mixer = speaking(CueHit("a", "", 700, clips=(Clip("round"), Clip("eleventy"))))
    assert not mixer.render(3000).any()
    assert mixer.drain_reports() == [CueMissed("a", 700)]


def test_what_has_begun_is_said_to_its_end_and_never_twice() -> None:
    mixer = speaking(CueHit("a", "", 0, clips=SAID))
    first = mixer.render(500)[:, 0]
    mixer.set_score(Score(cues=(CueHit("a", "", 1500, clips=SAID),)))
    out = np.concatenate((first, mixer.render(4000)[:, 0]))
    assert np.allclose(out[1050:1650], 0.2)
    assert not out[1650:].any()


def test_what_has_not_begun_can_be_taken_back() -> None:
    mixer = speaking(CueHit("a", "", 2000, clips=SAID))
    mixer.render(500)
    mixer.set_score(Score())
    assert not mixer.render(5000).any()


def test_the_music_steps_back_from_the_first_word_to_the_last() -> None:
    clip = np.zeros((RATE, 2), np.float32)
    music = np.full((10 * RATE, 2), 0.4, np.float32)
    clips = {"round": clip, "two": clip}
    source = lambda ref: ClipSource(music, ref.in_point)  # noqa: E731
    mixer = Mixer({}, source, levels=Levels(duck_db=-12.0), clip_of=clips.get)
    said = CueHit("a", "", 2 * RATE, clips=(Clip("round"), Clip("two", gap=RATE // 20)))
    mixer.set_score(Score(voices=(VoiceSpan("m", SourceRef("m"), 0, None),), cues=(said,)))
    out = mixer.render(8 * RATE)[:, 0]
    ducked = 0.4 * 10 ** (-12 / 20)
    assert out[RATE] == pytest.approx(0.4, rel=1e-3)
    assert np.allclose(out[2 * RATE : 4 * RATE], ducked, rtol=1e-3), "from the first word through the gap to the last"
    assert out[5 * RATE] == pytest.approx(0.4, rel=1e-3)


def test_the_volume_of_the_cues_is_that_of_the_voice() -> None:
    mixer = Mixer({}, Shelf(), levels=Levels(cues=0.5), clip_of=CLIPS.get)
    mixer.set_score(Score(cues=(CueHit("a", "", 0, clips=SAID),)))
    assert np.allclose(mixer.render(1000)[:, 0], 0.05)

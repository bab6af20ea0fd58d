"""Cue sets."""

import numpy as np

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import CueHit, Score
from nbd_tui.audio.source import Samples
from tests.unit.audio.sources import Shelf

SOUND: Samples = np.full((100, 2), 0.1, np.float32)


def test_cues_that_overlap_add_up() -> None:
    mixer = Mixer({"beep": SOUND}, Shelf())
    mixer.set_score(Score(cues=(CueHit("a", "beep", 0), CueHit("b", "beep", 50))))
    out = mixer.render(200)[:, 0]
    assert np.allclose(out[:50], 0.1)
    assert np.allclose(out[50:100], 0.2)
    assert np.allclose(out[100:150], 0.1)


def test_the_caller_may_change_its_samples_afterwards() -> None:
    own = SOUND.copy()
    mixer = Mixer({"beep": own}, Shelf())
    own[:] = 0.5
    mixer.set_score(Score(cues=(CueHit("a", "beep", 0),)))
    assert np.allclose(mixer.render(100), 0.1)

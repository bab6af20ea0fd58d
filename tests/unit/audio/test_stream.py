"""The stream is the same however it is rendered, and nothing done between blocks breaks it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import (
    CueHit,
    EnvelopePoint,
    Levels,
    Score,
    SourceRef,
    VoiceSpan,
)
from tests.unit.audio.mixers import make
from tests.unit.audio.sources import Shelf, noise

SIZES = st.lists(st.integers(1, 3_000) | st.integers(1, 300), min_size=1, max_size=30)


def busy_score() -> Score:
    fade_out = (EnvelopePoint(3_000, 1.0), EnvelopePoint(8_000, 0.0))
    fade_in = (EnvelopePoint(3_000, 0.0), EnvelopePoint(8_000, 1.0))
    return Score(
        voices=(
            VoiceSpan("a", SourceRef("a", 17), 150, 8_000, fade_out, gain_db=9.0),
            VoiceSpan("b", SourceRef("b", 3), 3_000, 20_000, fade_in, gain_db=12.0),
            VoiceSpan("late", SourceRef("b", 0), -900, 6_000),
            VoiceSpan("short", SourceRef("c", 0), 5_000, 19_000),
        ),
        cues=(CueHit("1", "beep", 6_789), CueHit("2", "beep", 7_000, gain_db=11.0), CueHit("3", "beep", 18_000)),
    )


def busy_mixer() -> Mixer:
    mixer = make(Shelf(a=noise(1, 50_000), b=noise(2, 50_000), c=noise(3, 4_321)), levels=Levels())
    mixer.set_score(busy_score())
    return mixer


@settings(deadline=None, max_examples=40)
@given(SIZES)
def test_the_stream_is_the_same_in_blocks_of_any_size(sizes: list[int]) -> None:
    total = sum(sizes)
    one, many = busy_mixer(), busy_mixer()
    whole = one.render(total)
    parts = [many.render(size) for size in sizes]
    assert [len(part) for part in parts] == sizes
    assert whole.dtype == parts[0].dtype == np.float32
    assert np.abs(np.concatenate(parts) - whole).max() < 1e-5
    assert one.drain_reports() == many.drain_reports()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 2_000), st.integers(0, 3)), min_size=1, max_size=20))
def test_scores_and_volumes_between_blocks_never_break_the_stream(steps: list[tuple[int, int]]) -> None:
    """Any mixture of re-timed, emptied and repeated scores leaves each cue and voice begun at most once."""
    mixer, score = busy_mixer(), busy_score()
    for frames, change in steps:
        before = mixer.delivered
        if change == 0:
            mixer.set_score(Score(voices=score.voices[:2], cues=score.cues[1:]))
        elif change == 1:
            mixer.set_score(score)
        elif change == 2:
            mixer.set_levels(Levels(music=frames / 2_000, cues=0.5))
        out = mixer.render(frames)
        assert mixer.delivered == before + frames
        assert np.isfinite(out).all()
    names = [(type(report), report.id) for report in mixer.drain_reports()]
    assert len(names) == len(set(names))


def test_rendering_nothing_changes_nothing() -> None:
    mixer = make(start=77)
    assert mixer.render(0).shape == (0, 2)
    assert (mixer.frame, mixer.delivered) == (77, 77)

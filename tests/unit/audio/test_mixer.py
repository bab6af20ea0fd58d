"""What the mixer renders, sample by sample."""

import numpy as np
import pytest

from nbd_tui.audio.limiter import LOOKAHEAD
from nbd_tui.audio.score import (
    CueHit,
    CueMissed,
    CueSounded,
    EnvelopePoint,
    Levels,
    Score,
    SourceRef,
    VoiceEnded,
    VoiceSpan,
    VoiceStarted,
)
from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE
from tests.unit.audio.mixers import BEEP, LONG, make, positions, span
from tests.unit.audio.sources import STEP, Shelf, noise, ramp


def test_a_voice_plays_its_source_from_the_exact_frame() -> None:
    mixer = make(start=5_000)
    mixer.set_score(Score(voices=(span(5_500, 9_000, in_point=700),)))
    out = mixer.render(2_000)
    assert not out[:500].any()
    assert np.array_equal(out[500:], ramp(700, 1_500))
    assert mixer.drain_reports() == [VoiceStarted("v", 5_500)]


def test_a_voice_ends_at_its_end_without_a_click() -> None:
    mixer = make()
    mixer.set_score(Score(voices=(span(0, 1_000, in_point=100_000),)))
    out = mixer.render(1_200)
    assert not out[1_000:].any()
    assert np.abs(np.diff(out[1:, 0])).max() < 0.1 / 200
    assert VoiceEnded("v", 1_000, early=False) in mixer.drain_reports()


def test_a_cue_begins_at_its_exact_frame_and_rings_out() -> None:
    mixer = make()
    mixer.set_score(Score(cues=(CueHit("c", "beep", 1_234),)))
    out = mixer.render(3_000)
    assert np.flatnonzero(out[:, 0]).tolist() == list(range(1_234, 2_234))
    assert mixer.drain_reports() == [CueSounded("c", 1_234)]


def test_a_bell_and_a_track_caused_by_a_key_begin_together_on_the_first_free_frame() -> None:
    mixer = make()
    mixer.render(1_000)
    free = mixer.frame
    assert free == 1_000 + LOOKAHEAD
    voice = VoiceSpan("v", SourceRef("ramp", 50_000), 990, 90_000, snap=True)
    mixer.set_score(Score(voices=(voice,), cues=(CueHit("c", "beep", 200, snap=True, grace=0),)))
    out = mixer.render(1_000)
    first = free - 1_000
    assert not out[:first].any()
    assert np.array_equal(out[first:], ramp(50_000, 1_000 - first) + np.float32(0.25))
    assert mixer.drain_reports() == [VoiceStarted("v", free), CueSounded("c", free)]


def test_end_and_envelope_of_a_snap_voice_shift_with_its_start() -> None:
    mixer = make()
    mixer.render(600)
    shift = mixer.frame - 400
    fade = (EnvelopePoint(400, 1.0), EnvelopePoint(1_400, 0.0))
    voice = VoiceSpan("v", SourceRef("ramp", 200_000), 400, 1_400, fade, snap=True)
    mixer.set_score(Score(voices=(voice,)))
    mixer.render(100)
    mixer.set_score(Score(voices=(voice,)))  # sent again, it is the same voice in the same place
    mixer.render(2_000)
    assert VoiceEnded("v", 1_400 + shift, early=False) in mixer.drain_reports()


def test_a_late_voice_joins_where_it_would_be_by_now() -> None:
    mixer = make(start=10_000)
    mixer.set_score(Score(voices=(span(8_000, None, in_point=300),)))
    out = mixer.render(1_000)
    assert positions(out[220:]) == list(range(2_520, 3_300))
    assert np.abs(np.diff(out[:, 0])).max() < 0.001
    assert mixer.drain_reports() == [VoiceStarted("v", 10_000)]


def test_a_voice_that_would_be_over_is_not_begun() -> None:
    shelf = Shelf(ramp=ramp(0, LONG))
    mixer = make(shelf, start=10_000)
    mixer.set_score(Score(voices=(span(8_000, 9_000),)))
    assert not mixer.render(500).any()
    assert mixer.drain_reports() == []
    assert shelf.still_open == []


def test_sending_a_score_again_changes_no_sample() -> None:
    score = Score(voices=(span(100, 5_000), span(4_000, None, name="w")), cues=(CueHit("c", "beep", 900),))
    once, often = make(levels=Levels()), make(levels=Levels())
    once.set_score(score)
    whole = once.render(8_000)
    parts = []
    for _ in range(16):
        often.set_score(score)
        parts.append(often.render(500))
    assert np.abs(np.concatenate(parts) - whole).max() < 1e-6
    assert once.drain_reports() == often.drain_reports()


def test_a_voice_missing_from_a_new_score_stops_without_a_click_and_stays_away() -> None:
    shelf = Shelf(ramp=ramp(0, LONG))
    mixer = make(shelf)
    mixer.set_score(Score(voices=(span(0, None, in_point=200_000),)))
    mixer.render(1_000)
    free = mixer.frame
    mixer.set_score(Score())
    out = mixer.render(1_000)
    silent = free + 220 - 1_000
    assert out[silent - 10 : silent - 1].all()
    assert not out[silent:].any()
    assert np.abs(np.diff(out[:, 0])).max() < 0.2 / 200
    mixer.set_score(Score(voices=(span(0, None),)))
    assert not mixer.render(500).any()
    assert mixer.drain_reports() == [VoiceStarted("v", 0), VoiceEnded("v", free + 220, early=False)]
    assert shelf.still_open == []


def test_a_running_voice_takes_a_new_gain_end_and_envelope_without_a_step() -> None:
    mixer = make()
    mixer.set_score(Score(voices=(span(0, None, in_point=200_000),)))
    mixer.render(1_000)
    fade = (EnvelopePoint(2_000, 0.5), EnvelopePoint(3_000, 0.0))
    quieter = VoiceSpan("v", SourceRef("ramp", 200_000), 0, 3_000, fade, gain_db=-6.0)
    mixer.set_score(Score(voices=(quieter,)))
    out = mixer.render(3_000)
    assert np.abs(np.diff(out[:, 0])).max() < 0.2 / 200
    expected = ramp(201_500, 1)[0, 0] * 10 ** (-6 / 20) * np.sin(np.pi / 4)
    assert out[500, 0] == pytest.approx(expected, rel=1e-5)
    assert not out[2_000:].any()


def test_a_cue_can_be_revoked_until_it_sounds_and_is_never_cut() -> None:
    mixer = make()
    mixer.set_score(Score(cues=(CueHit("a", "beep", 500), CueHit("b", "beep", 2_000))))
    first = mixer.render(600)
    mixer.set_score(Score())
    rest = mixer.render(3_000)
    assert np.count_nonzero(first[:, 0]) + np.count_nonzero(rest[:, 0]) == len(BEEP)
    assert mixer.drain_reports() == [CueSounded("a", 500)]


def test_a_cue_sounds_once_however_often_it_is_sent() -> None:
    mixer = make()
    score = Score(cues=(CueHit("a", "beep", 10),))
    mixer.set_score(score)
    mixer.render(2_000)
    mixer.set_score(score)
    assert not mixer.render(2_000).any()
    assert mixer.drain_reports() == [CueSounded("a", 10)]


def test_a_cue_late_within_its_grace_sounds_at_once_and_a_later_one_is_missed() -> None:
    mixer = make(start=RATE)
    late = CueHit("late", "beep", RATE - 100, grace=100)
    lost = CueHit("lost", "beep", RATE - 101, grace=100)
    mixer.set_score(Score(cues=(late, lost)))
    mixer.set_score(Score(cues=(late, lost)))
    out = mixer.render(2_000)
    assert np.array_equal(out[:1_000], BEEP)
    assert not out[1_000:].any()
    assert mixer.drain_reports() == [CueMissed("lost", RATE - 101), CueSounded("late", RATE)]


def test_a_sound_nobody_knows_is_reported_missed_once() -> None:
    mixer = make()
    for _ in range(2):
        mixer.set_score(Score(cues=(CueHit("x", "gong", 500),)))
        assert not mixer.render(1_000).any()
    assert mixer.drain_reports() == [CueMissed("x", 500)]


def test_a_source_that_stalls_is_silent_and_comes_back_in_place() -> None:
    shelf = Shelf(ramp=ramp(0, LONG))
    shelf.stalls["ramp"] = ((101_000, 102_000), (103_000, 103_001))
    mixer = make(shelf)
    mixer.set_score(Score(voices=(span(0, None, in_point=100_000),)))
    out = np.concatenate([mixer.render(100) for _ in range(60)])
    assert not out[1_200:1_900].any()
    assert positions(out[2_500:2_900]) == list(range(102_500, 102_900))
    assert positions(out[3_500:]) == list(range(103_500, 106_000))
    assert np.abs(np.diff(out[1:, 0])).max() < 0.1 / 60
    assert mixer.underruns == 2


def test_a_source_that_runs_out_is_reported_early_and_fades() -> None:
    mixer = make(Shelf(ramp=ramp(0, 300_000)))
    mixer.set_score(Score(voices=(span(500, 50_000, in_point=299_000),)))
    out = mixer.render(3_000)
    assert positions(out[600:1_500]) == list(range(299_100, 300_000))
    assert np.abs(np.diff(out[501:, 0])).max() < 0.3 / 60
    assert not out[1_600:].any()
    assert mixer.drain_reports() == [VoiceStarted("v", 500), VoiceEnded("v", 1_500, early=True)]
    assert mixer.underruns == 0


def test_a_source_played_to_its_end_is_not_early() -> None:
    mixer = make(Shelf(ramp=ramp(0, 1_000)))
    mixer.set_score(Score(voices=(span(0, None),)))
    mixer.render(3_000)
    assert mixer.drain_reports() == [VoiceStarted("v", 0), VoiceEnded("v", 1_000, early=False)]


def test_a_source_that_never_gives_a_frame_is_early() -> None:
    mixer = make(Shelf(ramp=ramp(0, 0)))
    mixer.set_score(Score(voices=(span(10, None),)))
    mixer.render(3_000)
    assert mixer.drain_reports() == [VoiceStarted("v", 10), VoiceEnded("v", 10, early=True)]


def test_a_source_is_opened_ahead_and_closed_when_its_voice_is_taken_back() -> None:
    shelf = Shelf(ramp=ramp(0, LONG))
    mixer = make(shelf)
    mixer.set_score(Score(voices=(span(RATE, None), span(10 * RATE, None, name="far"))))
    mixer.render(100)
    assert shelf.still_open == ["ramp"]
    mixer.set_score(Score(voices=(span(RATE, None, in_point=50),)))
    assert shelf.still_open == []
    mixer.render(100)
    assert [place.in_point for place, _ in shelf.opened] == [0, 50]
    mixer.close()
    assert shelf.still_open == []


def test_a_jump_takes_voices_along_and_drops_what_is_too_late() -> None:
    mixer = make()
    cues = (CueHit("lost", "beep", 3_000), CueHit("late", "beep", 29_900), CueHit("key", "beep", 0, snap=True))
    mixer.set_score(Score(voices=(span(0, None), span(1_500, 20_000, name="gone")), cues=cues))
    mixer.jump(30_000)
    assert (mixer.frame, mixer.delivered) == (30_000, 30_000)
    out = mixer.render(5_000)
    assert out[500, 0] == pytest.approx(30_500 * STEP + 0.5)
    assert positions(out[1_100:]) == list(range(31_100, 35_000))
    reports = mixer.drain_reports()
    assert reports[0] == CueMissed("lost", 3_000)
    assert set(reports[1:]) == {VoiceStarted("v", 30_000), CueSounded("late", 30_000), CueSounded("key", 30_000)}


def test_a_jump_while_voices_sound() -> None:
    mixer = make()
    mixer.set_score(Score(voices=(span(0, None), span(0, 9_000, name="gone"))))
    mixer.render(1_000)
    mixer.jump(20_000)
    out = mixer.render(1_000)
    assert positions(out[220:]) == list(range(20_220, 21_000))
    assert VoiceEnded("gone", 9_000, early=False) in mixer.drain_reports()


def test_a_jump_shorter_than_what_is_rendered_already_loses_nothing_else() -> None:
    mixer = make()
    mixer.set_score(Score(voices=(span(0, None),)))
    mixer.render(1_000)
    mixer.jump(900)
    mixer.jump(1_020)
    assert positions(mixer.render(500)) == list(range(1_020, 1_520))


def test_volumes_glide_and_cues_do_not_follow_the_music() -> None:
    flat: Samples = np.full((LONG, 2), 0.25, np.float32)
    mixer = make(Shelf(flat=flat))
    mixer.set_score(Score(voices=(span(0, None, path="flat"),), cues=(CueHit("c", "beep", 3_000),)))
    mixer.render(1_000)
    mixer.set_levels(Levels(music=0.0, cues=0.5, duck_db=0.0))
    out = mixer.render(4_000)[:, 0]
    assert np.abs(np.diff(out[:1_500])).max() < 0.25 / 800
    assert not out[1_000:2_000].any()
    assert np.all(out[2_000:3_000] == 0.125)


def test_closing_fades_everything_to_silence() -> None:
    mixer = make(Shelf(ramp=noise(1, LONG)))
    mixer.set_score(Score(voices=(span(0, None),), cues=(CueHit("c", "beep", 8_000),)))
    mixer.render(1_000)
    mixer.fade_out(4_410)
    assert not mixer.faded_out
    out = mixer.render(8_820)
    assert out[:4_000].any()
    assert not out[4_410 + LOOKAHEAD :].any()
    assert mixer.faded_out

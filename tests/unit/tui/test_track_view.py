"""What the track screen says of a track."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import tempo_of
from nbd_tui.model.units import to_frames
from nbd_tui.tui.text import UNICODE
from nbd_tui.tui.track_view import (
    bar_at,
    drop_parts,
    heading,
    place_words,
    sound_words,
    tempo_words,
    unheard_words,
    window_words,
)
from tests.screens.fake_library import hearing, row, wolf

STEADY = hearing(bpm=138.0, length_s=120.0)
DRIFTING = Hearing(STEADY.frames, 138.0, 0.6)
PAD = Hearing(STEADY.frames, 97.0, 0.1)
SILENCE = Hearing(STEADY.frames)


@pytest.mark.parametrize(
    ("tag", "heard", "mine", "words"),
    [
        (None, STEADY, None, "138 BPM heard, 90 % sure · constant"),
        (None, DRIFTING, None, "138 BPM heard, 60 % sure · changing"),
        (92.0, STEADY, None, "138 BPM heard, 90 % sure · constant · 92 in the tag"),
        (69.0, STEADY, None, "138 BPM heard, 90 % sure · constant"),
        (None, PAD, None, "no steady beat (97 BPM, 10 % sure)"),
        (92.0, PAD, None, "no steady beat (97 BPM, 10 % sure) · 92 in the tag"),
        (None, SILENCE, None, "no steady beat"),
        (92.0, None, None, "92 BPM in the tag"),
        (None, None, None, "no tempo yet"),
        (None, None, 81.5, "81.5 BPM by you"),
        (None, STEADY, 69.0, "69 BPM by you · constant · heard 138, 90 % sure"),
        (None, SILENCE, 69.0, "69 BPM by you"),
    ],
)
def test_the_tempo_with_its_source(tag: float | None, heard: Hearing | None, mine: float | None, words: str) -> None:
    bpm, confidence = (heard.bpm, heard.confidence) if heard else (None, 0.0)
    track = wolf(tempo=tempo_of(tag, bpm, confidence, mine))
    assert tempo_words(track, heard, Correction(mine)) == words


def test_length_loudness_and_drive() -> None:
    assert sound_words(wolf(), STEADY) == "2:00 · -9.0 LUFS · peak -0.3 dBTP · energy 80"
    assert sound_words(wolf(), SILENCE) == "2:00 · silent · energy 0"
    assert sound_words(wolf(duration_s=61.0), None) == "1:01"
    assert sound_words(wolf(duration_s=None), None) == ""


def test_the_heading_says_what_is_thought_of_it() -> None:
    assert heading(wolf(), Opinion.LIKED, UNICODE)[1] == "Return to Cookie Mountain · liked"
    assert heading(wolf(album=""), Opinion.BANNED, UNICODE)[1] == "in music · kept out"
    assert heading(wolf(title="\x07", artist=""), None, UNICODE) == ("?", "Return to Cookie Mountain")
    assert heading(wolf(album="", path=Path("wolf.flac")), None, UNICODE)[1] == ""


def test_what_to_do_with_a_track_that_was_not_heard() -> None:
    assert unheard_words(wolf(), "t", "b")[-1] == "Until then, t taps its tempo and b types it."
    failed = unheard_words(wolf(problem="cut [short]\n"), "F5", "b")
    assert failed[0] == "It could not be analysed: cut [short]"
    assert failed[-1] == "All the same, F5 taps its tempo and b types it."


def text(drop: Drop, width: int = 90, mine: Correction | None = None) -> str:
    found = corrected(STEADY, mine or Correction())
    return "".join(part for part, _ in drop_parts(drop, found, STEADY, width))


def test_a_drop_tells_what_leads_to_it() -> None:
    first = STEADY.drops[0]
    assert text(first).split() == ["0:40.0", "bar", "24", "score", "3.0", "gap", "0.9", "s", "build-up", "4", "bars"]
    assert "score" not in text(first, width=50)
    assert text(Drop(first.at_s, 1.0)).split()[5:] == ["no", "gap", "no", "build-up"]
    assert text(Drop(70.0, 3.0)).split() == ["1:10.0", "bar", "41", "by", "you"]


@given(st.sampled_from([None, Span(0, 99)]), st.sampled_from([None, Span(0, 99)]), st.integers(55, 100))
def test_a_drop_fits_on_its_line(gap: Span | None, build: Span | None, width: int) -> None:
    assert len(text(Drop(STEADY.drops[1].at_s, 99.9, gap, build), width)) <= width


def test_a_moment_in_bars_and_beats() -> None:
    assert place_words(STEADY, 0.0) == "0:00.0 · bar 1, beat 1"
    assert place_words(STEADY, STEADY.beats_s[9]) == "0:03.9 · bar 3, beat 2"
    assert place_words(SILENCE, 61.05) == "1:01.0"
    late = Hearing(to_frames(9.0), 60.0, beats_s=(1.0, 2.0, 3.0), downbeats_s=(2.0,))
    assert [bar_at(late, at_s) for at_s in (0.0, 1.5, 2.0, 3.5)] == [(0, 0), (0, 0), (1, 1), (1, 2)]


def test_how_much_is_in_sight() -> None:
    assert window_words(None, 120.0) == "whole track"
    assert window_words(Span(10.0, 26.0), 120.0) == "8 bars in sight"
    assert window_words(Span(10.0, 26.5), None) == "16.5 s in sight"
    assert window_words(Span(10.0, 30.0), 120.0, beats_per_bar=5) == "8 bars in sight"


@given(st.integers(0, 500))
def test_any_track_can_be_told_of(number: int) -> None:
    track = row(number)
    assert tempo_words(track, STEADY if track.is_heard else None, Correction())
    assert heading(track, track.opinion, UNICODE)[0]

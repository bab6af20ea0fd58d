"""The track screen: correcting tempo and drops, liking, and taking it back."""

from dataclasses import replace

import pytest

from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.tempo_edit import NEXT_TAP_S
from nbd_tui.tui.widgets.line_list import LineList
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from tests.screens.driving import line, picture
from tests.screens.track_desk import BEAT_S, DROPS, PATH, desk


async def test_double_and_half_the_tempo_with_its_beats() -> None:
    async with desk() as track:
        await track.press("greater_than_sign")
        assert (track.correction.bpm, track.said) == (240.0, "120 → 240 BPM")
        assert track.tempo == "240 BPM by you · constant · heard 120, 90 % sure"
        await track.press("right")
        assert track.at_s == pytest.approx(0.25), "beats follow"
        await track.press("less_than_sign", "less_than_sign")
        assert track.correction.bpm == 60.0
        await track.press("right")
        assert track.at_s == pytest.approx(1.0)


async def test_doubling_what_was_halved_is_as_heard() -> None:
    async with desk() as track:
        await track.press("less_than_sign", "greater_than_sign")
        assert track.correction == Correction()
        assert track.tempo.startswith("120 BPM heard")


async def test_no_tempo_leaves_its_range() -> None:
    async with desk() as track:
        await track.press(*["greater_than_sign"] * 3)
        assert (track.correction.bpm, track.said) == (240.0, "480 BPM is no tempo")


async def test_taps_are_averaged_and_count_when_the_hand_rests() -> None:
    async with desk() as track:
        await track.tap(0.6, 0.6)
        assert track.said == "tap on the beat, 1 more"
        await track.tap()
        track.program.clock.advance(NEXT_TAP_S + 1)
        await track.rest()
        await track.tap(0.6, 0.61, 0.59, 0.6)
        assert track.said == "tapped 100 BPM, esc leaves it"
        assert track.correction.bpm is None, "not yet"
        await track.rest()
        assert track.correction.bpm == pytest.approx(100.0, abs=0.2)
        assert track.tempo.startswith("100 BPM by you")


async def test_taps_near_the_heard_tempo_are_that_one() -> None:
    async with desk(correction=Correction(bpm=77.0)) as track:
        await track.tap(0.505, 0.505, 0.505, 0.505)
        assert track.said == "tapped 120 BPM as heard, esc leaves it"
        await track.rest()
        assert track.correction == Correction()


async def test_escape_leaves_what_is_being_tapped() -> None:
    async with desk() as track:
        await track.tap(0.6, 0.6, 0.6)
        await track.press("escape")
        assert isinstance(track.pilot.app.screen, TrackScreen)
        assert track.said == "tempo left as it was"
        await track.rest()
        assert track.correction == Correction()


async def test_what_is_typed_is_checked_as_one_types() -> None:
    async with desk() as track:
        await track.press("b", "7")
        assert "from 20 to 400 BPM" in picture(track.pilot)
        await track.press("enter")
        assert track.pilot.app.screen.query_one(TempoPrompt).display, "it stays open"
        await track.press("7", "comma", "5", "enter")
        assert track.correction.bpm == 77.5
        assert not track.pilot.app.screen.query_one(TempoPrompt).display
        assert track.said == "77.5 BPM"


async def test_while_one_types_no_letter_is_a_key() -> None:
    async with desk() as track:
        await track.press("b", *"maxlku", "space", "q")
        assert (track.correction, track.preview.played) == (Correction(), [])
        assert track.library.opinion(PATH) is None
        await track.press("escape")
        assert isinstance(track.pilot.app.screen, TrackScreen)
        assert track.correction == Correction()
        await track.press("right")
        assert track.at_s == pytest.approx(BEAT_S), "the keys are keys again"


async def test_a_drop_is_moved_to_the_beat_under_the_playhead() -> None:
    async with desk() as track:
        await track.press("d")
        track.preview.now = replace(track.preview.now, at_s=62.1)
        await track.settle()
        await track.press("m")
        assert track.correction.drops_s == pytest.approx((62.0, DROPS[1]))
        assert track.said == "drop 1:00.0 → 1:02.0"


async def test_drops_are_added_and_removed() -> None:
    async with desk() as track:
        await track.press("pagedown", "a")
        assert track.correction.drops_s == pytest.approx((16.0, *DROPS))
        await track.press("a")
        assert track.said == "a drop is at 0:16.0 already"
        await track.press("end", "x")
        assert track.correction.drops_s == pytest.approx((16.0, DROPS[0]))
        assert track.pilot.app.screen.query_one(LineList).count == 2
        await track.press("delete", "delete")
        assert track.correction.drops_s == ()
        assert "No drops." in picture(track.pilot)
        await track.press("x")
        assert track.said == "there is no drop to remove"
        await track.press("m")
        assert track.said == "there is no drop to move"
        await track.press("d")
        assert track.said == "no drop to listen to: a sets one here"


async def test_a_drop_removed_and_set_again_is_the_one_that_was_heard() -> None:
    async with desk() as track:
        await track.press(*["pagedown"] * 4, "x")
        assert track.correction.drops_s == pytest.approx(DROPS[1:])
        await track.press("a")
        assert track.correction == Correction(), "with its gap and its build-up"


async def test_like_and_keep_out() -> None:
    async with desk() as track:
        await track.press("l")
        assert track.library.opinion(PATH) is Opinion.LIKED
        assert "liked" in line(track.pilot, "title")[2]
        await track.press("k")
        assert track.library.opinion(PATH) is Opinion.BANNED
        await track.press("k")
        assert track.library.opinion(PATH) is None


async def test_every_change_is_taken_back_one_after_the_other() -> None:
    async with desk() as track:
        await track.press("greater_than_sign", "pagedown", "a", "l", "x")
        for expected in (
            (Correction(240.0, (8.0, *DROPS)), Opinion.LIKED),
            (Correction(240.0, (8.0, *DROPS)), None),
            (Correction(240.0), None),
            (Correction(), None),
        ):
            await track.press("u")
            assert (track.correction, track.library.opinion(PATH)) == expected
            assert track.said.startswith("taken back: ")
        await track.press("u")
        assert track.said == "nothing to undo"


async def test_all_corrections_are_taken_back_at_once_and_that_too() -> None:
    said = Correction(93.0, (10.0,))
    async with desk(correction=said) as track:
        assert track.tempo.startswith("93 BPM by you")
        await track.press("r")
        assert (track.correction, track.said) == (Correction(), "tempo and drops as heard")
        await track.press("r")
        assert track.said == "nothing was corrected"
        await track.press("u")
        assert track.correction == said

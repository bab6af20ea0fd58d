"""The track screen: moving, listening, what it shows and what it says of trouble."""

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Correction
from nbd_tui.tui.ports_library import PreviewState
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from tests.screens.driving import line, picture
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, wolf
from tests.screens.track_desk import HEARD, PATH, desk


async def test_what_is_heard_is_told() -> None:
    async with desk() as track:
        shown = picture(track.pilot)
        for words in (
            "Wolf Like Me · TV on the Radio",
            "120 BPM heard, 90 % sure · constant",
            "-9.0 LUFS",
            "-0.3 dBTP",
        ):
            assert words in shown
        assert "energy 80" in shown
        assert next(row.split() for row in shown.splitlines() if "build-up" in row)[:4] == [">", "1:00.0", "bar", "31"]
        assert "▲" in shown


async def test_both_tempos_are_told_where_they_differ() -> None:
    async with desk(heard=hearing(bpm=138.0), row=wolf()) as track:
        assert track.tempo == "138 BPM heard, 90 % sure · constant · 92 in the tag"


async def test_keys_that_seek() -> None:
    async with desk() as track:
        for keys, at_s in (
            ("right right", 1.0), ("left", 0.5), ("left left", 0.0), ("down down", 4.0), ("up", 2.0), ("home", 0.0),
            ("end", 178.0), ("right home", 0.0), ("shift+right", 16.0), ("shift+left ctrl+right", 16.0),
        ):  # fmt: skip
            await track.press(*keys.split())
            assert track.at_s == pytest.approx(at_s)
        assert not track.preview.played, "in silence"


async def test_sections_lead_to_build_ups_and_drops() -> None:
    places = []
    async with desk() as track:
        for _ in range(6):
            await track.press("pagedown")
            places.append(track.at_s)
        assert places == pytest.approx([16.0, 32.0, 51.0, 60.0, 80.0, 96.0])
        await track.press("pageup", "pageup", "pageup")
        assert track.at_s == pytest.approx(51.0)


async def test_space_listens_from_the_playhead_and_stops() -> None:
    async with desk() as track:
        await track.press("down", "space")
        assert track.listened == [2.0]
        track.preview.advance(3.0)
        await track.settle()
        assert track.at_s == pytest.approx(5.0)
        assert track.said == "listening, space stops"
        await track.press("space")
        assert (track.preview.stops, track.said) == (1, "")
        assert track.at_s == pytest.approx(5.0), "it stays where it was"


async def test_seeking_while_listening_listens_from_there() -> None:
    async with desk() as track:
        await track.press("space")
        track.program.clock.advance(1.0)
        await track.press("down", "down", "down")
        assert track.listened[1:] == [2.0], "a held key is not followed step by step"
        assert track.at_s == pytest.approx(6.0)
        track.program.clock.advance(0.3)
        await track.settle()
        assert track.listened[2:] == [6.0]


async def test_at_its_end_it_is_over_and_space_begins_again() -> None:
    async with desk() as track:
        await track.press("space")
        track.preview.now = replace(track.preview.now, at_s=179.9)
        await track.settle()
        track.preview.now = PreviewState()
        await track.settle()
        assert track.said == ""
        await track.press("space")
        assert track.listened[-1] == 0.0


async def test_d_listens_from_four_bars_before_the_next_drop() -> None:
    async with desk() as track:
        await track.press("d")
        assert track.listened == [52.0]
        assert track.said == "to the drop at 1:00"
        await track.press("d")
        assert track.listened[-1] == 112.0


async def test_why_it_cannot_be_heard_is_told() -> None:
    async with desk(preview=FakePreview()) as track:
        await track.press("space")
        track.preview.now = PreviewState(problem="it is [no] music\x1b[2J")
        await track.settle()
        assert track.said == "it cannot be heard: it is [no] music [2J"


async def test_what_is_listened_to_already_goes_on() -> None:
    playing = FakePreview(now=PreviewState(PATH, 33.0, is_playing=True))
    async with desk(preview=playing) as track:
        assert track.at_s == pytest.approx(33.0)
        assert track.said == "listening, space stops"


async def test_leaving_the_screen_ends_the_music() -> None:
    async with desk() as track:
        await track.press("space", "escape")
        assert isinstance(track.pilot.app.screen, HomeScreen)
        assert track.preview.stops == 1


async def test_closer_and_wider_down_to_eight_bars() -> None:
    async with desk() as track:
        await track.press("pagedown", "pagedown", "pagedown", *["plus"] * 6)
        assert line(track.pilot, "place")[2] == "8 bars in sight"
        window = track.pilot.app.screen.query_one(EnergyPicture).window
        assert window is not None
        assert window.start_s <= 51.0 < window.end_s
        await track.press("end")
        window = track.pilot.app.screen.query_one(EnergyPicture).window
        assert window is not None
        assert window.start_s <= 178.0 < window.end_s, "it follows"
        await track.press(*["minus"] * 6)
        assert line(track.pilot, "place")[2] == "whole track"


async def test_a_track_not_analysed_says_so_and_takes_a_tempo() -> None:
    async with desk(heard=None, row=wolf(is_heard=False, tempo=None)) as track:
        shown = picture(track.pilot)
        assert "It has not been analysed yet." in shown
        assert "nbd analyse" in shown
        await track.press("a")
        assert track.said == "it has not been analysed: there is nothing to change yet"
        await track.press("greater_than_sign")
        assert track.said == "there is no tempo yet: tap or type one"
        await track.tap(0.5, 0.5, 0.5, 0.5)
        await track.rest()
        assert track.correction.bpm == 120.0
        await track.press("space")
        assert track.listened == [0.0]
        track.program.clock.advance(1.0)
        await track.press("down")
        assert track.at_s is not None
        assert track.listened[-1] == 2.0, "bars of the tempo that was tapped"


async def test_a_track_that_cannot_be_analysed_says_why() -> None:
    row = wolf(is_heard=False, problem="killed by [signal] 9\x07")
    async with desk(heard=None, row=row) as track:
        assert "could not be analysed: killed by [signal] 9" in picture(track.pilot)
        await track.press("b", *"99", "enter")
        assert track.correction.bpm == 99.0


async def test_an_analysis_that_comes_while_one_looks_is_shown() -> None:
    async with desk(heard=None, row=wolf(is_heard=False, tempo=None)) as track:
        track.library.hearings[PATH] = HEARD
        track.library.number += 1
        await track.settle()
        await track.settle()
        assert track.tempo.startswith("120 BPM heard")


async def test_what_cannot_be_written_is_told_and_stays_on_the_screen() -> None:
    async with desk() as track:
        track.library.refusal = "the disk is full [/]"
        await track.press("greater_than_sign")
        assert line(track.pilot, "said")[2] == "not kept: the disk is full [/]"
        assert track.tempo.startswith("240 BPM by you")
        track.library.refusal = ""
        await track.press("less_than_sign")
        assert line(track.pilot, "said")[2] == ""


async def test_what_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FakeLibrary, path: Path) -> Hearing | None:
        raise LibraryError("the database is locked")

    monkeypatch.setattr(FakeLibrary, "hearing", fail)
    async with desk() as track:
        assert line(track.pilot, "said")[2] == "the database is locked"


async def test_before_it_was_read_nothing_can_be_changed() -> None:
    """What was said before would be lost."""
    async with desk() as track:
        screen = track.pilot.app.screen
        assert isinstance(screen, TrackScreen)
        screen._reading = True
        await track.press("greater_than_sign", "a", "x", "t", "b")
        assert track.correction == Correction()
        assert not screen.query_one(TempoPrompt).display


async def test_hostile_names_are_text() -> None:
    row = wolf(title="[/foo] \x1b[2J[Remix]", artist="[bold]", album="\u202eevil", tempo=None)
    async with desk(row=row) as track:
        assert "[/foo]  [2J[Remix] · [bold]" in picture(track.pilot)


async def test_leaving_does_not_call_off_what_is_being_written(monkeypatch: pytest.MonkeyPatch) -> None:
    slow: Future[None] = Future()
    async with desk() as track:
        monkeypatch.setattr(track.library, "correct", lambda path, correction: slow)
        await track.pilot.press("greater_than_sign", "escape")
        await track.pilot.pause()
        assert not slow.cancelled()
        slow.set_result(None)


async def test_it_stands_in_any_window() -> None:
    async with desk() as track:
        await track.press("pagedown", "plus", "space")
        for size in ((40, 12), (60, 15), (200, 60), (30, 8), (4, 3)):
            await track.pilot.resize_terminal(*size)
            await track.settle()
            assert picture(track.pilot)
        assert track.at_s == pytest.approx(16.0)


async def test_ctrl_c_ends_the_program() -> None:
    async with desk() as track:
        await track.pilot.press("ctrl+c")
        await track.pilot.pause()
        assert track.pilot.app.return_code == 0

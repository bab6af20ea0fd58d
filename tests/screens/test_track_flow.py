"""The track screen: moving, listening, correcting, and what is written of it."""

from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbd_tui.errors import LibraryError
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.ports_library import PreviewState
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.screens.track import TrackScreen
from nbd_tui.tui.tempo_edit import NEXT_TAP_S
from nbd_tui.tui.text import UNICODE
from nbd_tui.tui.widgets.energy_picture import EnergyPicture
from nbd_tui.tui.widgets.line_list import LineList
from nbd_tui.tui.widgets.tempo_prompt import TempoPrompt
from tests.screens.driving import line, picture, workers_done
from tests.screens.fake_library import FakeLibrary, FakePreview, hearing, wolf
from tests.screens.fake_session import FakeProgram

BEAT_S = 60.0 / 120.0
HEARD = hearing(bpm=120.0, length_s=180.0)
"""Drops at 60 and 120 s, each after a build-up of 8 s (16 beats) and a gap of 1 s."""
DROPS = tuple(drop.at_s for drop in HEARD.drops)
PATH = wolf().path


@dataclass
class Desk:
    """A track screen with what it is given."""

    pilot: Pilot[int]
    program: FakeProgram
    library: FakeLibrary
    preview: FakePreview

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        screen = self.pilot.app.screen
        if isinstance(screen, TrackScreen):
            screen.look()
        await workers_done(self.pilot)
        await self.pilot.pause()

    async def tap(self, *times: float) -> None:
        """Taps so many seconds after each other."""
        await self.pilot.press("t")
        for later in times:
            self.program.clock.advance(later)
            await self.pilot.press("t")
        await self.settle()

    async def rest(self) -> None:
        """The hand rests until the taps count."""
        self.program.clock.advance(NEXT_TAP_S + 0.1)
        screen = self.pilot.app.screen
        assert isinstance(screen, TrackScreen)
        screen.finish_rested_taps()
        await self.settle()

    @property
    def said(self) -> str:
        return line(self.pilot, "said")[0].partition(" · u takes")[0]

    @property
    def at_s(self) -> float | None:
        return self.pilot.app.screen.query_one(EnergyPicture).playhead_s

    @property
    def listened(self) -> list[float]:
        """From where it was listened to, each time."""
        assert {path for path, _ in self.preview.played} <= {PATH}
        return [round(at_s, 3) for _, at_s in self.preview.played]

    @property
    def tempo(self) -> str:
        return str(self.pilot.app.screen.query_one("#tempo").render())

    @property
    def correction(self) -> Correction:
        return self.library.correction(PATH)


@asynccontextmanager
async def desk(
    heard: Hearing | None = HEARD,
    row: LibraryRow | None = None,
    correction: Correction | None = None,
    size: tuple[int, int] = (80, 24),
    preview: FakePreview | None = None,
) -> AsyncIterator[Desk]:
    row = row or wolf(tempo=None, duration_s=180.0)
    library = FakeLibrary([row], {PATH: heard} if heard else {}, {PATH: correction} if correction else {})
    program, preview = FakeProgram(), preview or FakePreview()
    app = NbdApp(program.services(library=library, preview=preview), glyphs=UNICODE)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.push_screen(TrackScreen(row, app._services, UNICODE))
        opened = Desk(pilot, program, library, preview)
        await opened.settle()
        yield opened


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
        assert "intensity 80 %" in shown
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

"""Keys pressed in a workout, and what the screen answers."""

from dataclasses import replace

import pytest
from textual.strip import Strip

from nbd_tui.keymap import Action
from nbd_tui.session.snapshot import Echo, SessionSnapshot
from nbd_tui.tui.screens.workout import WorkoutScreen
from nbd_tui.tui.theme import RING
from nbd_tui.tui.widgets.big_time import BigTime, Place
from nbd_tui.workout.engine import EngineState
from tests.screens.driving import REST_1, ROUND_2, line, picture, running_app, seen, workout
from tests.screens.fake_session import HOSTILE, TRACK, builtin, moment

KEYS = (
    ("space", Action.PAUSE),
    ("enter", Action.DONE),
    ("right", Action.SKIP),
    ("left", Action.BACK),
    ("u", Action.UNDO_SKIP),
    ("plus", Action.ADD_TIME),
    ("equals_sign", Action.ADD_TIME),
    ("minus", Action.REMOVE_TIME),
    ("up", Action.MUSIC_UP),
    ("down", Action.MUSIC_DOWN),
    ("pageup", Action.CUES_UP),
    ("right_square_bracket", Action.CUES_UP),
    ("pagedown", Action.CUES_DOWN),
    ("left_square_bracket", Action.CUES_DOWN),
    ("n", Action.OTHER_TRACK),
    ("l", Action.LIKE),
    ("b", Action.BAN),
    ("w", Action.WHY),
    ("m", Action.MUTE),
)


async def test_every_key_reaches_the_session() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press(*(key for key, _ in KEYS))
        assert program.session.actions == [action for _, action in KEYS]
        assert {action for _, action in KEYS} | {Action.STOP, Action.RESTART} == set(Action)


async def test_a_key_that_lands_twice_bans_one_track_and_likes_it_once() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("b", "b", "l", "l")
        program.clock.advance(0.5)
        await pilot.press("l")
        assert program.session.actions == [Action.BAN, Action.LIKE, Action.LIKE]


async def test_pause_and_go_on() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("space")
        program.session.set(pause_s=42.0)
        await seen(pilot)
        assert pilot.app.screen.has_class("-paused")
        assert "PAUSED 0:42  ·  space to go on" in picture(pilot)
        await pilot.press("space")
        await seen(pilot)
        assert pilot.app.screen.has_class("-work")
        assert "W O R K" in picture(pilot)


async def test_what_plays_is_liked_and_what_comes_next_is_told_beside_the_next_phase() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        assert line(pilot, "next")[2] == ""
        program.session.set(track=replace(TRACK, is_liked=True), next_track=HOSTILE)
        await seen(pilot)
        assert line(pilot, "track") == ("♪ Wolf Like Me · TV on the Radio", "", "★ 138 BPM")
        assert line(pilot, "next")[2].startswith("next ♪ [/foo]")
        assert "\x1b" not in picture(pilot)


async def test_a_long_answer_takes_the_line_of_the_hints_as_well() -> None:
    program, why = workout(), "138 BPM for work 125–142; energy 81, wanted 70; its drop at 1:02 lands on the bell"
    async with running_app(program, start_with="mma-5x5", size=(60, 15)) as pilot:
        program.session.set(echo=Echo(why, program.clock(), 10.0))
        await seen(pilot)
        assert f"{line(pilot, 'echo')[0]} {line(pilot, 'hints')[0]}" == why
        assert "lands on the bell" in picture(pilot)
        program.clock.advance(10.1)
        await seen(pilot)
        assert "space pause" in picture(pilot)


async def test_an_answer_that_takes_time_to_read_stands_longer() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        program.session.set(echo=Echo("138 BPM for work 125–142", program.clock(), 10.0))
        program.clock.advance(9.9)
        await seen(pilot)
        assert line(pilot, "echo")[0] == "138 BPM for work 125–142"
        program.clock.advance(0.2)
        await seen(pilot)
        assert line(pilot, "echo")[0] == ""


async def test_the_answer_to_a_key_stands_two_seconds() -> None:
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("plus")
        await seen(pilot)
        assert line(pilot, "echo")[0] == "+15 s → 3:44"
        assert pilot.app.screen.query_one(BigTime).time == "3:44"
        program.clock.advance(2.0)
        await seen(pilot)
        assert line(pilot, "echo")[0] == ""


async def test_skip_counts_once_in_400_ms_and_back_is_not_held_up() -> None:
    program = workout((REST_1, 5.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        await pilot.press("right", "right", "left")
        assert program.session.actions == [Action.SKIP, Action.BACK]
        program.clock.advance(0.5)
        await pilot.press("right")
        assert program.session.actions[-1] is Action.SKIP
        assert program.session.now.index == 5


async def test_the_colour_follows_the_phase() -> None:
    program = workout((ROUND_2, 100.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        for at, mood in [
            ((ROUND_2, 295.0), "-last"),
            ((5, 1.0), "-rest"),
            ((0, 1.0), "-prepare"),
            ((11, 0.0), "-cool-down"),
        ]:
            program.session.go_to(*at)
            await seen(pilot)
            assert pilot.app.screen.has_class(mood)
            assert len([name for name in pilot.app.screen.classes if name.startswith("-")]) == 1


async def test_an_open_phase_says_how_it_ends() -> None:
    index = next(one.index for one in moment(builtin("strength").preset, 0).segments if one.duration_s is None)
    program = workout((index, 47.2))
    async with running_app(program, start_with="strength") as pilot:
        assert "enter when done" in picture(pilot)
        assert pilot.app.screen.query_one(BigTime).time == "0:47"
        await pilot.press("enter")
        assert program.session.actions == [Action.DONE]


@pytest.mark.parametrize("key", ["pagedown", "tab", "f5"])
async def test_no_other_key_takes_the_workout_away(key: str) -> None:
    async with running_app(workout(), start_with="mma-5x5") as pilot:
        await pilot.press(key)
        assert isinstance(pilot.app.screen, WorkoutScreen)
        assert pilot.app.focused is None


async def test_a_second_later_only_the_digit_that_changed_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    program = workout()
    drawn: list[tuple[int, int]] = []
    render_line = Place.render_line

    def note(place: Place, y: int) -> Strip:
        drawn.append((place.region.x, y))
        return render_line(place, y)

    async with running_app(program, start_with="mma-5x5") as pilot:
        await seen(pilot)
        last = max(place.region.x for place in pilot.app.screen.query(Place) if place.display)
        monkeypatch.setattr(Place, "render_line", note)
        for tenth in range(11):
            program.session.go_to(ROUND_2, 91.0 + tenth / 10)
            await seen(pilot)
        assert pilot.app.screen.query_one(BigTime).time == "3:28"
        assert {x for x, _ in drawn} == {last}
        assert len(drawn) == len(set(drawn)), "each row once, for the one second that has passed"


async def test_the_digits_take_the_colour_of_each_phase() -> None:
    program = workout((ROUND_2, 100.0))
    async with running_app(program, start_with="mma-5x5") as pilot:
        for at, mood in (((ROUND_2, 295.0), "last"), ((5, 1.0), "rest"), ((11, 0.0), "cool-down"), ((4, 9.0), "work")):
            program.session.go_to(*at)
            await seen(pilot)
            row = pilot.app.screen._compositor.render_strips()[12]
            assert {
                cells.style.color.name for cells in row if cells.style and cells.style.color and "█" in cells.text
            } == {RING[mood].digits}


async def test_the_screen_does_not_wait_for_its_next_look_to_answer_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbd_tui.tui.screens.workout.FRAMES_PER_S", 0.001)
    program = workout()
    async with running_app(program, start_with="mma-5x5") as pilot:
        reads: list[object] = []
        later = replace(program.session.now, echo=Echo("+15 s → 3:44", program.clock()))

        def answer_late() -> SessionSnapshot:
            reads.append(None)
            return later if len(reads) > 4 else program.session.now

        program.session.send = lambda action: None  # type: ignore[method-assign]
        program.session.snapshot = answer_late  # type: ignore[method-assign]
        await pilot.press("plus")
        for _ in range(100):
            await pilot.pause(0.01)
            if line(pilot, "echo")[0]:
                break
        assert line(pilot, "echo")[0] == "+15 s → 3:44"


@pytest.mark.parametrize("preset", ["mma-5x5", "strength"])
async def test_the_footer_always_tells_how_to_end_and_to_see_all_keys(preset: str) -> None:
    program = workout()
    async with running_app(program, start_with=preset) as pilot:
        for changes in ({}, {"can_undo_skip": True}, {"state": EngineState.PAUSED, "can_undo_skip": True}):
            program.session.set(**changes)
            await seen(pilot)
            assert line(pilot, "hints")[0].endswith("  q end  ? all keys")
            assert "q end  ? all keys" in picture(pilot)

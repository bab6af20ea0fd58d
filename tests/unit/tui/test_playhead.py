"""Where one is in a track, with listening and without."""

from pathlib import Path

import pytest

from nbd_tui.tui.playhead import AGAIN_S, Playhead
from nbd_tui.tui.ports_library import PreviewState
from tests.screens.fake_library import FakePreview
from tests.screens.fake_session import FakeClock

PATH, OTHER = Path("/music/a.ogg"), Path("/music/b.ogg")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def preview() -> FakePreview:
    return FakePreview()


def test_it_moves_with_the_music(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.seek(10.0)
    assert preview.played == []
    head.toggle(100.0)
    preview.advance(2.5)
    head.look()
    assert (head.at_s, head.is_listening, head.is_opening) == (12.5, True, False)
    head.toggle(100.0)
    assert (head.at_s, head.is_listening, preview.stops) == (12.5, False, 1)


def test_while_it_is_being_opened_it_stands(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.listen(30.0)
    preview.now = PreviewState(PATH, 30.0)
    head.look()
    assert (head.at_s, head.is_listening, head.is_opening) == (30.0, True, True)


def test_a_held_key_is_followed_now_and_then_and_at_its_end(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.listen(0.0)
    for step in range(1, 31):
        clock.advance(1 / 30)
        head.seek(float(step))
        head.look()
        assert head.at_s == step, "it does not jump back to what is still heard"
    clock.advance(AGAIN_S)
    head.look()
    assert preview.played[-1] == (PATH, 30.0)
    assert len(preview.played) < 9


def test_a_stop_calls_off_what_was_still_to_be_sought(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.listen(0.0)
    head.seek(5.0)
    head.stop()
    clock.advance(1.0)
    head.look()
    assert preview.played == [(PATH, 0.0)]
    assert not head.is_listening


def test_at_the_end_it_is_over(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.listen(99.0)
    preview.advance(0.9)
    head.look()
    preview.now = PreviewState()
    head.look()
    assert (head.at_s, head.is_listening, head.problem) == (99.9, False, "")
    head.toggle(100.0)
    assert head.at_s == 0.0


def test_a_track_of_unknown_length_goes_on_from_where_it_is(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.seek(40.0)
    head.toggle(0.0)
    assert preview.played == [(PATH, 40.0)]


def test_a_problem_is_told_until_the_next_attempt(preview: FakePreview, clock: FakeClock) -> None:
    head = Playhead(preview, PATH, clock)
    head.listen(0.0)
    preview.now = PreviewState(problem="broken")
    head.look()
    assert (head.problem, head.is_listening) == ("broken", False)
    head.look()
    assert head.problem == "broken"
    head.listen(0.0)
    assert head.problem == ""


def test_what_plays_already_is_followed_and_another_track_is_not(clock: FakeClock) -> None:
    assert Playhead(FakePreview(PreviewState(PATH, 12.0, is_playing=True)), PATH, clock).at_s == 12.0
    head = Playhead(FakePreview(PreviewState(OTHER, 12.0, is_playing=True)), PATH, clock)
    head.look()
    assert (head.at_s, head.is_listening) == (0.0, False)

"""Which second of its track a session says is heard."""

import pytest

from nbd_tui.keymap import Action
from tests.unit.session.offline import Stage

ONE_ROUND: list[dict[str, object]] = [
    {"phases": [{"kind": "work", "duration": 50}, {"kind": "cool-down", "duration": 50}]}
]


def at_s(stage: Stage) -> float:
    second = stage.conductor.snapshot().track_at_s
    assert second is not None
    return second


def test_it_goes_on_with_the_music_and_stands_in_a_pause() -> None:
    stage = Stage(ONE_ROUND).begin()
    stage.run(5.0)
    began = at_s(stage)
    assert 4.0 < began <= 5.0
    stage.run(3.0)
    assert at_s(stage) == pytest.approx(began + 3.0, abs=0.01)
    stage.press(Action.PAUSE)
    stage.run(2.0)
    paused = at_s(stage)
    assert paused == pytest.approx(began + 3.0, abs=0.2), "where it goes on"
    stage.run(2.0)
    assert at_s(stage) == paused
    stage.press(Action.PAUSE)
    stage.run(1.0)
    assert at_s(stage) == pytest.approx(paused + 1.0, abs=0.2)


def test_another_track_begins_anew() -> None:
    stage = Stage(ONE_ROUND).begin()
    stage.run(10.0)
    stage.press(Action.SKIP)
    stage.run(1.0)
    assert at_s(stage) == pytest.approx(1.0, abs=0.3)


def test_without_music_there_is_none() -> None:
    stage = Stage(ONE_ROUND, tracks=0).begin()
    stage.run(2.0)
    assert stage.conductor.snapshot().track_at_s is None

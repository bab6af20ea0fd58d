"""A session with its threads: begun, ended, and the display kept awake for just that long."""

import threading
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest

from nbd_tui.keymap import Action
from nbd_tui.model.units import to_frames
from nbd_tui.session.collector import Collector
from nbd_tui.session.conductor import Conductor
from nbd_tui.session.keep_awake import KeepAwake
from nbd_tui.session.pins import Pins
from nbd_tui.session.report import Report
from nbd_tui.session.sound import Sound
from nbd_tui.session.studio import Session, Studio
from nbd_tui.session.volumes import Volumes
from nbd_tui.soundtrack.assign import chance
from nbd_tui.soundtrack.pin import Pin
from nbd_tui.soundtrack.songs import Catalogue, Song
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import Clock, InstantProber, OfflinePlayer, a_track, level

PATIENCE_S = 20.0
TIMELINE = compile_timeline(parse_preset({"name": "T", "blocks": [{"phases": [{"kind": "work", "duration": 60}]}]})[0])


class Awake:
    """wakepy as it should be, or broken; counts who holds the display."""

    def __init__(self) -> None:
        self.held = 0
        self.asked = threading.Event()
        self.breaks_on_enter = self.breaks_on_leave = False

    @contextmanager
    def presenting(self, **_options: object) -> Iterator[types.SimpleNamespace]:
        self.asked.set()
        if self.breaks_on_enter:
            raise RuntimeError("no such desktop")
        self.held += 1
        try:
            yield types.SimpleNamespace(active=True)
        finally:
            self.held -= 1
            if self.breaks_on_leave:
                raise RuntimeError("the desktop is gone")


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> Awake:
    stand_in = Awake()
    monkeypatch.setattr("wakepy.keep", stand_in)
    return stand_in


class Gym:
    """A studio over an offline player whose clock stands still."""

    def __init__(self, tmp_path: Path) -> None:
        clock = Clock()
        clips = {str(a_track(2).path): np.full((to_frames(60), 2), level(2), np.float32)}
        self.player = OfflinePlayer(clock, clips)
        self.sound = Sound(self.player, clock, 0.0)
        self.sound.open()
        prober = InstantProber({a_track(2).path: to_frames(60)})
        library = Collector.of_demo(tmp_path, {})
        library.pool.add([a_track(2)])
        self.studio = Studio(self.sound, prober, library, clock, Volumes(), 0.5, keep_awake=True)
        self.reports: SimpleQueue[Report] = SimpleQueue()

    def begin(self, pins: Mapping[PhaseKind, Path] | None = None) -> Session:
        return self.studio.begin(
            TIMELINE, Pins({kind: Pin(path) for kind, path in (pins or {}).items()}), self.reports.put
        )

    def await_event(self, event: str) -> Report:
        while (report := self.reports.get(timeout=PATIENCE_S)).event != event:
            pass
        return report


@pytest.fixture
def gym(tmp_path: Path) -> Gym:
    return Gym(tmp_path)


def threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_a_session_from_start_to_close(gym: Gym, awake: Awake) -> None:
    session = gym.begin()
    gym.await_event("session")
    assert awake.asked.wait(PATIENCE_S)
    session.send(Action.PAUSE)
    gym.await_event("paused")
    gym.await_event("key")
    session.send(Action.SKIP)
    assert gym.await_event("finished").text == "completed"
    session.close()
    assert session.snapshot().state is EngineState.FINISHED
    assert awake.held == 0
    assert not threads("conductor")
    assert not threads("keep-awake")
    session.close()


def test_a_session_is_closed_before_it_has_begun(gym: Gym, awake: Awake) -> None:
    gym.player.poll = list  # type: ignore[method-assign]
    session = gym.begin()
    assert session.snapshot().state is EngineState.IDLE
    session.close()
    assert not threads("conductor")
    assert session.snapshot().state is EngineState.IDLE


def test_a_key_does_not_wait_for_a_player_that_does_not_come(gym: Gym, awake: Awake) -> None:
    gym.player.poll = list  # type: ignore[method-assign]
    session = gym.begin()
    session.send(Action.PAUSE)
    gym.await_event("session")
    gym.await_event("paused")
    session.close()


def test_the_workout_begins_whatever_is_wrong_with_the_sound(gym: Gym, awake: Awake) -> None:
    def broken(_message: object) -> None:
        raise OSError("the sound is gone")

    gym.player.send = broken  # type: ignore[method-assign,assignment]
    session = gym.begin()
    gym.await_event("session")
    session.send(Action.STOP)
    assert gym.await_event("finished").text == "stopped"
    session.close()
    assert session.snapshot().state is EngineState.FINISHED, "the screen goes on"
    assert awake.held == 0


def test_one_session_after_the_other(gym: Gym, awake: Awake) -> None:
    for _ in range(3):
        session = gym.begin()
        gym.await_event("session")
        session.close()
        assert gym.studio.idle() == ("offline", "")
    assert awake.held == 0


def test_what_is_missing_of_a_preset_s_pins_is_told_and_nothing_is_left_running(
    gym: Gym, awake: Awake, tmp_path: Path
) -> None:
    (tmp_path / "calm.m3u").write_text("gone.mp3\nempty.mp3\n")
    (tmp_path / "empty.mp3").touch()
    session = gym.begin({PhaseKind.WORK: tmp_path / "calm.m3u"})
    while "missing" not in (told := gym.await_event("music").text):
        pass
    assert "1 of 2 files of calm.m3u is missing" in told
    session.close()
    assert not threads("pins")


def test_volumes_turned_in_one_session_hold_for_the_next(gym: Gym, awake: Awake) -> None:
    session = gym.begin()
    session.send(Action.MUSIC_DOWN)
    gym.await_event("key")
    session.close()
    turned = session.snapshot().sound.music_volume
    again = gym.begin()
    gym.await_event("session")
    again.close()
    assert again.snapshot().sound.music_volume == turned < 100


def test_the_display_may_sleep_though_the_conductor_fails_to_end(
    gym: Gym, awake: Awake, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = gym.begin()
    close = Conductor.close

    def failing(conductor: Conductor) -> None:
        close(conductor)
        raise RuntimeError("cannot end")

    monkeypatch.setattr(Conductor, "close", failing)
    with pytest.raises(RuntimeError):
        session.close()
    assert awake.held == 0
    assert not threads("keep-awake")


@pytest.mark.parametrize("breaks", ["breaks_on_enter", "breaks_on_leave"])
def test_a_broken_wakepy_costs_no_workout(awake: Awake, breaks: str) -> None:
    setattr(awake, breaks, True)
    keeper = KeepAwake(wanted=True)
    keeper.hold()
    assert awake.asked.wait(PATIENCE_S)
    keeper.release()
    keeper.release()
    assert not threads("keep-awake")
    assert awake.held == 0


def test_a_display_that_may_sleep_is_left_alone(awake: Awake) -> None:
    keeper = KeepAwake(wanted=False)
    keeper.hold()
    keeper.release()
    assert not awake.asked.is_set()


def test_chance_is_fixed_within_a_session_and_differs_between_sessions() -> None:
    catalogue = Catalogue([Song(a_track(number)) for number in range(50)])
    one, same, other = chance(catalogue, 1), chance(catalogue, 1), chance(catalogue, 2)
    assert list(one) == list(same)
    assert list(one.argsort()) != list(other.argsort())
    assert all(one >= 0.0)
    assert all(one < 1.0)

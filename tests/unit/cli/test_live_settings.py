"""Settings changed while the program runs: what reaches the sound and the music, and when."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nbd_tui.audio.score import Levels, Score
from nbd_tui.cli import wiring
from nbd_tui.cli.live_settings import LiveSettings
from nbd_tui.cli.stage import Stage
from nbd_tui.errors import SettingsError
from nbd_tui.media.output.clock import Clock
from nbd_tui.player.protocol import STARTING, OutputChoice, SetLevels, SetScore, Status
from nbd_tui.session.studio import Studio
from nbd_tui.settings import Settings, load_settings


class FakePlayer:
    """Notes what it is given; says it is up when told to."""

    made: "list[FakePlayer]"

    def __init__(self, log_file: Path | None, output: OutputChoice, cue_folder: Path, clock: Clock) -> None:
        self.output, self.cue_folder = output, cue_folder
        self.sent: list[object] = []
        self.closed = False
        self.starting = True
        self.trouble = ""
        self.made.append(self)

    def open(self, frame: int, at: float) -> None: ...

    def send(self, message: object) -> None:
        self.sent.append(message)

    def poll(self) -> list[Status]:
        reason = STARTING if self.starting else ""
        return [Status(0, 0.0, None if self.starting else 0, 0.0, "vlc", reason, 0.0, 0)]

    def close(self) -> None:
        self.closed = True

    @property
    def scores(self) -> list[Score]:
        return [message.score for message in self.sent if isinstance(message, SetScore)]

    @property
    def levels(self) -> Levels:
        return [message.levels for message in self.sent if isinstance(message, SetLevels)][-1]


class Hall:
    """A program without sound or screen."""

    def __init__(self, stack: ExitStack, output: str | None = None) -> None:
        self.program = wiring.Program(stack, logs=False)
        self.stage = Stage(self.program, output, None)
        self.live = LiveSettings(self.stage, self.program.settings.keys, self.program.settings.home.favourites)
        self.studio: Studio = self.stage.studio

    @property
    def player(self) -> FakePlayer:
        return FakePlayer.made[-1]

    def change(self, table: str, key: str, value: object) -> None:
        self.live.change((table, key), value)
        self.live.apply()


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    monkeypatch.setattr(FakePlayer, "made", [], raising=False)
    monkeypatch.setattr("nbd_tui.player.client.Player", FakePlayer)
    with ExitStack() as stack:
        yield stack


def test_volumes_reach_the_player_at_once(stack: ExitStack) -> None:
    hall = Hall(stack)
    hall.change("audio", "cue_volume", 50)
    assert len(FakePlayer.made) == 1
    assert hall.player.levels.cues == pytest.approx(0.125)
    assert hall.studio.volumes.cues == 50


def test_volumes_turned_in_a_workout_stay_when_another_is_set(stack: ExitStack) -> None:
    hall = Hall(stack)
    hall.studio.volumes = hall.studio.volumes.louder_music(-4)
    hall.change("audio", "cue_volume", 50)
    assert hall.studio.volumes.music == 50


@pytest.mark.parametrize(("key", "value"), [("output", "silent"), ("cue_set", "soft"), ("latency_ms", 30)])
def test_what_a_player_has_from_birth_makes_another_one(stack: ExitStack, key: str, value: object) -> None:
    hall = Hall(stack, output="vlc")
    first = hall.player
    hall.change("audio", key, value)
    assert hall.player is not first
    wanted = OutputChoice.SILENT if key == "output" else OutputChoice.VLC
    assert hall.player.output is wanted
    assert hall.player.cue_folder.name == ("soft" if key == "cue_set" else "sharp")
    stack.close()
    assert first.closed


def test_in_a_workout_the_player_stays_until_it_is_over(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall(stack)
    first = hall.player
    monkeypatch.setattr(Studio, "busy", True)
    hall.change("audio", "output", "silent")
    assert hall.live.ring() == "not in a workout"
    assert hall.player is first
    monkeypatch.setattr(Studio, "busy", False)
    hall.live.look_after()
    assert hall.player is not first


def test_the_bell_waits_for_its_output(stack: ExitStack) -> None:
    hall = Hall(stack)
    assert hall.live.ring() == "the sound is starting"
    assert not hall.player.scores
    hall.player.starting = False
    hall.live.look_after()
    assert [cue.sound for cue in hall.player.scores[-1].cues] == ["bell-single"]
    assert hall.live.ring(music=True) == ""
    assert len(hall.player.scores[-1].voices) == 1
    ids = [cue.id for score in hall.player.scores for cue in score.cues]
    assert len(ids) == len(set(ids))


def test_a_new_music_folder_is_collected_at_once(stack: ExitStack, tmp_path: Path) -> None:
    hall = Hall(stack)
    before = hall.studio.library
    folder = tmp_path / "tunes"
    folder.mkdir()
    hall.change("music", "folders", [folder])
    assert hall.studio.library is not before
    assert load_settings(hall.live.file).music.folders == (folder,)
    again = hall.studio.library
    hall.live.rescan()
    assert hall.studio.library is not again


def test_keys_are_always_those_of_now(stack: ExitStack) -> None:
    hall = Hall(stack)
    keys = hall.live.keys
    heard: list[Settings] = []
    hall.live.listen(heard.append)
    hall.change("keys", "workout.pause", "p")
    assert keys == {"workout.pause": "p"}
    hall.change("keys", "workout.pause", None)
    assert keys == {}
    assert [settings.keys for settings in heard] == [{"workout.pause": "p"}, {}]


def test_a_refused_change_leaves_everything(stack: ExitStack) -> None:
    hall = Hall(stack)
    with pytest.raises(SettingsError):
        hall.live.change(("audio", "cue_volume"), 900)
    hall.live.apply()
    assert hall.live.current.audio.cue_volume == 90
    assert not hall.live.file.exists()


def test_the_report_is_that_of_the_doctor(stack: ExitStack) -> None:
    report = Hall(stack).live.report()
    assert any(line.startswith("nbd-tui") for line in report)
    assert any(line.startswith("settings") for line in report)

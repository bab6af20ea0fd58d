"""The player's main loop, its messages, and the process itself."""

import io
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest

from nbd_tui.audio.score import Clip, CueHit, CueSounded, Levels, Score, SourceRef
from nbd_tui.media.cue_files import ClipShelf
from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE
from nbd_tui.paths import asset
from nbd_tui.player.client import spawn_player
from nbd_tui.player.keeper import OutputKeeper
from nbd_tui.player.process import Inbox, Parts, PlayerLoop, close, read_into
from nbd_tui.player.protocol import (
    Close,
    Configure,
    FromPlayer,
    Mixed,
    OutputChoice,
    SetLevels,
    SetScore,
    SourceFailed,
    Status,
    ToPlayer,
    read_message,
    write_message,
)
from nbd_tui.player.stage import Stage
from tests.unit.player.fakes import CountingMixer, FakeFeeder, Time, Workshop

PATIENCE_S = 20.0
START = ClockPair(5_000, 100.0)


class Rig:
    """A loop on fakes."""

    def __init__(self, clips: ClipShelf | None = None) -> None:
        self.time = Time(START.at)
        self.mixer = CountingMixer(START.frame)
        self.feeder = FakeFeeder()
        self.workshop = Workshop(self.time)
        stage = Stage(self.mixer, START)
        keeper = OutputKeeper(stage, self.workshop.open_wanted, self.workshop.open_silence, self.workshop.start)
        self.parts = Parts(stage, keeper, self.feeder, clips or ClipShelf())
        self.inbox: Inbox = SimpleQueue()
        self.said: list[FromPlayer] = []
        self.loop = PlayerLoop(self.parts, self.inbox, self.said.append, self.time)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_a_status_says_where_the_stream_is(rig: Rig) -> None:
    rig.loop.tick(rig.time.now)
    rig.workshop.run_jobs()
    rig.loop.tick(rig.time.now)
    vlc = rig.workshop.wanted[0]
    vlc.play(RATE)
    vlc.play(RATE)
    rig.loop.tick(rig.time.now)
    status = rig.said[-1]

    assert isinstance(status, Status)
    assert (status.output, status.reason) == ("vlc", "")
    assert status.rendered == rig.mixer.frame
    assert status.heard_frame is not None
    assert START.frame < status.heard_frame < status.rendered
    assert status.peak == rig.mixer.frame - 1


def test_what_is_said_is_there_when_the_mixer_is_told_of_it_and_no_bell_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clip = str(next(asset("voice").glob("*.wav")))
    shelf = ClipShelf()
    rig = Rig(shelf)
    there: list[bool] = []
    told = rig.mixer.set_score

    def tell(score: Score) -> None:
        there.append(shelf.get(clip) is not None)
        told(score)

    monkeypatch.setattr(rig.mixer, "set_score", tell)
    bell, said = CueHit("bell", "bell-single", 0), CueHit("said", "", 100, clips=(Clip(clip), Clip("gone.wav")))
    rig.loop.handle(SetScore(Score(cues=(bell, said))))
    rig.loop.handle(SetScore(Score(revision=2, cues=(bell, said))))

    assert [score.cues for score in rig.mixer.scores] == [(bell,), (bell, said), (bell, said)]
    assert there == [False, True, True]


def test_reports_and_failures_go_to_the_app(rig: Rig) -> None:
    rig.mixer.reports = [CueSounded("bell", 5)]
    rig.feeder.failed = [("a.mp3", "broken")]
    rig.loop.tick(rig.time.now)

    assert rig.said[:2] == [Mixed(CueSounded("bell", 5)), SourceFailed("a.mp3", "broken")]


def test_the_standby_list_changes_only_after_the_voices_could_take_from_the_old_one(rig: Rig) -> None:
    score = Score(1, standby=(SourceRef("next.mp3"),))
    rig.loop.handle(SetScore(score))
    assert rig.mixer.scores == [score]
    assert rig.feeder.on_standby == []

    rig.loop.tick(rig.time.now)
    rig.loop.tick(rig.time.now)
    assert rig.feeder.on_standby == [score.standby]


@pytest.mark.parametrize("last", [None, Close()])
def test_applies_messages_until_the_app_is_gone_or_closes(rig: Rig, last: Close | None) -> None:
    rig.inbox.put(SetLevels(Levels(music=0.25)))
    rig.inbox.put(last)

    assert rig.loop.run() == 0
    assert rig.mixer.levels == [Levels(music=0.25)]


def test_a_broken_mixer_ends_the_process_so_that_the_app_starts_another(rig: Rig) -> None:
    rig.loop.tick(rig.time.now)
    rig.mixer.broken = True
    rig.workshop.silences[0].play(100)

    assert rig.loop.run() == 1


def test_an_orphan_ends(rig: Rig) -> None:
    assert PlayerLoop(rig.parts, rig.inbox, rig.said.append, rig.time, orphaned=lambda: True).run() == 0


def test_closing_gives_everything_back(rig: Rig) -> None:
    rig.loop.tick(rig.time.now)
    close(rig.parts)

    assert rig.mixer.closed
    assert rig.feeder.closed
    assert rig.workshop.silences[0].closed


def test_messages_survive_the_pipe_and_half_a_message_is_the_end() -> None:
    pipe = io.BytesIO()
    messages: list[ToPlayer] = [SetLevels(Levels(0.5)), Close()]
    for message in messages:
        write_message(pipe, message)
    whole = pipe.getvalue()

    stream = io.BytesIO(whole[:-3])
    assert read_message(stream) == messages[0]
    assert read_message(stream) is None


def test_nonsense_on_the_pipe_counts_as_the_end() -> None:
    inbox: Inbox = SimpleQueue()
    read_into(inbox, io.BytesIO(b"\x00\x00\x00\x03abc"))

    assert inbox.get(timeout=PATIENCE_S) is None


def configure(folder: Path) -> Configure:
    return Configure(OutputChoice.SILENT, str(folder), 1000, 0.0)


def start(folder: Path) -> "subprocess.Popen[bytes]":
    process = spawn_player(folder / "player.log")
    assert process.stdin is not None
    assert process.stdout is not None
    write_message(process.stdin, configure(folder))
    assert isinstance(read_message(process.stdout), Status)
    return process


def finish(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait(PATIENCE_S)
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None and not stream.closed:
                stream.close()


def test_the_process_imports_nothing_of_screens_and_stores() -> None:
    command = [sys.executable, "-m", "nbd_tui.player", "--modules"]
    modules = set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())

    assert "nbd_tui.audio.mixer" in modules
    assert not modules & {"textual", "rich", "pydantic", "sqlite3", "typer", "tomlkit", "tinytag", "asyncio"}


def test_the_process_ends_when_its_input_does(tmp_path: Path) -> None:
    process = start(tmp_path)
    assert process.stdin is not None
    process.stdin.close()

    assert finish(process) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_the_process_ignores_ctrl_c_and_obeys_sigterm(tmp_path: Path) -> None:
    import signal

    process = start(tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    for _ in range(5):
        assert read_message(process.stdout) is not None
    process.terminate()

    assert finish(process) == 0

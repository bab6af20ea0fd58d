"""The player process: mixer, decoders and output, told what to play over stdin; see `protocol`.

Threads: the main thread runs `PlayerLoop`; `player-reader` reads stdin, `player-writer` writes stdout (an app that
stands still must not stop the watchdog here), `feeder` decodes, the output has its own for rendering, and the keeper's
open and close outputs. When stdin ends, the app is gone or has had enough, and all end with the process.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, Final, Protocol, TypeAlias

from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import Score, SourceRef
from nbd_tui.audio.source import FrameSource, Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media.cue_files import ClipShelf, load_cue_set
from nbd_tui.media.output.base import ClockPair
from nbd_tui.media.output.choose import open_wanted
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.media.output.silent import SilentOutput
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds
from nbd_tui.player.feeder import Feeder
from nbd_tui.player.keeper import OpenWanted, OutputKeeper
from nbd_tui.player.protocol import (
    Close,
    Configure,
    FromPlayer,
    Mixed,
    SetLevels,
    SetScore,
    SourceFailed,
    Status,
    ToPlayer,
    read_message,
    write_message,
)
from nbd_tui.player.stage import MixerPort, Stage

log = logging.getLogger(__name__)

TICK: Final[Seconds] = 0.1
FADE: Final[Frames] = RATE // 10
CLOSING: Final[Seconds] = 0.9
"""The process is gone so long after it was told to close, whatever hangs."""

HEARD_LATER: Final[Seconds] = 0.2
"""What is rendered is heard so much later at most; closing waits for the fade to be heard."""

MOST_WAITING: Final = 600
"""Messages kept for an app that does not read: what a minute brings."""

Send: TypeAlias = Callable[[FromPlayer], None]
Inbox: TypeAlias = "SimpleQueue[ToPlayer | None]"
"""What the app said; None: it is gone."""


class FeederPort(Protocol):
    """What is needed of `Feeder`."""

    def open(self, ref: SourceRef) -> FrameSource: ...  # noqa: D102 - described there
    def standby(self, refs: Iterable[SourceRef]) -> None: ...  # noqa: D102
    def failures(self) -> list[tuple[str, str]]: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Parts:
    """What the loop works on."""

    stage: Stage
    keeper: OutputKeeper
    feeder: FeederPort
    clips: ClipShelf = field(default_factory=ClipShelf)


def build_parts(configure: Configure, feeder: FeederPort) -> Parts:
    """Mixer, stage and keeper of a new player."""
    clips = ClipShelf()
    sounds = _cue_sounds(configure.cue_folder)
    mixer: MixerPort = Mixer(sounds, feeder.open, configure.frame, configure.levels, clips.get)
    stage = Stage(mixer, ClockPair(configure.frame, configure.at))
    keeper = OutputKeeper(stage, _opener(configure.output), SilentOutput)
    return Parts(stage, keeper, feeder, clips)


def _opener(choice: str) -> OpenWanted:
    return lambda attach, better_than: open_wanted(choice, attach, better_than=better_than)


class PlayerLoop:
    """The main thread: applies what the app says at once, and looks after everything ten times a second."""

    def __init__(
        self,
        parts: Parts,
        inbox: Inbox,
        send: Send,
        clock: Clock = MONOTONIC,
        orphaned: Callable[[], bool] = lambda: False,
    ) -> None:
        self._stage = parts.stage
        self._keeper = parts.keeper
        self._feeder = parts.feeder
        self._clips = parts.clips
        self._inbox = inbox
        self._send = send
        self._clock = clock
        self._orphaned = orphaned
        self._standby: tuple[SourceRef, ...] | None = None

    def run(self) -> int:
        """Until the app closes; the exit code, not 0 when the mixer broke."""
        next_tick = self._clock()
        while not self._stage.broken:
            if (now := self._clock()) >= next_tick:
                self.tick(now)
                next_tick = max(next_tick + TICK, now)
                if self._orphaned():
                    return 0
            try:
                message = self._inbox.get(timeout=max(0.0, next_tick - self._clock()))
            except Empty:
                continue
            if message is None or isinstance(message, Close):
                return 0
            self.handle(message)
        return 1

    def handle(self, message: ToPlayer) -> None:
        """Applies one message."""
        if isinstance(message, SetScore):
            self._set_score(message.score)
        elif isinstance(message, SetLevels):
            self._stage.set_levels(message.levels)

    def tick(self, now: Monotonic) -> None:
        """One round of looking after output, mixer and files, and of telling the app."""
        self._keeper.tick(now)
        if self._standby is not None:
            self._feeder.standby(self._standby)
            self._standby = None
        for report in self._stage.drain_reports():
            self._send(Mixed(report))
        for path, reason in self._feeder.failures():
            self._send(SourceFailed(path, reason))
        self._send(self._status())

    def _set_score(self, score: Score) -> None:
        """The standby list follows at the next tick: a voice of this score may be about to take one of the old list.

        What is said is loaded here, before the mixer asks for it: its thread must not read files. No bell waits for it.
        """
        said = {clip.path for cue in score.cues for clip in cue.clips}
        if self._clips.lacks(said):
            self._stage.set_score(replace(score, cues=tuple(cue for cue in score.cues if not cue.clips)))
            self._clips.load(said)
        self._stage.set_score(score)
        self._standby = score.standby

    def _status(self) -> Status:
        heard = self._keeper.heard
        return Status(
            rendered=self._stage.frame,
            now=self._clock(),
            heard_frame=heard.frame if heard else None,
            heard_at=heard.at if heard else None,
            output=self._keeper.name,
            reason=self._keeper.reason,
            peak=self._stage.take_peak(),
            underruns=self._stage.underruns,
        )


class Writer:
    """Sends messages on the thread `player-writer` (a daemon), so that an app that does not read holds up nothing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: SimpleQueue[FromPlayer] = SimpleQueue()
        threading.Thread(target=self._run, name="player-writer", daemon=True).start()

    def send(self, message: FromPlayer) -> None:
        """Queues a message; a status that would wait for long is not worth keeping."""
        if self._waiting.qsize() < (MOST_WAITING // 10 if isinstance(message, Status) else MOST_WAITING):
            self._waiting.put(message)

    def _run(self) -> None:
        try:
            while True:
                write_message(self._stream, self._waiting.get())
        except (OSError, ValueError):
            return


def read_into(inbox: Inbox, stream: BinaryIO) -> None:
    """Body of the thread `player-reader`: everything the app says, then None."""
    try:
        while (message := read_message(stream)) is not None:
            inbox.put(message)  # type: ignore[arg-type]
    except Exception:  # the boundary: half a message of an app that crashed
        log.exception("the app's messages cannot be read")
    inbox.put(None)


def serve(stdin: BinaryIO, stdout: BinaryIO) -> int:
    """The life of a player; returns the exit code."""
    inbox: Inbox = SimpleQueue()
    _on_signals(inbox)
    threading.Thread(target=read_into, args=(inbox, stdin), name="player-reader", daemon=True).start()
    first = inbox.get()
    if not isinstance(first, Configure):
        return 0 if first is None else 2
    parts = build_parts(first, Feeder())
    code = PlayerLoop(parts, inbox, Writer(stdout).send, orphaned=_orphaned_by(os.getppid())).run()
    close(parts)
    return code


def close(parts: Parts) -> None:
    """Fades out and ends everything, within `CLOSING` whatever hangs."""
    done = threading.Thread(target=_close, args=(parts,), name="player-closing", daemon=True)
    done.start()
    done.join(CLOSING)


def _close(parts: Parts) -> None:
    parts.stage.fade_out(FADE)
    deadline = time.monotonic() + CLOSING / 2
    while not parts.stage.faded_out and time.monotonic() < deadline:
        time.sleep(0.01)
    if parts.keeper.name != "silent":
        time.sleep(HEARD_LATER)
    parts.keeper.close()
    parts.stage.close()
    parts.feeder.close()


def _orphaned_by(parent: int) -> Callable[[], bool]:
    """Whether `parent` is gone: on POSIX, where a forked worker of the app's may keep our pipe open, we get another."""
    return lambda: os.name == "posix" and os.getppid() != parent


def _on_signals(inbox: Inbox) -> None:
    """Ctrl+c goes to everyone at the terminal, and only the app decides what it means; SIGTERM is meant for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: inbox.put(None))


def _cue_sounds(folder: str) -> dict[str, Samples]:
    try:
        return load_cue_set(Path(folder))
    except DecodeError:
        log.exception("no cue sounds")
        return {}

"""The app's end of the player process: starts it, talks to it, starts another when it dies."""

import logging
import os
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias

from nbd_tui.audio.score import Levels, Score
from nbd_tui.media.child import child_environment, python_command
from nbd_tui.media.output.base import ClockPair
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.model.units import Frames, Monotonic, Seconds
from nbd_tui.player.clockmap import ClockMap
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
from nbd_tui.player.resume import Progress

log = logging.getLogger(__name__)

MOST_DEATHS: Final = 5
DEATHS_WITHIN: Final[Seconds] = 30.0
"""A player that dies so often is not started again."""

PAUSES: Final[tuple[Seconds, ...]] = (0.0, 0.25, 0.5, 1.0)
"""Before the first, second, … new player within `DEATHS_WITHIN`."""

MUTE: Final[Seconds] = 5.0
"""A player that says nothing for so long (of the time in which we listened) hangs, and is killed."""

LISTENING: Final[Seconds] = 0.5
"""Longer pauses between two polls count as this much: then it was us who stood still."""

CLOSING: Final[Seconds] = 0.9

CREATION_FLAGS: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(
    subprocess, "ABOVE_NORMAL_PRIORITY_CLASS", 0
)
"""For Windows; elsewhere the player asks to be served first itself, see `priority`."""

Process: TypeAlias = "subprocess.Popen[bytes]"
Spawn: TypeAlias = Callable[[Path | None], Process]


def spawn_player(log_file: Path | None) -> Process:
    """Starts `python -m nbd_tui.player` away from our terminal: it has a session, or on Windows no console, of its own.

    Raises:
        OSError: it cannot be started.
    """
    return subprocess.Popen(
        python_command("nbd_tui.player", *(["--log", str(log_file)] if log_file else [])),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        start_new_session=os.name == "posix",
        creationflags=CREATION_FLAGS,
    )


class Outbox:
    """Messages waiting for the writer's thread; of scores and of levels only the newest is kept."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[ToPlayer] = []
        self._closed = False

    def put(self, message: ToPlayer) -> None:
        """Queues a message; never blocks."""
        with self._changed:
            if isinstance(message, SetScore | SetLevels):
                self._waiting = [other for other in self._waiting if type(other) is not type(message)]
            self._waiting.append(message)
            self._changed.notify()

    def close(self) -> None:
        """Nothing more will come."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def take(self) -> ToPlayer | None:
        """Waits for the next message; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            return self._waiting.pop(0) if self._waiting else None


class Link:
    """One player process and the threads that talk to it: `player-reader` and `player-writer`.

    The reader ends when the process does (end of file), the writer too, or on `close`.
    """

    def __init__(self, process: Process) -> None:
        self.process = process
        self._said: SimpleQueue[FromPlayer] = SimpleQueue()
        self._outbox = Outbox()
        self._silent = threading.Event()
        self._threads = (
            threading.Thread(target=self._read, name="player-reader", daemon=True),
            threading.Thread(target=self._write, name="player-writer", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    @property
    def ended(self) -> bool:
        """The process is gone, or has closed its end."""
        return self._silent.is_set()

    def send(self, message: ToPlayer) -> None:
        """Hands a message to the writer; never blocks."""
        self._outbox.put(message)

    def said(self) -> list[FromPlayer]:
        """What came since the last call."""
        messages: list[FromPlayer] = []
        try:
            while True:
                messages.append(self._said.get_nowait())
        except Empty:
            return messages

    def close(self, patience: Seconds) -> int:
        """Asks the process to end, kills it after `patience`; its exit code."""
        self._outbox.put(Close())
        self._outbox.close()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
        code = self.process.wait()
        for thread in self._threads:
            thread.join(timeout=CLOSING)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - `spawn_player` asks for a pipe
        with self.process.stdout as stream:
            try:
                while isinstance(message := read_message(stream), Status | Mixed | SourceFailed):
                    self._said.put(message)
            except Exception:  # the boundary: what a crashing player wrote last may be anything
                log.exception("the player's messages cannot be read")
        self._silent.set()

    def _write(self) -> None:
        assert self.process.stdin is not None  # noqa: S101 - `spawn_player` asks for a pipe
        try:
            with self.process.stdin as stream:
                while (message := self._outbox.take()) is not None:
                    write_message(stream, message)
        except (OSError, ValueError):
            return


class Player:
    """The sound process as the conductor uses it, from one thread at a time. Nothing here blocks but `close`.

    A player that dies is replaced at the next `poll`; the new one gets the frame that is due, the last levels and what
    is left of the last score.
    """

    def __init__(
        self,
        log_file: Path | None,
        output: OutputChoice,
        cue_folder: Path,
        clock: Clock = MONOTONIC,
        spawn: Spawn = spawn_player,
    ) -> None:
        self._log_file = log_file
        self._output = output
        self._cue_folder = cue_folder
        self._clock = clock
        self._spawn = spawn
        self._link: Link | None = None
        self._map = ClockMap()
        self._levels = Levels()
        self._score: Score | None = None
        self._progress = Progress()
        self._deaths: deque[Monotonic] = deque(maxlen=MOST_DEATHS)
        self._start_at: Monotonic | None = None
        self._last_poll: Monotonic = 0.0
        self._mute_for: Seconds = 0.0
        self._trouble = ""
        self._is_leaving = False

    @property
    def alive(self) -> bool:
        """There is a process, as far as known."""
        return self._link is not None and not self._link.ended

    @property
    def trouble(self) -> str:
        """Why there is no player and will be none; empty otherwise."""
        return self._trouble

    def open(self, frame: Frames, at: Monotonic) -> None:
        """Starts the process; `frame` is to be heard at `at`."""
        self._map.update(ClockPair(frame, at))
        self._start(self._clock())

    def send(self, message: ToPlayer) -> None:
        """Hands a message over; of scores and levels the newest is what counts. After `Close` none is looked after."""
        self._is_leaving = self._is_leaving or isinstance(message, Close)
        if isinstance(message, SetScore):
            self._score = message.score
            self._progress.forget_all_but(message.score)
        elif isinstance(message, SetLevels):
            self._levels = message.levels
        if self._link is not None:
            self._link.send(message)

    def poll(self) -> list[FromPlayer]:
        """What has come since the last call; looks after the process."""
        now = self._clock()
        messages = self._link.said() if self._link else []
        for message in messages:
            self._learn(message)
        self._look_after(now, heard=bool(messages))
        return messages

    def close(self) -> None:
        """Ends the process with a short fade, within a second; may be called twice."""
        self._start_at = None
        if self._link is not None:
            self._link.close(CLOSING)
            self._link = None

    def _learn(self, message: FromPlayer) -> None:
        if isinstance(message, Mixed):
            self._progress.note(message.report)
        elif isinstance(message, Status) and message.heard_frame is not None and message.heard_at is not None:
            self._map.update(ClockPair(message.heard_frame, message.heard_at))

    def _look_after(self, now: Monotonic, *, heard: bool) -> None:
        self._mute_for = 0.0 if heard else self._mute_for + min(LISTENING, now - self._last_poll)
        self._last_poll = now
        if self._is_leaving:
            return
        if self._link is not None and (self._link.ended or self._mute_for > MUTE):
            self._bury(self._link, now)
        if self._start_at is not None and now >= self._start_at:
            self._start(now)

    def _bury(self, link: Link, now: Monotonic) -> None:
        link.process.kill()
        self._link = None
        self._note_death(f"exit code {link.close(CLOSING)}", now)

    def _note_death(self, how: str, now: Monotonic) -> None:
        self._deaths.append(now)
        recent = sum(now - death <= DEATHS_WITHIN for death in self._deaths)
        log.warning("the player died (%s), %d times in %d s", how, recent, DEATHS_WITHIN)
        if recent >= MOST_DEATHS:
            self._start_at = None
            self._trouble = f"the player died {recent} times within {DEATHS_WITHIN:.0f} s ({how})"
        else:
            self._start_at = now + PAUSES[min(recent, len(PAUSES)) - 1]

    def _start(self, now: Monotonic) -> None:
        self._start_at = None
        self._mute_for = 0.0
        self._last_poll = now
        try:
            self._link = Link(self._spawn(self._log_file))
        except OSError as error:
            self._note_death(f"cannot start: {error.strerror}", now)
            return
        frame = self._map.frame_at(now)
        self._link.send(Configure(self._output, str(self._cue_folder), frame, now, self._levels))
        if self._score is not None:
            self._link.send(SetScore(self._progress.rest_of(self._score)))

"""The player as the session sees it: a frame axis tied to the clock, a score to replace, a state to show."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from nbd_tui.audio.score import Levels, Score
from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds
from nbd_tui.player.clockmap import ClockMap
from nbd_tui.player.protocol import (
    STARTING,
    Close,
    FromPlayer,
    Mixed,
    SetLevels,
    SetScore,
    SourceFailed,
    Status,
    ToPlayer,
)

RETIME: Final[Frames] = RATE // 1000
"""1 ms: what is still to come is timed anew when the output's clock has moved by more."""


class PlayerPort(Protocol):
    """What is needed of `player.client.Player`."""

    def open(self, frame: Frames, at: Monotonic) -> None:
        """Starts the process; `frame` is to be heard at `at`."""
        ...

    def send(self, message: ToPlayer) -> None:
        """Hands a message over; never blocks."""
        ...

    def poll(self) -> Sequence[FromPlayer]:
        """What has come since the last call; starts a new process when the old one has died."""
        ...

    def close(self) -> None:
        """Ends the process."""
        ...

    @property
    def trouble(self) -> str:
        """Why there is no player at all; empty while there is one or one is on its way."""
        ...


class Sound:
    """One player for as long as the app is open.

    Used by one thread at a time: the conductor's in a session, the screen's between sessions.
    """

    def __init__(self, player: PlayerPort, clock: Callable[[], Monotonic], latency_s: Seconds) -> None:
        self._player = player
        self._clock = clock
        self._latency_s = latency_s
        self._status: Status | None = None
        self._revision = 0
        self._session = 0
        self._map = ClockMap()

    def open(self) -> None:
        """Starts the player; its frame 0 is now."""
        now = self._clock()
        self._map = ClockMap(ClockPair(0, now))
        self._player.open(0, now)

    def retire(self) -> None:
        """Has the player end while other things do; `close` waits for it. Nothing is played any more."""
        self._player.send(Close())

    def close(self) -> None:
        """Ends the player."""
        self._player.close()

    def poll(self) -> tuple[Mixed | SourceFailed, ...]:
        """Takes in what the player says; what is not status is handed on."""
        news: list[Mixed | SourceFailed] = []
        for message in self._player.poll():
            if isinstance(message, Status):
                self._note(message)
            elif isinstance(message, SourceFailed):
                news.append(message)
            elif message.report.id.startswith(self._prefix):
                report = replace(message.report, id=message.report.id.removeprefix(self._prefix))
                news.append(Mixed(report))
        return tuple(news)

    def new_session(self) -> None:
        """From here on voices and cues are those of another session: their ids begin anew, the player's do not."""
        self._session += 1

    def play(self, score: Score) -> None:
        """Replaces everything not rendered yet."""
        self._revision += 1
        self._map.settle()
        self._player.send(
            SetScore(
                replace(
                    score,
                    revision=self._revision,
                    voices=tuple(replace(voice, id=self._prefix + voice.id) for voice in score.voices),
                    cues=tuple(replace(cue, id=self._prefix + cue.id) for cue in score.cues),
                )
            )
        )

    def set_levels(self, levels: Levels) -> None:
        """New volumes."""
        self._player.send(SetLevels(levels))

    def frame_at(self, at: Monotonic) -> Frames:
        """The frame heard at a time."""
        return self._map.frame_at(at)

    def time_of(self, frame: Frames) -> Monotonic:
        """When a frame is heard."""
        return self._map.time_of(frame)

    def unrendered(self, now: Monotonic) -> Frames:
        """The first frame a message sent now can still reach, as far as known."""
        return self._map.earliest_unrendered(now)

    def heard_from(self, now: Monotonic) -> Monotonic:
        """When it will be heard what a message sent now asks for at once."""
        return self.time_of(self.unrendered(now))

    @property
    def moved(self) -> bool:
        """The output's clock has moved so far since the last score that what is to come must be timed anew."""
        return self._map.moved_since(RETIME)

    @property
    def ready(self) -> bool:
        """A first bell would be heard on time: an output is open, or it is known that none will."""
        if self._player.trouble:
            return True
        return self._status is not None and self._status.reason != STARTING and self._status.heard_at is not None

    @property
    def output(self) -> str:
        """vlc, device or silent; empty before the player's first word."""
        return self._status.output if self._status else ""

    @property
    def reason(self) -> str:
        """Why it is silent or not as asked; empty when all is well."""
        return self._player.trouble or (self._status.reason if self._status else "")

    @property
    def session(self) -> int:
        """The number of the session whose voices are played."""
        return self._session

    @property
    def _prefix(self) -> str:
        return f"{self._session}/"

    def _note(self, status: Status) -> None:
        self._status = status
        self._map.note_rendered(status.rendered, status.now)
        if status.heard_frame is not None and status.heard_at is not None:
            self._map.update(ClockPair(status.heard_frame, status.heard_at + self._latency_s))

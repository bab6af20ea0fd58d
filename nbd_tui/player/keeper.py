"""Keeps an output open: silence at once, the wanted one as soon and as often as it works."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from nbd_tui.errors import OutputError
from nbd_tui.media.output.base import ClockPair, Output
from nbd_tui.media.output.choose import Attach, Opened
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.player.protocol import STARTING
from nbd_tui.player.stage import Gate, Stage

log = logging.getLogger(__name__)

RETRY: Final[Seconds] = 1.0
RETRY_LATER: Final[Seconds] = 3.0
QUICK_RETRIES: Final = 30
"""So many attempts a second apart, then one in three seconds: some machines have no sound device at all."""

HUNG: Final[Seconds] = 8.0
"""An attempt that takes so long is left to itself and another is begun."""

MOST_HUNG: Final = 4

STEADY: Final[Seconds] = 5.0
"""An output that worked so long is opened again at once; one that fails sooner, after a pause."""

BETTER_SOON: Final[Seconds] = 5.0
BETTER_LATER: Final[Seconds] = 300.0
"""An output that stands in for a better one is left for that one while nothing is to be heard: tried so long after it
came in, then after twice that, and so on up to the second."""

OpenWanted = Callable[[Attach, str], Opened]
"""Opens the best output there is that is better than the one named; than none: the best of all."""

OpenSilence = Callable[[], Output]


class Start(Protocol):
    """Runs a job on a thread of its own."""

    def __call__(self, job: Callable[[], None], name: str) -> None: ...  # noqa: D102 - described by the class


def start_daemon(job: Callable[[], None], name: str) -> None:
    """On a daemon thread: what hangs in a sound library does not keep the process alive."""
    threading.Thread(target=job, name=name, daemon=True).start()


@dataclass(frozen=True, slots=True)
class _Live:
    """The output that hears the mix."""

    output: Output
    gate: Gate
    reason: str
    wanted: bool
    """Whether it is what was asked for, or silence in its place."""
    since: Monotonic

    @property
    def is_substitute(self) -> bool:
        """It works, and another was wanted more."""
        return self.wanted and bool(self.reason)


@dataclass(frozen=True, slots=True)
class _Result:
    """How an attempt ended."""

    number: int
    opened: Opened | None
    gate: Gate | None
    reason: str


class OutputKeeper:
    """Owns the output in use. Called by the player's main thread only, ten times a second.

    Outputs are opened on threads `player-opener` and closed on threads `player-closer`, because sound libraries may
    take seconds for either, or hang; an output on its way out or not yet in hears silence, so late ones do no harm.
    """

    def __init__(
        self, stage: Stage, open_wanted: OpenWanted, open_silence: OpenSilence, start: Start = start_daemon
    ) -> None:
        self._stage = stage
        self._open_wanted = open_wanted
        self._open_silence = open_silence
        self._start = start
        self._live: _Live | None = None
        self._results: SimpleQueue[_Result] = SimpleQueue()
        self._attempt = 0
        self._attempt_since: Monotonic | None = None
        self._next_attempt: Monotonic = 0.0
        self._failures = 0
        self._hung = 0
        self._better_after = BETTER_SOON
        self._better_at: Monotonic = 0.0

    @property
    def name(self) -> str:
        """Name of the output in use."""
        return self._live.output.name if self._live else "silent"

    @property
    def reason(self) -> str:
        """Why it is not the first choice; empty when all is as asked."""
        return self._live.reason if self._live else ""

    @property
    def heard(self) -> ClockPair | None:
        """The newest pair on the session's axis."""
        return self._stage.heard(self._live.output) if self._live else None

    def tick(self, now: Monotonic) -> None:
        """Looks after the output; never blocks."""
        if self._live is None:
            self._fall_silent(STARTING, now)
        self._watch(now)
        self._take_results(now)
        self._give_up_hung(now)
        if self._attempt_since is not None or self._live is None:
            return
        if not self._live.wanted and now >= self._next_attempt:
            self._begin_attempt(now)
        elif self._may_better(self._live, now):
            self._begin_attempt(now, better_than=self._live.output.name)

    def close(self) -> None:
        """Closes the output in use, on this thread; attempts under way close theirs themselves."""
        self._attempt += 1
        live, self._live = self._live, None
        self._stage.take_away()
        if live is not None:
            live.output.close()

    def _may_better(self, live: _Live, now: Monotonic) -> bool:
        """Not while an attempt hangs: there are only so many, and they are for silence."""
        return live.is_substitute and not self._hung and now >= self._better_at and self._stage.is_idle

    def _is_wanted(self) -> bool:
        return self._live is not None and self._live.wanted

    def _watch(self, now: Monotonic) -> None:
        if self._live is not None and (failure := self._live.output.failure()):
            log.warning("%s failed: %s", self._live.output.name, failure)
            self._next_attempt = now if now - self._live.since > STEADY else now + RETRY
            self._fall_silent(f"{self._live.output.name}: {failure}", now)

    def _fall_silent(self, reason: str, now: Monotonic) -> None:
        gate = self._stage.new_gate()
        output = self._open_silence()
        output.open(gate)
        self._go_live(_Live(output, gate, reason, wanted=False, since=now), now)

    def _go_live(self, new: _Live, now: Monotonic) -> None:
        old, self._live = self._live, new
        if old is not None:
            self._stage.heard(old.output)
        self._stage.give_to(new.gate, new.output, now)
        if old is not None:
            self._start(old.output.close, "player-closer")

    def _begin_attempt(self, now: Monotonic, better_than: str = "") -> None:
        self._attempt += 1
        self._attempt_since = now
        number = self._attempt
        self._start(lambda: self._run_attempt(number, better_than), "player-opener")

    def _run_attempt(self, number: int, better_than: str) -> None:
        """On the opener's thread."""
        gates: list[Gate] = []

        def attach(output: Output) -> None:
            gates.append(self._stage.new_gate())
            output.open(gates[-1])

        try:
            opened = self._open_wanted(attach, better_than)
        except OutputError as error:
            self._results.put(_Result(number, None, None, str(error)))
        except Exception as error:  # the boundary: a sound library in trouble leaves the workout silent, not ended
            log.exception("opening the output failed")
            self._results.put(_Result(number, None, None, f"{type(error).__name__}: {error}"))
        else:
            self._results.put(_Result(number, opened, gates[-1], opened.reason))

    def _take_results(self, now: Monotonic) -> None:
        while True:
            try:
                result = self._results.get_nowait()
            except Empty:
                return
            self._take_result(result, now)

    def _take_result(self, result: _Result, now: Monotonic) -> None:
        current = result.number == self._attempt
        if current:
            self._attempt_since = None
        else:
            self._hung -= 1
        if result.opened is not None and result.gate is not None:
            if current and (not self._is_wanted() or self._stage.is_idle):
                self._accept(result.opened, result.gate, now)
            else:
                self._better_at = now + self._better_after
                self._start(result.opened.output.close, "player-closer")
        elif current:
            self._refuse(result.reason, now)

    def _accept(self, opened: Opened, gate: Gate, now: Monotonic) -> None:
        log.info("output: %s %s", opened.output.name, opened.reason)
        self._failures = 0
        self._better_after = BETTER_SOON
        self._better_at = now + BETTER_SOON
        self._go_live(_Live(opened.output, gate, opened.reason, wanted=True, since=now), now)

    def _refuse(self, reason: str, now: Monotonic) -> None:
        if self._is_wanted():
            self._better_after = min(2 * self._better_after, BETTER_LATER)
            self._better_at = now + self._better_after
            return
        if self._failures == 0:
            log.warning("no output: %s", reason)
        self._failures += 1
        self._next_attempt = now + (RETRY if self._failures <= QUICK_RETRIES else RETRY_LATER)
        if self._live is not None:
            self._live = replace(self._live, reason=f"no sound: {reason}")

    def _give_up_hung(self, now: Monotonic) -> None:
        if self._attempt_since is not None and now - self._attempt_since > HUNG and self._hung < MOST_HUNG:
            self._hung += 1
            self._attempt += 1
            self._attempt_since = None
            self._refuse("the sound system does not answer", now)

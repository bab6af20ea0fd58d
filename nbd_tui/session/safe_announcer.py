"""An announcer that may fail: then the workout goes on unannounced."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from nbd_tui.audio.score import CueHit, CueMissed, CueSounded
from nbd_tui.model.units import Monotonic
from nbd_tui.session.announcer import AnnouncerPort, FrameAt, NoAnnouncer
from nbd_tui.workout.engine import Upcoming
from nbd_tui.workout.events import Event

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class SafeAnnouncer:
    """Another announcer, until something goes wrong in it: bells and music do not depend on what is said of them.

    Args:
        announcer: is asked; closed with this one, also when it has failed.
    """

    def __init__(self, announcer: AnnouncerPort) -> None:
        self._announcer = announcer
        self._asked = announcer

    def stale(self, now: Monotonic) -> bool:
        """As the announcer says."""
        return self._safely(lambda one: one.stale(now))

    def take(self, events: Sequence[Event], heard_from: Monotonic | None = None) -> None:
        """Passed on."""
        self._safely(lambda one: one.take(events, heard_from))

    def hits(self, upcoming: Upcoming, begin: Monotonic, frame_at: FrameAt) -> tuple[CueHit, ...]:
        """What the announcer has to say."""
        return self._safely(lambda one: one.hits(upcoming, begin, frame_at))

    def heard(self, report: CueSounded | CueMissed, at: Monotonic) -> str | None:
        """Passed on."""
        return self._safely(lambda one: one.heard(report, at))

    def close(self) -> None:
        """Closes the announcer."""
        self._announcer.close()

    def _safely(self, step: Callable[[AnnouncerPort], Result]) -> Result:
        try:
            return step(self._asked)
        except Exception:  # the boundary of what is said: the workout goes on
            log.exception("the announcer failed, nothing more is said in this session")
            self._asked = NoAnnouncer()
            return step(self._asked)

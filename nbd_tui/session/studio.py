"""The studio: what makes music and lasts as long as the app, lent to one session after the other."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from nbd_tui.keymap import Action
from nbd_tui.model.units import Monotonic, Seconds
from nbd_tui.session.collector import Collector
from nbd_tui.session.keep_awake import KeepAwake
from nbd_tui.session.pins import Pins
from nbd_tui.session.sound import Sound
from nbd_tui.session.suspend import SuspendClock, suspend_clock
from nbd_tui.session.volumes import Volumes
from nbd_tui.workout.timeline import Timeline

if TYPE_CHECKING:
    from nbd_tui.player.protocol import Mixed, SourceFailed
    from nbd_tui.session.actions import Order
    from nbd_tui.session.announcer import AnnouncerPort
    from nbd_tui.session.checked import Prober
    from nbd_tui.session.conductor import Conductor, Parts
    from nbd_tui.session.kept import Kept
    from nbd_tui.session.now_playing import Judge
    from nbd_tui.session.recall import SessionRecall
    from nbd_tui.session.script import Script
    from nbd_tui.session.snapshot import SessionSnapshot
    from nbd_tui.session.teller import Listener
    from nbd_tui.soundtrack.taste import MusicTaste
    from nbd_tui.store.records import SessionRecord


class Guest(Protocol):
    """Who uses the sound while no session does."""

    def hear(self, news: "Sequence[Mixed | SourceFailed]") -> None:
        """Takes in what the player said."""
        ...

    def stop(self) -> None:
        """Lets go of the sound: a session begins."""
        ...


class NoGuest:
    """Nobody."""

    def hear(self, news: "Sequence[Mixed | SourceFailed]") -> None:
        """Nobody listens."""

    def stop(self) -> None:
        """Nothing sounds."""


@dataclass(slots=True)
class Studio:
    """Player, prober and tracks; `begin` makes a session of them. One session at a time.

    Volumes turned in one session hold for the next.
    """

    sound: Sound
    prober: "Prober"
    library: Collector
    clock: Callable[[], Monotonic]
    volumes: Volumes
    fade_s: Seconds
    keep_awake: bool
    suspended: SuspendClock = field(default_factory=suspend_clock)
    """How long the machine has slept."""
    judge: "Judge | None" = None
    """Keeps what the user says of a track in a workout; None: it holds for that workout."""
    guest: Guest = field(default_factory=NoGuest)
    _open: "set[Session]" = field(default_factory=set)

    def begin(
        self,
        timeline: Timeline,
        pins: Pins,
        listen: "Listener" = lambda _: None,
        note: str = "",
        announcer: "AnnouncerPort | None" = None,
        kept: "Kept | None" = None,
        *,
        taste: "MusicTaste | None" = None,
        script: "Script | None" = None,
    ) -> "Session":
        """Starts a workout (or goes on with one), with something to say of its music; a script's if there is one.

        The first one imports what `warm_up` has not. The announcer, if there is one, is closed with the session. The
        music goes by `taste`; None: the usual one.
        """
        from nbd_tui.session.announcer import NoAnnouncer
        from nbd_tui.session.conductor import Conductor
        from nbd_tui.session.media_keys import MediaKeys

        self.guest.stop()
        announcer = announcer or NoAnnouncer()
        recall = self.library.recall()
        conductor = Conductor(
            self._parts(timeline, pins, note, announcer, kept, recall, taste=taste, script=script), self.clock, listen
        )
        media_keys = MediaKeys(conductor.snapshot, conductor.send)
        awake = KeepAwake(wanted=self.keep_awake)
        awake.hold()
        pins.start()
        recall.start()
        conductor.start()
        media_keys.start()
        session = Session(conductor, awake, (pins, announcer, media_keys, recall), self._over, kept)
        self._open.add(session)
        return session

    def _parts(
        self,
        timeline: Timeline,
        pins: Pins,
        note: str,
        announcer: "AnnouncerPort",
        kept: "Kept | None",
        recall: "SessionRecall",
        *,
        taste: "MusicTaste | None",
        script: "Script | None",
    ) -> "Parts":
        from nbd_tui.session.conductor import Parts
        from nbd_tui.session.now_playing import not_kept
        from nbd_tui.session.playlist import Playlist
        from nbd_tui.soundtrack.stretch import plan_stretches
        from nbd_tui.soundtrack.taste import USUAL_TASTE
        from nbd_tui.soundtrack.wants import wants

        taste = taste or USUAL_TASTE
        stretches = plan_stretches(timeline.segments, taste)
        playlist = Playlist(
            wants(timeline.segments, stretches, taste),
            self.library.pool.with_pins(pins),
            self.prober,
            script or int.from_bytes(os.urandom(6)),
            self.library.mark_failed,
            recall=recall,
            taste=taste,
        )
        return Parts(
            timeline, stretches, playlist, self.sound, self.volumes, self.fade_s, note, pins.news, announcer,
            journalist=kept.journalist if kept else None, since=kept.since if kept else None,
            judge=self.judge or not_kept, suspended=self.suspended,
        )  # fmt: skip

    def _over(self, session: "Session") -> None:
        self._open.discard(session)
        self.volumes = session.volumes

    @property
    def busy(self) -> bool:
        """A session is open: sound and library are its own."""
        return bool(self._open)

    @staticmethod
    def warm_up() -> None:
        """Imports what the first session needs (a tenth of a second, most of it numpy)."""
        import nbd_tui.session.conductor  # noqa: F401  for `begin`

    def poll(self) -> None:
        """Between sessions: takes in what the player says, for whoever uses it."""
        if not self._open:
            self.guest.hear(self.sound.poll())

    def idle(self) -> tuple[str, str]:
        """Output and reason; between sessions this also keeps the player alive, in one the conductor does."""
        self.poll()
        return self.sound.output, self.sound.reason


class Closing(Protocol):
    """What a session ends when it ends."""

    def close(self) -> None:
        """Ends it; returns soon."""
        ...


class Session:
    """A session as the screens hold it: the conductor, and the display kept awake until it closes."""

    def __init__(
        self,
        conductor: "Conductor",
        awake: KeepAwake,
        helpers: "tuple[Closing, ...]",
        closed: "Callable[[Session], None]",
        kept: "Kept | None" = None,
    ) -> None:
        self._conductor = conductor
        self._awake = awake
        self._helpers = helpers
        self._closed = closed
        self._kept = kept

    @property
    def volumes(self) -> Volumes:
        """As they are now."""
        return self._conductor.volumes

    def snapshot(self) -> "SessionSnapshot":
        """The newest state."""
        return self._conductor.snapshot()

    def send(self, action: "Action | Order") -> None:
        """An action of the user's."""
        self._conductor.send(action)

    def record(self) -> "SessionRecord | None":
        """What has been done."""
        return self._kept.journalist.record if self._kept else None

    def pause(self) -> None:
        """Pauses it, if it runs."""
        from nbd_tui.session.actions import Order as Orders  # the engine, which Home is painted without

        self._conductor.send(Orders.HOLD)

    def end(self) -> None:
        """Has it end soon, and waits for nothing; `close` is still to be called."""
        self._conductor.end()

    def close(self) -> None:
        """Ends the session, which is interrupted if it is not over, and lets the display sleep."""
        try:
            self._conductor.close()
        finally:
            if self._kept:
                self._kept.scribe.close()
            self._awake.release()
            for helper in self._helpers:
                helper.close()
            self._closed(self)

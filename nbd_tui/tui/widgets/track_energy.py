"""The energy of the track that plays in a workout, on one line."""

import math
from pathlib import Path

from textual import on, work
from textual.message import Message

from nbd_tui.errors import NbdError
from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Drop, Hearing
from nbd_tui.model.opinion import Correction
from nbd_tui.model.units import Seconds
from nbd_tui.tui.ports_library import LibraryPort
from nbd_tui.tui.text import Glyphs, clock
from nbd_tui.tui.widgets.energy_picture import EnergyPicture


class TrackEnergy(EnergyPicture):
    """Reads what was heard in a track when it comes, in a thread; blank while nothing is known of it."""

    class Known(Message):
        """What was heard in a track; None: nothing."""

        def __init__(self, path: Path, hearing: Hearing | None, correction: Correction) -> None:
            super().__init__()
            self.path = path
            self.hearing = hearing
            self.correction = correction

    def __init__(self, library: LibraryPort, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs, id=id, classes="text", coloured=False)
        self._library = library
        self._path: Path | None = None
        self._drops: tuple[Drop, ...] = ()
        self.any_known = False
        """A track of this workout had a picture: the line has its place from then on."""

    def follow(self, path: Path | None, at_s: Seconds | None) -> None:
        """Shows a track, and where one is in it."""
        if path != self._path:
            self._path, self._drops = path, ()
            self.show(None)
            if path is not None:
                self.read(path)
        self.playhead_s = at_s

    def drop_words(self, at_s: Seconds | None) -> str:
        """`drop in 0:12`; nothing where none is to come."""
        if at_s is None:
            return ""
        left_s = min((drop.at_s - at_s for drop in self._drops if drop.at_s > at_s), default=None)
        return "" if left_s is None else f"drop in {clock(math.ceil(left_s - 1e-6))}"

    @work(thread=True, exclusive=True, exit_on_error=False, group="hearing")
    def read(self, path: Path) -> None:
        """What is known of a track, if that can be read."""
        try:
            self.post_message(self.Known(path, self._library.hearing(path), self._library.correction(path)))
        except NbdError:
            return

    @on(Known)
    def take(self, message: Known) -> None:
        """Shows it, unless another track has come meanwhile; the screen hears of it too, to give it its place."""
        if message.path != self._path or message.hearing is None:
            return
        self._drops = corrected(message.hearing, message.correction).drops
        self.show(message.hearing, message.correction)
        self.any_known = True

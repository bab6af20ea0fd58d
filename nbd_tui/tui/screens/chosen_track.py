"""The part of the library about the one track the bar stands on: its picture, and listening to it."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.timer import Timer
from textual.widgets import Static

from nbd_tui.errors import NbdError
from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Correction
from nbd_tui.model.units import Seconds
from nbd_tui.tui.background import in_background
from nbd_tui.tui.library_view import about, name_of, playing_words, unheard_words
from nbd_tui.tui.listening import before_drop, next_drop, strongest_drop
from nbd_tui.tui.ports import Services
from nbd_tui.tui.screens.track_list import TrackListScreen
from nbd_tui.tui.sound_words import silence_of
from nbd_tui.tui.text import Glyphs, clean, clock
from nbd_tui.tui.widgets.energy_picture import AS_HEARD, EnergyPicture
from nbd_tui.tui.widgets.lines import SplitLine

if TYPE_CHECKING:
    from nbd_tui.model.library_row import LibraryRow

_LOOK_S: Final = 0.25
_ECHO_S: Final = 5.0
_REST_S: Final = 0.12
"""So long the bar stands on a track before what is heard in it is read: a held key reads nothing."""


class Known(NamedTuple):
    """What is known of the sound of one track."""

    path: Path
    hearing: Hearing | None
    correction: Correction

    @property
    def found(self) -> Hearing | None:
        """What was heard, as the user has corrected it."""
        return corrected(self.hearing, self.correction) if self.hearing else None


class ChosenTrackScreen(TrackListScreen):
    """Pictures the chosen track once the bar rests on it, and plays it."""

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__(services, glyphs)
        self._known: Known | None = None
        """Of the track the bar has rested on last."""
        self._is_known_old = False
        """Something may have changed since that was read."""
        self._rest: Timer | None = None
        self._played: LibraryRow | None = None
        """The track that was listened to last."""
        self._words = ("", 0.0)

    def on_mount(self) -> None:
        """Begins to read, and to watch what changes."""
        self.show_listing()
        self._look()
        self.set_interval(_LOOK_S, self._look)

    def on_screen_resume(self) -> None:
        """Shows what another screen has changed."""
        self.call_after_refresh(self._look)
        self.call_after_refresh(self.tracks_renewed)

    def tracks_renewed(self) -> None:
        """What is known of the chosen track is shown until it is read anew."""
        self._is_known_old = True
        self._wait_for_rest()

    def on_unmount(self) -> None:
        """Nothing is listened to outside."""
        self._services.preview.stop()

    def say(self, words: str) -> None:
        """Answers a key."""
        self._words = (words, self._services.clock() + _ECHO_S)
        if self.is_open:
            self._show_said()

    def show_chosen(self) -> None:
        """Name, tempo and picture of the track the bar stands on; what is heard in it comes when the bar rests."""
        row = self.chosen
        known = self._known if row and self._known and self._known.path == row.path else None
        self.query_one("#about").display = row is not None
        if row is not None:
            about_it = about(row, known.found if known else None, self._glyphs)
            self.query_one("#about", SplitLine).show(name_of(row, self._glyphs, self.size.width), "", about_it)
            self.query_one("#unheard", Static).update(self.plain(unheard_words(row)))
        self._show_picture(known)
        if row is not None and known is None:
            self._wait_for_rest()

    def action_listen(self) -> None:
        """Plays the track from its start, or stops it."""
        row, preview = self.chosen, self._services.preview
        if row is None:
            return
        if preview.state().path == row.path:
            preview.stop()
            self.say("stopped")
        else:
            self._play(row, 0.0)
            self.say("")

    def action_drop(self) -> None:
        """Plays what leads to the drop."""
        if (row := self.chosen) is not None:
            in_background(self, partial(self._play_drop, row), group="drop", exclusive=True)

    async def read_known(self, path: Path) -> Known | None:
        """What is known of a track's sound; None, and the reason is said, where it cannot be read."""
        if self._known is not None and self._known.path == path and not self._is_known_old:
            return self._known
        library = self._services.library
        try:
            hearing, correction = await asyncio.to_thread(lambda: (library.hearing(path), library.correction(path)))
        except NbdError as error:
            self.say(clean(str(error)))
            return None
        return Known(path, hearing, correction)

    def take_known(self, known: Known) -> None:
        """Shows it, if the bar still stands there."""
        if self.is_open and (row := self.chosen) is not None and row.path == known.path:
            self._known, self._is_known_old = known, False
            self.show_chosen()

    async def _play_drop(self, row: "LibraryRow") -> None:
        known = await self.read_known(row.path)
        found, state = known.found if known else None, self._services.preview.state()
        if known is None:
            return
        if found is None or not found.drops:
            self.say("no drop was found in it" if found else "not heard yet: its drops are not known")
            return
        drop = next_drop(found, state.at_s) if state.path == row.path else strongest_drop(found)
        if drop is not None and self.is_current:
            self._play(row, before_drop(found, drop.at_s))
            self.say(f"from four bars before the drop at {clock(int(drop.at_s))}")

    def _play(self, row: "LibraryRow", at_s: Seconds) -> None:
        self._played = row
        self._services.preview.play(row.path, at_s)

    def _wait_for_rest(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST_S, self._look_into)

    def _look_into(self) -> None:
        """The bar has come to rest."""
        if (row := self.chosen) is not None:
            in_background(self, partial(self._show_known, row.path), group="known", exclusive=True)

    async def _show_known(self, path: Path) -> None:
        if (known := await self.read_known(path)) is not None:
            self.take_known(known)

    def _look(self) -> None:
        """What has changed: tracks, the analysis, what plays."""
        if self.is_current:
            self.renew()
            self._show_said()
            self._show_playhead()

    def _show_picture(self, known: Known | None) -> None:
        is_blank = known is not None and known.hearing is None
        picture = self.query_one(EnergyPicture)
        picture.show(known.hearing if known else None, known.correction if known else AS_HEARD)
        picture.display = self.chosen is not None and not is_blank
        self.query_one("#unheard").display = self.chosen is not None and is_blank
        self._show_playhead()

    def _show_said(self) -> None:
        services, (said, until) = self._services, self._words
        state, row = services.preview.state(), self._played
        echo = said if services.clock() < until else ""
        played = row if row is not None and state.path == row.path else None
        left = echo or clean(state.problem) or playing_words(state, played, self._glyphs)
        silence = silence_of(services.sound_line()) if state.is_playing else ""
        self.query_one("#said", SplitLine).show(left, "", silence or clean(services.library.progress()))

    def _show_playhead(self) -> None:
        row, state = self.chosen, self._services.preview.state()
        is_chosen = row is not None and state.path == row.path
        self.query_one(EnergyPicture).playhead_s = state.at_s if is_chosen else None

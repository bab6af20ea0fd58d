"""Keeps what was pinned on the plan screen in the preset's file."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from nbd_tui.errors import PresetError, UserError
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.background import in_background
from nbd_tui.tui.keys import first_key
from nbd_tui.tui.plan_table import Shown
from nbd_tui.tui.preset_view import reason_of
from nbd_tui.tui.screens.plan_display import PlanDisplay
from nbd_tui.tui.text import clean


class PlanKeeping(PlanDisplay):
    """The part of the plan screen that writes; the workout that is planned stays the one it is."""

    _kept: LoadedPreset | None = None
    """The preset as it was written last."""
    _is_writing = False
    _before: tuple[Shown, LoadedPreset] | None = None
    """What was planned when that was written, and the preset before it."""

    def action_keep(self) -> None:
        """Writes the pins into the preset's file; of a built-in one into that of a copy."""
        tracks = pinned_tracks(self._table.shown) if self._table.shown else {}
        if unwritable := [path for path in tracks.values() if not _is_text(path)]:
            self.say(f"{clean(unwritable[0])}: this name cannot be written into a file")
        elif tracks:
            in_background(self, partial(self._keep, tracks), group="keep")
        elif self._table.shown and self._table.shown.choices.pinned:
            self.say("a second wind cannot be kept: a preset cannot tell it from its round")
        else:
            self.say(f"nothing is pinned: {first_key('plan.pin', self._services.keys)} pins the track of a place")

    def take_back_kept(self) -> bool:
        """Takes the last step back, if that was to keep pins; false: it was another."""
        if self._before is None or self._before[0] is not self._table.shown:
            return False
        in_background(self, self._unkeep, group="keep")
        return True

    async def _keep(self, tracks: Mapping[int, str]) -> None:
        if self._is_writing:
            return
        shown, before = self._table.shown, self._kept or self._preset
        self._is_writing = True
        try:
            kept, missing = await asyncio.to_thread(self._write, before, tracks)
        except UserError as error:
            self.say(reason_of(error))
            return
        finally:
            self._is_writing = False
        self._kept, self._before = kept, (shown, before) if shown else None
        but = f", but for {missing} that a preset cannot tell from others" if missing else ""
        self.say(f'the pins are kept in "{clean(kept.preset.name)}"{but}')

    async def _unkeep(self) -> None:
        kept, before, self._before = self._kept, self._before, None
        if kept is None or before is None:
            return
        try:
            self._kept = await asyncio.to_thread(self._write_back, kept, before[1])
        except UserError as error:
            self.say(reason_of(error))
            return
        self.say(f'undone: "{clean(kept.preset.name)}" is {"as it was" if self._kept else "put away"}')

    def _write_back(self, kept: LoadedPreset, before: LoadedPreset) -> LoadedPreset | None:
        """In a thread: the preset as it was; of a built-in one, no copy."""
        if not before.builtin:
            return self._services.shelf.update(kept, before.preset)
        self._services.shelf.delete(kept)
        return None

    def _write(self, loaded: LoadedPreset, tracks: Mapping[int, str]) -> tuple[LoadedPreset, int]:
        """In a thread; also tells how many pins the preset cannot say.

        What is pinned so already stays as it is written: it may say from where on, or to which drop.
        """
        from nbd_tui.workout.pinned import with_pins

        missing = _missing(loaded, tracks)
        if not missing:
            raise PresetError("the preset has these pins already")
        if with_pins(loaded.preset, missing) == loaded.preset:
            raise PresetError("a break between sets cannot have a track of its own in a preset")
        kept = self._write_anew(loaded, missing)
        return kept, len(_missing(kept, tracks))

    def _write_anew(self, loaded: LoadedPreset, tracks: Mapping[int, str]) -> LoadedPreset:
        from nbd_tui.workout.pinned import with_pins

        shelf = self._services.shelf
        own = shelf.copy(loaded) if loaded.builtin else loaded
        try:
            return shelf.update(own, with_pins(own.preset, tracks))
        except UserError:
            if loaded.builtin:
                shelf.delete(own)
            raise


def _missing(loaded: LoadedPreset, tracks: Mapping[int, str]) -> dict[int, str]:
    """Those that the preset does not pin to their phases."""
    pins = loaded.pins.phases
    return {index: path for index, path in tracks.items() if index not in pins or not _is_path(pins[index].path, path)}


def _is_path(pinned: Path | None, path: str) -> bool:
    return pinned is not None and with_home_as_tilde(pinned) == path


def pinned_tracks(shown: Shown) -> dict[int, str]:
    """The pins by the phases they are for; a second wind within a round cannot be told from it and is left out."""
    planned, found = shown.planned, dict[int, str]()
    segments, wants = planned.timeline.segments, planned.places
    for place in sorted(shown.choices.pinned):
        want, path = wants[place], planned.track_of(place)
        if path is None or (place and wants[place - 1].stretch == want.stretch):
            continue
        stretch = planned.stretches[want.stretch]
        inside = segments[stretch.first_index : stretch.last_index + 1]
        found |= {segment.index: with_home_as_tilde(path) for segment in inside if segment.kind is want.kind}
    return found


def _is_text(path: str) -> bool:
    """Names of files need not be."""
    return min(path) >= " " and path.encode(errors="replace") == path.encode(errors="ignore")

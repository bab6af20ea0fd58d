"""The pinned music of a plan: which songs of a catalogue may play in which place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from nbd_tui.cli.checks import usable_pins
from nbd_tui.cli.plan_music import whole_path
from nbd_tui.cli.preset_pins import pins_of
from nbd_tui.errors import DecodeError, LibraryError
from nbd_tui.library.playlists import pinned_files
from nbd_tui.library.tags import read_track
from nbd_tui.session.pins import pin_note
from nbd_tui.soundtrack.pin import Pin, WorkoutPins, album_key
from nbd_tui.soundtrack.plan import Brief
from nbd_tui.soundtrack.songs import Catalogue, Song
from nbd_tui.soundtrack.wants import Want
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.workout.phase import PhaseKind


@dataclass(frozen=True, slots=True)
class PinnedMusic:
    """What the pins of a workout come to."""

    pins: WorkoutPins
    """Those behind which there is music."""
    songs: tuple[Song, ...]
    """The library, and what is pinned besides."""
    files: Mapping[Pin, frozenset[Path]]
    guests: frozenset[Path]
    """What is pinned and not in the library: it plays nowhere else."""
    notes: tuple[str, ...]
    """What leads nowhere."""

    def brief(self, brief: Brief, catalogue: Catalogue, places: Sequence[Want]) -> Brief:
        """The brief with the pins by place, as numbers of the catalogue."""
        numbers = catalogue.numbers
        pinned = {}
        for place, want in enumerate(places):
            files = self.files.get(want.pin, frozenset()) if want.pin else frozenset()
            if found := sorted(numbers[path] for path in files if path in numbers):
                pinned[place] = np.array(found, np.int64)
        guests = [numbers[path] for path in self.guests if path in numbers]
        return replace(brief, rules=replace(brief.rules, pinned=pinned, guests=guests))


def pinned_music(preset: LoadedPreset, usual: Mapping[PhaseKind, Pin], library: Sequence[Song]) -> PinnedMusic:
    """The pins of a preset, and those of the settings where it says nothing; pinned files are looked at.

    Args:
        preset: what is to be trained.
        usual: the pins of the settings.
        library: all songs that may play.
    """
    own, notes = pins_of(preset)
    kinds, more = usable_pins({kind: pin for kind, pin in usual.items() if kind not in own.kinds})
    pins = WorkoutPins({**kinds, **own.kinds}, own.phases)
    files = {pin: frozenset(_files(pin, library)) for pin in {*pins.kinds.values(), *pins.phases.values()}}
    known = {song.path for song in library}
    guests = tuple(_songs({path for found in files.values() for path in found} - known))
    empty = {pin for pin, found in files.items() if not found}
    missing = tuple(pin_note(kind, pin.name, _MISSING) for kind, pin in _by_kind(pins, preset) if pin in empty)
    return PinnedMusic(
        WorkoutPins(_without(pins.kinds, empty), _without(pins.phases, empty)),
        (*library, *guests),
        files,
        frozenset(song.path for song in guests),
        (*notes, *more, *dict.fromkeys(missing)),
    )


_MISSING: Final = "no track of it is in the library"
KeyT = TypeVar("KeyT")


def _by_kind(pins: WorkoutPins, preset: LoadedPreset) -> Iterator[tuple[PhaseKind, Pin]]:
    segments = preset.outline.timeline.segments
    yield from pins.kinds.items()
    yield from ((segments[index].kind, pin) for index, pin in pins.phases.items())


def _without(pins: "Mapping[KeyT, Pin]", empty: set[Pin]) -> "dict[KeyT, Pin]":
    return {key: pin for key, pin in pins.items() if pin not in empty}


def _files(pin: Pin, library: Sequence[Song]) -> Iterable[Path]:
    """The files of a pin; none where it leads nowhere."""
    if pin.path is None:
        return [song.path for song in library if album_key(song.track.album) == album_key(pin.album)]
    try:
        return [whole_path(file) for file in pinned_files(pin.path)]
    except LibraryError:
        return []


def _songs(paths: Iterable[Path]) -> Iterator[Song]:
    """Files outside the library, as far as they can be read."""
    for path in sorted(paths):
        try:
            yield Song(read_track(path))
        except DecodeError:
            continue

"""The music that presets ask for: what of it is there, and a word for what is not, as the timer comes first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nbd_tui.cli.checks import usable_pins
from nbd_tui.errors import PresetError
from nbd_tui.session.pins import Pins
from nbd_tui.soundtrack.pin import NO_PINS, Pin, PinnedPlace, Shelf, WorkoutPins
from nbd_tui.store.presets import LoadedPreset, pin_of
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

if TYPE_CHECKING:
    from nbd_tui.settings import MusicSettings


class PresetPins(NamedTuple):
    """The pins of one preset."""

    wished: WorkoutPins
    """Those that can be used, with those of the settings where the preset says nothing."""
    tracks: Pins
    """What they stand for, yet to be read."""
    notes: tuple[str, ...]
    """One for each pin that leads nowhere."""


def preset_pins(preset: LoadedPreset, usual: Mapping[PhaseKind, Pin]) -> PresetPins:
    """What a preset asks for.

    Args:
        preset: to be trained.
        usual: of the settings; what they name by its path, the collector has.
    """
    pins, notes = pins_of(preset)
    albums = {kind: pin for kind, pin in usual.items() if pin.path is None}
    asked = WorkoutPins({**albums, **pins.kinds}, pins.phases)
    wished = WorkoutPins({**usual, **pins.kinds}, pins.phases)
    return PresetPins(wished, Pins(_shelves(asked, preset.outline.timeline.segments)), notes)


def usual_pins(settings: "MusicSettings") -> dict[PhaseKind, Pin]:
    """The pins of the settings."""
    return {kind: pin_of(wish, Path(wish.path) if wish.path else None) for kind, wish in settings.pins.items()}


def pins_of(preset: LoadedPreset) -> tuple[WorkoutPins, tuple[str, ...]]:
    """The pins of a preset behind which there is music, and a note for each of the others."""
    try:
        pins = preset.pins
    except PresetError as error:
        return NO_PINS, (f"{error.message}; other music plays",)
    kinds, notes = usable_pins(pins.kinds)
    segments = preset.outline.timeline.segments
    places = {index: PinnedPlace(segments[index].kind, pin) for index, pin in pins.phases.items()}
    usable, more = usable_pins({place: place.pin for place in places.values()})
    phases = {index: place.pin for index, place in places.items() if place in usable}
    return WorkoutPins(kinds, phases), (*notes, *more)


def _shelves(pins: WorkoutPins, segments: Sequence[Segment]) -> dict[Shelf, Pin]:
    """The pins by what they decide on."""
    places = [PinnedPlace(segments[index].kind, pin) for index, pin in pins.phases.items()]
    return dict([*pins.kinds.items(), *((place, place.pin) for place in places)])

"""What is wished of the music of one workout: the preset's word before that of the settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from nbd_tui.model.arc import Arc
from nbd_tui.soundtrack.intent import USUAL, Band, Bands
from nbd_tui.soundtrack.pin import NO_PINS, WorkoutPins
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.workout.phase import PhaseKind

if TYPE_CHECKING:
    from nbd_tui.settings import MusicSettings
    from nbd_tui.workout.music import BandWish
    from nbd_tui.workout.preset import PresetMusic

_NAMES: Final = {
    PhaseKind.WARM_UP: "warm_up",
    PhaseKind.WORK: "work",
    PhaseKind.REST: "rest",
    PhaseKind.BREAK: "pause",
    PhaseKind.COOL_DOWN: "cool_down",
    PhaseKind.PREPARE: "prepare",
}


_END_OF_WARM_UP: Final = Band((105.0, 120.0), (0.6, 0.6))
"""For getting ready, where only one of the two is wished for."""


def taste_for(settings: "MusicSettings", preset: "PresetMusic", pins: WorkoutPins = NO_PINS) -> MusicTaste:
    """The taste of a workout.

    Args:
        settings: the user's, for all workouts.
        preset: what this workout says of its own.
        pins: of both, behind which there is music.
    """
    wind_s = _first(preset.second_wind_s, settings.second_wind_s)
    return MusicTaste(
        arc=Arc(preset.arc or settings.arc),
        second_wind_s=wind_s or None,
        short_rest_s=_first(preset.short_rest_s, settings.short_rest_s),
        outliers=_first(preset.outliers, settings.outliers) / 100,
        target_lufs=_first(preset.target_lufs, settings.target_lufs),
        tempo_fit=settings.tempo_fit if preset.tempo_fit is None else preset.tempo_fit,
        bands=bands_for(settings.bands, preset.bands),
        pins=pins,
    )


def _first(own: float | None, usual: float) -> float:
    return usual if own is None else own


def bands_for(*wishes: "Mapping[PhaseKind, BandWish]") -> Bands:
    """The usual bands with what is wished instead, the last word last."""
    bands = {name: getattr(USUAL, name) for name in _NAMES.values()}
    for wish in wishes:
        for kind, band in wish.items():
            bands[_NAMES[kind]] = _with(bands[_NAMES[kind]], band)
    return Bands(**bands)


def _with(band: Band | None, wish: "BandWish") -> Band:
    """A band with what is wished instead."""
    band = band or _END_OF_WARM_UP
    return Band(wish.bpm or band.bpm, wish.energy or band.energy)


def feasible(taste: MusicTaste) -> tuple[MusicTaste, tuple[str, ...]]:
    """What of the wishes can be had on this machine, and what there is to say of the others."""
    if not taste.tempo_fit:
        return taste, ()
    from nbd_tui.media.stretching import why_not

    reason = why_not()
    return (replace(taste, tempo_fit=False), (reason,)) if reason else (taste, ())

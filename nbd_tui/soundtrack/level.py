"""Even loudness: every track of a session to one target, in force before its first sample. Pure."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from nbd_tui.audio.voice import LOUDEST_DB
from nbd_tui.model.hearing import EnergyCurve
from nbd_tui.model.units import Decibels, Seconds
from nbd_tui.soundtrack.songs import Floats, Song
from nbd_tui.soundtrack.taste import TARGET_LUFS

GUESS_LUFS: Final[Decibels] = -9.0
"""A track nobody has measured is taken for a loud master: too soft is a smaller mistake than too loud."""
REPLAYGAIN_LUFS: Final[Decibels] = -18.0
"""Reference of ReplayGain 2.0, to which tags are moved."""
CEILING_DB: Final[Decibels] = -1.0
"""Nothing leaves the mixer above, in dBTP."""
LIMITED_DB: Final[Decibels] = 4.0
"""Peaks may be pushed so far into the limiter before it can be heard."""
ENERGY_RANGE_DB: Final[Decibels] = 24.0
"""An energy of 0 is so far below one of 1; between them it is linear in decibels."""
GATE: Final = 0.1
"""What is 10 dB below the mean does not count."""
SHORTEST_PART_S: Final[Seconds] = 10.0
MOST_PART_DB: Final[Decibels] = 2.0
"""A part is brought nearer to the others by so much at most."""
MOST_SINK_DB: Final[Decibels] = 6.0
"""The session sinks no further for one quiet track; that one stays softer."""


def loudness(song: Song) -> Decibels:
    """Integrated loudness by our measurement, else by the tag, else a safe guess."""
    if song.lufs is not None:
        return song.lufs
    return GUESS_LUFS if song.track.gain_db is None else REPLAYGAIN_LUFS - song.track.gain_db


def session_target(songs: Iterable[Song], target_lufs: Decibels = TARGET_LUFS) -> Decibels:
    """The loudness that all tracks of a session reach without being pushed too far into the limiter."""
    reachable = [loudness(song) + headroom_db(song) for song in songs]
    return max(target_lufs - MOST_SINK_DB, min([target_lufs, *reachable]))


def headroom_db(song: Song) -> Decibels:
    """How much louder a song can be made; of one whose peak is unknown, as if it reached full scale."""
    return min(LOUDEST_DB, CEILING_DB + LIMITED_DB - (0.0 if song.true_peak_db is None else song.true_peak_db))


def gain_db(song: Song, target_lufs: Decibels, part: Decibels = 0.0) -> Decibels:
    """The gain for one song, or for a part of it that is so much louder than the whole."""
    return min(target_lufs - loudness(song) - part, headroom_db(song))


def part_db(energy: EnergyCurve, start_s: Seconds, end_s: Seconds) -> Decibels:
    """How much louder a part of a song is than the whole; a calm part stays a little softer.

    Both with the relative gate of ITU-R BS.1770-4.
    """
    values = np.array(energy.values)
    part = values[round(start_s * energy.rate_hz) : round(end_s * energy.rate_hz)]
    if len(part) < SHORTEST_PART_S * energy.rate_hz:
        return 0.0
    return max(-MOST_PART_DB, min(MOST_PART_DB, _gated_db(part) - _gated_db(values)))


def _gated_db(values: Floats) -> Decibels:
    power = 10.0 ** ((values - 1.0) * ENERGY_RANGE_DB / 10)
    return 10.0 * math.log10(float(power[power >= GATE * power.mean()].mean()))

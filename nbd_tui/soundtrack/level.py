"""Even loudness: every track of a session to one target, in force before its first sample. Pure."""

from collections.abc import Iterable
from typing import Final

from nbd_tui.audio.voice import LOUDEST_DB
from nbd_tui.model.units import Decibels
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.taste import TARGET_LUFS

GUESS_LUFS: Final[Decibels] = -9.0
"""A track nobody has measured is taken for a loud master: too soft is a smaller mistake than too loud."""
REPLAYGAIN_LUFS: Final[Decibels] = -18.0
"""Reference of ReplayGain 2.0, to which tags are moved."""
CEILING_DB: Final[Decibels] = -1.0
"""Nothing leaves the mixer above, in dBTP."""
LIMITED_DB: Final[Decibels] = 4.0
"""Peaks may be pushed so far into the limiter before it can be heard."""
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


def gain_db(song: Song, target_lufs: Decibels) -> Decibels:
    """The gain for one song."""
    return min(target_lufs - loudness(song), headroom_db(song))

"""How much louder or softer a track is played, so that all are equally loud."""

from typing import Final

from nbd_tui.model.track import Track
from nbd_tui.model.units import Decibels
from nbd_tui.soundtrack.level import gain_db
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.taste import TARGET_LUFS

REPLAYGAIN_LUFS: Final = -18.0
"""Reference of ReplayGain 2.0, to which tags are moved."""
MOST_BOOST_DB: Final[Decibels] = 6.0
MOST_CUT_DB: Final[Decibels] = -12.0


def levelling_db(track: Track, rms_db: Decibels) -> Decibels:
    """The gain that brings a track to -14 LUFS.

    By what was heard, else by its tag, else by its RMS, which is near its LUFS for full mixes.
    """
    return min(MOST_BOOST_DB, max(MOST_CUT_DB, TARGET_LUFS - _loudness(track, rms_db)))


def gain_for(song: Song, rms_db: Decibels, target_lufs: Decibels) -> Decibels:
    """The gain that brings a track to a session's target, without pushing it too far into the limiter.

    Args:
        song: what is known of the track.
        rms_db: its mean level, where nobody has heard how loud it is.
        target_lufs: of the session, in LUFS.
    """
    if song.lufs is None:
        return levelling_db(song.track, rms_db) + target_lufs - TARGET_LUFS
    return max(MOST_CUT_DB, gain_db(song, target_lufs))


def _loudness(track: Track, rms_db: Decibels) -> Decibels:
    """In LUFS."""
    if track.lufs is not None:
        return track.lufs
    return REPLAYGAIN_LUFS - track.gain_db if track.gain_db is not None else rms_db

"""A track: one file of the user's, as its tags and the scan describe it."""

from dataclasses import dataclass
from pathlib import Path

from nbd_tui.model.units import Bpm, Decibels, Seconds


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of one music file. Text comes from files: never treat it as markup."""

    path: Path
    title: str
    """From the tag; the file name without its ending where the tag has none."""
    artist: str = ""
    album: str = ""
    genre: str = ""
    year: int | None = None
    duration_s: Seconds | None = None
    bpm: Bpm | None = None
    """Tempo from the tag, as written there; in a workout's pool the one that counts (`model.tempo`)."""
    gain_db: Decibels | None = None
    """ReplayGain (or R128 moved to the same reference, -18 LUFS) of the track, from the tag."""
    lufs: Decibels | None = None
    """Integrated loudness, where it was heard and the track is in a workout's pool."""
    is_liked: bool = False
    """The user says so."""

"""One track of the library as lists show it: small, since there are tens of thousands at once."""

from pathlib import Path
from typing import NamedTuple

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo
from nbd_tui.model.units import Decibels, Seconds


class LibraryRow(NamedTuple):
    """What is known of a track in short. Text comes from files: never treat it as markup."""

    path: Path
    title: str
    artist: str = ""
    album: str = ""
    genre: str = ""
    duration_s: Seconds | None = None
    tempo: Tempo | None = None
    is_heard: bool = False
    """It was analysed; without that, everything but the texts and the tag's tempo says nothing."""
    is_steady: bool = False
    """There is a beat to speak of."""
    intensity: float = 0.0
    """How hard it drives, 0 to 1."""
    lufs: Decibels | None = None
    """Integrated loudness."""
    drops: int = 0
    """How many."""
    opinion: Opinion | None = None
    problem: str = ""
    """Why it could not be analysed; empty otherwise."""

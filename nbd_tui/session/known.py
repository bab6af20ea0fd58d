"""Tracks as a workout takes them: with the tempo that counts and the loudness that was heard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.track import Track

if TYPE_CHECKING:  # SQLite comes with it
    from nbd_tui.store.hearings import Known


def as_known(tracks: Sequence[Track], known: "Mapping[str, Known]") -> Sequence[Track]:
    """Tracks with what is known of them, without those that are kept out.

    Args:
        tracks: as their tags say.
        known: by their paths as text.
    """
    if not known:
        return tracks
    found = [(track, known.get(str(track.path))) for track in tracks]
    return [
        with_known(track, more) if more else track
        for track, more in found
        if not (more and more.opinion is Opinion.BANNED)
    ]


def with_known(track: Track, known: "Known") -> Track:
    """Where no tempo can be relied upon, the tag has none either."""
    return replace(track, bpm=known.bpm, lufs=known.lufs, is_liked=known.opinion is Opinion.LIKED)

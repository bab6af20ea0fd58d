"""Tracks as a workout takes them: with the tempo that counts and the loudness that was heard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import TempoSource, tempo_of
from nbd_tui.model.track import Track

if TYPE_CHECKING:  # SQLite and numpy come with them
    from nbd_tui.soundtrack.songs import Song
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


def known_of(song: "Song") -> "Known":
    """What of a song shows in its track."""
    from nbd_tui.store.hearings import Known

    tempo = song.tempo
    return Known(tempo.bpm if tempo and tempo.is_reliable else None, song.lufs, song.opinion)


def is_known(song: "Song") -> bool:
    """Whether more is known of it than its tags say."""
    said = song.tempo is not None and song.tempo.source is TempoSource.USER
    return said or song.opinion is not None or song.intensity is not None


def as_song(track: Track, song: "Song | None") -> "Song":
    """A track of the pool for the planner, with what is known of it."""
    from nbd_tui.soundtrack.songs import Song

    if song is None:
        opinion = Opinion.LIKED if track.is_liked else None
        return Song(track, tempo_of(track.bpm, None, 0.0), lufs=track.lufs, opinion=opinion)
    return replace(song, track=track)

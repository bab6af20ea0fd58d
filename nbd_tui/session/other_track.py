"""Another track in place of the one that plays, as soon as it can be played."""

from nbd_tui.session.desk import Desk
from nbd_tui.session.playlist import Playlist


class OtherTrack:
    """The user's wish for one; until it is fulfilled the old one goes on. Owned by the conductor's thread."""

    def __init__(self, playlist: Playlist, desk: Desk) -> None:
        self._playlist = playlist
        self._desk = desk
        self._awaited: int | None = None
        """The place that gets another track."""

    def ask(self, stretch: int) -> str:
        """Wishes for one in the place that is heard, which may be the build-up of the next; the words that answer."""
        if not self._playlist.another(stretch):
            return "no other track"
        self._awaited = stretch
        return "another track"

    def takes_over(self, stretch: int) -> bool:
        """Whether the track asked for can be played now, once; a wish of a place that is past is forgotten."""
        if self._awaited is None or (self._awaited >= stretch and not self._desk.waiting(self._awaited)):
            return False
        is_meant, self._awaited = self._awaited >= stretch, None
        return is_meant

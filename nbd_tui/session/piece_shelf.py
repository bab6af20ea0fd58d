"""The pieces of what a session has picked: made once, and again when more is known of a track."""

from pathlib import Path

from nbd_tui.library.probe import ProbeResult
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.known import as_song
from nbd_tui.session.levelling import gain_for
from nbd_tui.session.picks import Pick
from nbd_tui.session.pieces import Piece
from nbd_tui.session.recall import RecallPort
from nbd_tui.session.tempo_fitting import TempoFitting
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.wants import Want


class PieceShelf:
    """Owned by the conductor's thread.

    Args:
        chooser: knows the songs, and how loud all are to be.
        recall: what was heard in them.
        fitting: which play at another speed.
    """

    def __init__(self, chooser: Chooser, recall: RecallPort, fitting: TempoFitting) -> None:
        self._chooser = chooser
        self._recall = recall
        self._fitting = fitting
        self._recalled = 0
        self._made: dict[int, tuple[tuple[Path | None, ...], Piece]] = {}

    def piece(self, want: Want, pick: Pick, result: ProbeResult) -> Piece:
        """The piece of a pick.

        Args:
            want: of its stretch.
            pick: the track.
            result: what is known of its file, which may be played.
        """
        copy = self._fitting.copy(pick)
        sources = (result.playable, copy.playable if copy else None)
        made = self._made.get(pick.number)
        if made is None or made[0] != sources:
            song, hearing = self._song(want, pick), self._recall.hearing(pick.track.path)
            gain_db = gain_for(song, result.rms_db, self._chooser.target_lufs)
            made = self._made[pick.number] = (sources, self._fitting.cut_out(want, pick, result, hearing, gain_db))
        return made[1]

    def began(self, number: int) -> None:
        """The piece of a pick is being heard."""
        if number in self._made:
            self._fitting.began(self._made[number][1])
        self._made.clear()

    def refresh(self) -> bool:
        """Whether more is known of what was heard in the tracks; then all pieces are made anew."""
        before, self._recalled = self._recalled, self._recall.version
        if self._recalled != before:
            self._made.clear()
        return self._recalled != before

    def _song(self, want: Want, pick: Pick) -> Song:
        return self._chooser.song(want.shelf, pick.track.path) or as_song(pick.track, None)

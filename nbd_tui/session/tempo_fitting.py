"""Which tracks of a session are played a little faster or slower: their copies. `soundtrack.tempo_fit` has the rules.

A track is played as it is until its copy is there, and goes on as it began.
"""

from collections.abc import Sequence
from typing import Final

from nbd_tui.library.probe import Fitted, ProbeResult
from nbd_tui.media.stretching import HEADROOM_DB
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.units import Bpm, Decibels
from nbd_tui.session.checked import CheckedFiles
from nbd_tui.session.cutting import cut_out
from nbd_tui.session.picks import Pick
from nbd_tui.session.pieces import Piece
from nbd_tui.session.recall import RecallPort
from nbd_tui.soundtrack.tempo_fit import asked, ordered, played
from nbd_tui.soundtrack.wants import Want

AHEAD: Final = 4
"""Copies are made for so many stretches, the running one among them: a copy is 10 MB a minute."""


class TempoFitting:
    """Owned by the conductor's thread.

    Args:
        checked: has copies made.
        recall: what was heard in the tracks.
        is_on: as the user has chosen; else nothing is ever stretched.
    """

    def __init__(self, checked: CheckedFiles, recall: RecallPort, *, is_on: bool) -> None:
        self._checked = checked
        self._recall = recall
        self._is_on = is_on
        self._orders: dict[int, Fitted | None] = {}
        """By pick, once what was heard is known; None: it is played as recorded."""

    def prepare(self, want: Want, picks: Sequence[Pick], before: Pick | None) -> None:
        """Has the copies made for what a place plays, after a pick that its first one joins in the same phase."""
        for pick in picks if self._is_on else ():
            if pick.number not in self._orders:
                self._decide(want, pick, before)
            before = pick
            if order := self._orders.get(pick.number):
                self._checked.ask_copy(order)

    def copy(self, pick: Pick) -> ProbeResult | None:
        """The copy a pick is played from as things are now; None: the file itself."""
        order = self._orders.get(pick.number)
        return self._checked.copy(order) if order else None

    def began(self, piece: Piece) -> None:
        """A piece has begun; one that is played as recorded stays so."""
        if piece.source.path != self._copy_path(piece.pick):
            self._orders[piece.pick] = None

    def cut_out(self, want: Want, pick: Pick, plain: ProbeResult, hearing: Hearing | None, gain_db: Decibels) -> Piece:
        """The piece of a picked track, from its copy if that is there; see `cutting.cut_out`.

        Args:
            want: of its stretch.
            pick: the track.
            plain: the file as it is.
            hearing: what was heard in it.
            gain_db: how much louder it is played.
        """
        copy = self.copy(pick)
        if copy is None or copy.fitted is None or hearing is None:
            return cut_out(want, pick, plain, hearing, gain_db)
        speed = copy.fitted.copy.speed
        return cut_out(asked(want, speed), pick, copy, played(hearing, speed), gain_db + HEADROOM_DB, speed)

    def _decide(self, want: Want, pick: Pick, before: Pick | None) -> None:
        """The copy a pick is to play from; it stays the same once it is known."""
        hearing = self._recall.hearing(pick.track.path)
        if hearing is not None:
            order = ordered(want.played_by(pick.track.path), hearing, self._bpm(before) if before else None)
            self._orders[pick.number] = Fitted(pick.track.path, order) if order else None

    def _bpm(self, pick: Pick) -> Bpm | None:
        """At which a pick is heard once its copy is there."""
        hearing, order = self._recall.hearing(pick.track.path), self._orders.get(pick.number)
        if hearing is None or hearing.bpm is None:
            return None
        return hearing.bpm * (order.copy.speed.factor if order else 1.0)

    def _copy_path(self, number: int) -> str:
        order = self._orders.get(number)
        copy = self._checked.copy(order) if order else None
        return str(copy.playable) if copy else ""

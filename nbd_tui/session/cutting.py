"""Makes the piece that is laid out of a track that may be played: where it comes in, and how loud."""

from nbd_tui.audio.score import SourceRef
from nbd_tui.library.probe import ProbeResult
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.speed import AS_RECORDED, Speed
from nbd_tui.model.units import Decibels, Frames, to_frames, to_seconds
from nbd_tui.session.picks import Pick
from nbd_tui.session.pieces import Piece
from nbd_tui.soundtrack.landing import ways_in
from nbd_tui.soundtrack.wants import Want


def cut_out(
    want: Want, pick: Pick, result: ProbeResult, hearing: Hearing | None, gain_db: Decibels, speed: Speed = AS_RECORDED
) -> Piece:
    """The piece of a picked track.

    Args:
        want: of the stretch it was picked for.
        pick: the track.
        result: what the prober found out; it is playable.
        hearing: what was heard in it.
        gain_db: how much louder it is played.
        speed: of the copy that all this is about.
    """
    ways = ways_in(want.played_by(pick.track.path), hearing, to_seconds(result.frames))
    start = min(to_frames(ways.start_s), max(0, result.frames - 1))
    landing = to_frames(ways.landing.at_s) if ways.landing else None
    if landing is not None and landing >= result.frames:
        landing = None
    return Piece(
        pick.track, SourceRef(str(result.playable), start), result.frames - start, gain_db, pick.number, landing,
        tuple(to_frames(at_s) for at_s in ways.entries_s) if landing is not None else (),
        *_meter(hearing),
        speed,
    )  # fmt: skip


def _meter(hearing: Hearing | None) -> tuple[tuple[Frames, ...], tuple[Frames, ...]]:
    """Beats and bars of a track with a steady beat."""
    if hearing is None or not hearing.is_steady:
        return (), ()
    beats = tuple(to_frames(at_s) for at_s in hearing.beats_s)
    return beats, tuple(to_frames(at_s) for at_s in hearing.downbeats_s) or beats

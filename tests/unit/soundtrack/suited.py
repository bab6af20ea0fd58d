"""What one track suits."""

from nbd_tui.model.units import Bpm
from nbd_tui.soundtrack.suits import KINDS, suits
from nbd_tui.workout.phase import PhaseKind


def suited_phases(bpm: Bpm | None, energy: float | None) -> tuple[PhaseKind, ...]:
    """The kinds of phase one track suits, in the order of a workout. See `suits`."""
    flags = suits([bpm], [energy])[0]
    return tuple(kind for kind, fits in zip(KINDS, flags.tolist(), strict=True) if fits)

"""Which phases of a preset have music of their own: by round, by phase or by block."""

from collections.abc import Iterator

from nbd_tui.workout.music import PinWish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, Phase, Preset

_IDLE = (PhaseKind.REST, PhaseKind.BREAK)


def pinned_phases(preset: Preset) -> dict[int, PinWish]:
    """The pins by the index of the segment in the preset's timeline.

    The music of a block or of a round is for what is done there; its rests keep theirs, unless there is nothing else.
    The round's comes first, then the phase's, then the block's.
    """
    return {index: pin for index, pin in enumerate(_pins(preset)) if pin is not None}


def _pins(preset: Preset) -> Iterator[PinWish | None]:
    """The pin of each segment, in order."""
    for block in preset.blocks:
        for set_ in range(1, block.sets + 1):
            for round_ in range(1, block.repeat + 1):
                cut = round_ == block.repeat and block.drops_last_rest
                yield from (_pin(block, round_, phase) for phase in block.phases[: -1 if cut else None])
            if block.set_break_s is not None and set_ < block.sets:
                yield None


def _pin(block: Block, round_: int, phase: Phase) -> PinWish | None:
    if phase.kind in _IDLE and any(other.kind not in _IDLE for other in block.phases):
        return phase.music
    return block.round_music.get(round_) or phase.music or block.music

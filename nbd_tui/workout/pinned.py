"""Which phases of a preset have music of their own: by round, by phase or by block."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nbd_tui.workout.music import PinWish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, Phase, Preset

_IDLE = (PhaseKind.REST, PhaseKind.BREAK)


class _Place(NamedTuple):
    """Where in a preset a segment of its timeline comes from."""

    block: int
    round: int
    """From 1 on."""
    phase: int


def pinned_phases(preset: Preset) -> dict[int, PinWish]:
    """The pins by the index of the segment in the preset's timeline.

    The music of a block or of a round is for what is done there; its rests keep theirs, unless there is nothing else.
    The round's comes first, then the phase's, then the block's.
    """
    pins = enumerate(_pin(preset.blocks[place.block], place) if place else None for place in _places(preset))
    return {index: pin for index, pin in pins if pin is not None}


def with_pins(preset: Preset, tracks: Mapping[int, str]) -> Preset:
    """A preset in which tracks are pinned to some of its phases.

    A preset can say that of a round, or of one phase in every round: what it cannot tell from these has the same track.

    Args:
        preset: to be changed.
        tracks: path by the index of the segment in the preset's timeline; those of breaks between sets are left out.
    """
    places, blocks = list(_places(preset)), list(preset.blocks)
    for index, path in tracks.items():
        if (place := places[index]) is not None:
            blocks[place.block] = _with_pin(blocks[place.block], place, PinWish(path=path))
    return preset.model_copy(update={"blocks": tuple(blocks)})


def _places(preset: Preset) -> Iterator[_Place | None]:
    """Where each segment comes from, in order; None for a break between sets."""
    for number, block in enumerate(preset.blocks):
        for set_ in range(1, block.sets + 1):
            for round_ in range(1, block.repeat + 1):
                cut = round_ == block.repeat and block.drops_last_rest
                yield from (_Place(number, round_, phase) for phase in range(len(block.phases) - cut))
            if block.set_break_s is not None and set_ < block.sets:
                yield None


def _pin(block: Block, place: _Place) -> PinWish | None:
    phase = block.phases[place.phase]
    if _is_between(block, phase):
        return phase.music
    return block.round_music.get(place.round) or phase.music or block.music


def _is_between(block: Block, phase: Phase) -> bool:
    """A rest from something else."""
    return phase.kind in _IDLE and any(other.kind not in _IDLE for other in block.phases)


def _with_pin(block: Block, place: _Place, pin: PinWish) -> Block:
    phase = block.phases[place.phase]
    done = [other for other in block.phases if not _is_between(block, other)]
    is_round = block.repeat > 1 and len(done) == 1
    if not _is_between(block, phase) and (is_round or place.round in block.round_music):
        return block.model_copy(update={"round_music": {**block.round_music, place.round: pin}})
    phases = list(block.phases)
    phases[place.phase] = phase.model_copy(update={"music": pin})
    return block.model_copy(update={"phases": tuple(phases)})

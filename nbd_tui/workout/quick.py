"""The quick form: the few numbers that most workouts are made of, from a preset and back into one.

A form is laid over a preset, its base: what the form does not show (description, labels, cues, pinned music) stays as
it is there. `form_of` gives a form only where nothing would be lost on the way back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from nbd_tui.model.units import Seconds
from nbd_tui.workout.duration import format_duration
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, Phase, Preset

Length: TypeAlias = Seconds | None
"""0: the phase is left out; None: open."""

NONE_S: Final[Seconds] = 0.0

_LEAD: Final = (PhaseKind.PREPARE, PhaseKind.WARM_UP)
_TAIL: Final = (PhaseKind.COOL_DOWN,)
_ROUNDS: Final = ((PhaseKind.WORK,), (PhaseKind.WORK, PhaseKind.REST))


@dataclass(frozen=True, slots=True)
class QuickForm:
    """What the form says."""

    name: str
    rounds: int = 5
    work_s: Length = 180.0
    """Never left out."""
    rest_s: Length = 60.0
    sets: int = 1
    set_rest_s: Seconds = NONE_S
    """Between two sets; never open."""
    warm_up_s: Length = NONE_S
    cool_down_s: Length = NONE_S
    prepare_s: Length = 10.0


@dataclass(frozen=True, slots=True)
class _Parts:
    """The blocks of a preset by their part in the form."""

    lead: tuple[Block, ...]
    rounds: Block
    tail: tuple[Block, ...]


def form_of(preset: Preset) -> QuickForm | None:
    """The form that shows `preset`; None where the preset has more phases, or others, than a form has places for."""
    parts = _parts_of(preset)
    if parts is None:
        return None
    rounds = parts.rounds
    return QuickForm(
        name=preset.name,
        rounds=rounds.repeat,
        work_s=_length_in((rounds,), PhaseKind.WORK),
        rest_s=_length_in((rounds,), PhaseKind.REST),
        sets=rounds.sets,
        set_rest_s=rounds.set_break_s or NONE_S,
        warm_up_s=_length_in(parts.lead, PhaseKind.WARM_UP),
        cool_down_s=_length_in(parts.tail, PhaseKind.COOL_DOWN),
        prepare_s=_length_in(parts.lead, PhaseKind.PREPARE),
    )


def preset_of(form: QuickForm, base: Preset | None = None) -> Preset:
    """The preset that says what `form` says, and for the rest what `base` says (one that has a form of its own).

    Raises:
        pydantic.ValidationError: a name, number or total that no preset may have.
        ValueError: `base` has no form.
    """
    parts = _Parts((), Block(phases=(_phase(PhaseKind.WORK, None),)), ()) if base is None else _parts_of(base)
    if parts is None:
        raise ValueError("a preset without a form cannot be the base of one")
    lead = parts.lead
    for kind, length in zip(_LEAD, (form.prepare_s, form.warm_up_s), strict=True):
        lead = _with_length(lead, kind, length, at_front=kind is PhaseKind.PREPARE)
    tail = _with_length(parts.tail, PhaseKind.COOL_DOWN, form.cool_down_s)
    kept: dict[str, Any] = {} if base is None else {key: getattr(base, key) for key in type(base).model_fields}
    return Preset(**{**kept, "name": form.name, "blocks": (*lead, _rounds(parts.rounds, form), *tail)})


def suggested_name(form: QuickForm) -> str:
    """A name made of the numbers: `5 × 3:00 / 1:00`, with sets `3 × (6 × 0:40 / 0:20)`."""
    rest = "" if form.rest_s == NONE_S else f" / {length_text(form.rest_s)}"
    rounds = f"{form.rounds} × {length_text(form.work_s)}{rest}"
    return rounds if form.sets == 1 else f"{form.sets} × ({rounds})"


def length_text(length: Length) -> str:
    """`3:00`, `open` or `none`."""
    if length is None:
        return "open"
    return "none" if length == NONE_S else format_duration(length)


def _parts_of(preset: Preset) -> _Parts | None:
    blocks = preset.blocks
    places = [place for place, block in enumerate(blocks) if _kinds((block,)) in _ROUNDS]
    if len(places) != 1:
        return None
    lead, tail = blocks[: places[0]], blocks[places[0] + 1 :]
    plain = all((block.repeat, block.sets, block.set_break_s) == (1, 1, None) for block in (*lead, *tail))
    if plain and _is_some_of(_kinds(lead), _LEAD) and _is_some_of(_kinds(tail), _TAIL):
        return _Parts(lead, blocks[places[0]], tail)
    return None


def _kinds(blocks: tuple[Block, ...]) -> tuple[PhaseKind, ...]:
    return tuple(phase.kind for block in blocks for phase in block.phases)


def _is_some_of(kinds: tuple[PhaseKind, ...], places: tuple[PhaseKind, ...]) -> bool:
    """Each at most once, in the order of the places."""
    return kinds == tuple(place for place in places if place in kinds)


def _length_in(blocks: tuple[Block, ...], kind: PhaseKind) -> Length:
    return next((phase.duration_s for block in blocks for phase in block.phases if phase.kind is kind), NONE_S)


def _phase(kind: PhaseKind, length: Length) -> Phase:
    return Phase(kind=kind, duration_s=length)


def _with_length(
    blocks: tuple[Block, ...], kind: PhaseKind, length: Length, *, at_front: bool = False
) -> tuple[Block, ...]:
    """`blocks` with the phase of this kind changed, taken out or put in (into the block that is there)."""
    if length == NONE_S or kind in _kinds(blocks):
        changed = (_changed(block, tuple(_phases(block, kind, length))) for block in blocks)
        return tuple(block for block in changed if block is not None)
    fresh = _phase(kind, length)
    if not blocks:
        return (Block(phases=(fresh,)),)
    place = 0 if at_front else len(blocks) - 1
    phases = (fresh, *blocks[place].phases) if at_front else (*blocks[place].phases, fresh)
    return (*blocks[:place], blocks[place].model_copy(update={"phases": phases}), *blocks[place + 1 :])


def _phases(block: Block, kind: PhaseKind, length: Length) -> Iterator[Phase]:
    for phase in block.phases:
        if phase.kind is not kind:
            yield phase
        elif length != NONE_S:
            yield phase.model_copy(update={"duration_s": length})


def _changed(block: Block, phases: tuple[Phase, ...]) -> Block | None:
    return block.model_copy(update={"phases": phases}) if phases else None


def _rounds(block: Block, form: QuickForm) -> Block:
    (changed,) = _with_length((block,), PhaseKind.WORK, form.work_s)
    (changed,) = _with_length((changed,), PhaseKind.REST, form.rest_s)
    return Block(
        repeat=form.rounds,
        sets=form.sets,
        set_break_s=form.set_rest_s or None,
        skip_last_rest=block.skip_last_rest,
        phases=changed.phases,
    )

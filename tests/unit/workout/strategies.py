"""Hypothesis strategies for presets."""

from hypothesis import strategies as st

from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Block, CueSettings, Phase, Preset

LENGTHS_S = (40.0, 20.0, 8.0, 30.0, 31.7, 180.0, 12.0, 29.9, 7.9, 5.0, 2.5, 1.0, 0.1)
KINDS = (PhaseKind.WORK, PhaseKind.REST, PhaseKind.WORK, *PhaseKind)


def _phase(kind: PhaseKind, duration_s: float | None) -> Phase:
    return Phase(kind=kind, duration_s=duration_s)


_WORK, _REST, _OPEN = _phase(PhaseKind.WORK, 40), _phase(PhaseKind.REST, 20), _phase(PhaseKind.WORK, None)
_PREPARE, _COOL_DOWN = Block(phases=(_phase(PhaseKind.PREPARE, 10),)), Block(phases=(_phase(PhaseKind.COOL_DOWN, 60),))
_ALL_CUES = CueSettings(halfway=True)

FULL_PRESETS = (
    Preset(
        name="Sets",
        cues=_ALL_CUES,
        blocks=(_PREPARE, Block(repeat=2, sets=2, set_break_s=30, phases=(_WORK, _REST)), _COOL_DOWN),
    ),
    Preset(name="Open", cues=_ALL_CUES, blocks=(_PREPARE, Block(repeat=3, phases=(_OPEN, _REST)), _COOL_DOWN)),
    Preset(name="EMOM", cues=_ALL_CUES, blocks=(Block(repeat=5, phases=(_WORK,)),)),
)
"""Workouts of several phases with all cues, which chance alone seldom makes."""


def phases() -> st.SearchStrategy[Phase]:
    lengths = st.sampled_from(LENGTHS_S)
    durations = st.one_of(lengths, lengths, lengths, st.just("open"))
    return st.builds(Phase, kind=st.sampled_from(KINDS), duration=durations)


def blocks() -> st.SearchStrategy[Block]:
    return st.builds(
        Block,
        repeat=st.integers(1, 3),
        sets=st.integers(1, 2),
        set_break_s=st.one_of(st.none(), st.sampled_from(LENGTHS_S)),
        skip_last_rest=st.booleans(),
        phases=st.lists(phases(), min_size=1, max_size=3).map(tuple),
    )


def presets() -> st.SearchStrategy[Preset]:
    cues = st.builds(
        CueSettings,
        countdown=st.booleans(),
        clapper_s=st.sampled_from([0.0, 2.0, 3.0, 4.0, 5.0, 10.0, 14.5, 15.0, 30.0, 60.0]),
        halfway=st.booleans(),
    )
    return st.builds(
        Preset, name=st.just("Any"), cues=cues, blocks=st.lists(blocks(), min_size=1, max_size=3).map(tuple)
    )

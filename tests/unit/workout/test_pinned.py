"""Music of single phases, and where in the timeline they are."""

from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.music import PinWish
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.pinned import pinned_phases, with_pins
from nbd_tui.workout.preset import Block, Phase, Preset
from tests.unit.workout.strategies import presets


@given(preset=presets())
def test_a_phase_has_its_music_wherever_it_comes(preset: Preset) -> None:
    named = preset.model_copy(update={"blocks": tuple(map(_named, preset.blocks))})
    segments = compile_timeline(named).segments
    pins = pinned_phases(named)
    kinds = [segment.kind.value for segment in segments]
    breaks = [index for index, kind in enumerate(kinds) if index not in pins]
    assert all(kinds[index] == pin.path for index, pin in pins.items())
    assert {kinds[index] for index in breaks} <= {"break"}
    assert len(breaks) == sum(block.sets - 1 for block in preset.blocks if block.set_break_s is not None)


def _named(block: Block) -> Block:
    """Each phase plays what its kind is called."""
    phases = [phase.model_copy(update={"music": PinWish(path=phase.kind.value)}) for phase in block.phases]
    return block.model_copy(update={"phases": tuple(phases)})


@given(repeat=st.integers(1, 5), round_=st.integers(1, 5), skips=st.booleans())
def test_the_music_of_a_round_comes_before_that_of_its_block(repeat: int, round_: int, skips: bool) -> None:
    work, rest = (Phase(kind=kind, duration_s=30) for kind in (PhaseKind.WORK, PhaseKind.REST))
    block = Block(
        repeat=repeat, skip_last_rest=skips, phases=(work, rest), music=PinWish(path="block"),
        round_music={round_: PinWish(path="round")},
    )  # fmt: skip
    pins = pinned_phases(Preset(name="x", blocks=(block,)))
    assert sorted(pins) == [2 * number for number in range(repeat)], "rests keep their music"
    assert [pin.path for pin in pins.values()] == [
        "round" if number == round_ else "block" for number in range(1, repeat + 1)
    ]


def test_a_block_of_rests_has_its_music_in_them() -> None:
    block = Block(phases=(Phase(kind=PhaseKind.REST, duration_s=300),), music=PinWish(path="calm"))
    assert pinned_phases(Preset(name="x", blocks=(block,))) == {0: PinWish(path="calm")}


@given(preset=presets(), data=st.data())
def test_a_track_is_pinned_to_any_phase_that_a_file_can_name(preset: Preset, data: st.DataObject) -> None:
    segments = compile_timeline(preset).segments
    index = data.draw(st.integers(0, len(segments) - 1))
    pins = pinned_phases(with_pins(preset, {index: "mine.mp3"}))
    others = [segments[other] for other, pin in pins.items() if pin.path == "mine.mp3" and other != index]
    if index in pins:
        assert pins[index].path == "mine.mp3"
        assert all(other.kind is segments[index].kind or other.round == segments[index].round for other in others)
    else:
        assert segments[index].kind is PhaseKind.BREAK


def test_a_round_gets_a_track_of_its_own_and_a_rest_the_same_in_every_round() -> None:
    work, rest = (Phase(kind=kind, duration_s=30) for kind in (PhaseKind.WORK, PhaseKind.REST))
    preset = Preset(name="x", blocks=(Block(phases=(work,)), Block(repeat=3, phases=(work, rest))))
    pins = pinned_phases(with_pins(preset, {0: "first", 3: "second", 2: "calm"}))
    assert {index: pin.path for index, pin in pins.items()} == {0: "first", 2: "calm", 3: "second", 4: "calm"}

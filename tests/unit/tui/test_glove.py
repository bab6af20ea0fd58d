"""What bursts of keys mean in glove mode."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbd_tui.tui.glove import BIG_KEYS, Alone, Decision, GloveReader, Press, Rules, Smash, StopAsked, StopNow

Burst: TypeAlias = Sequence[tuple[float, str]]
"""Milliseconds and keys."""

WORKOUT: Final = Rules(stop=frozenset({"q", "ctrl+q", "ctrl+c"}))
SMASH: Final = "SMASH"
SECOND: Final = "SECOND"
STOP: Final = "STOP"


def said(decision: Decision[str]) -> str:
    match decision:
        case Alone(press=press):
            return press.key
        case Smash(second=second):
            return SECOND if second else SMASH
        case StopAsked(more=more):
            return f"{more} more"
        case StopNow():
            return STOP


def timed(burst: Burst, rules: Rules = WORKOUT) -> list[tuple[float, str]]:
    """When the reader decides what, asked whenever it wants to be."""
    reader = GloveReader[str]()
    told: list[tuple[float, str]] = []

    def note(at_s: float, decisions: Iterable[Decision[str]]) -> None:
        told.extend((round(1000 * at_s, 3), said(decision)) for decision in decisions)

    for at_ms, key in burst:
        while (due := reader.ask_at) is not None and due <= at_ms / 1000:
            note(due, reader.ask(due))
        note(at_ms / 1000, reader.press(Press(key, at_ms / 1000, key), rules))
    while (due := reader.ask_at) is not None:
        note(due, reader.ask(due))
    return told


def read(burst: Burst, rules: Rules = WORKOUT) -> list[str]:
    return [words for _, words in timed(burst, rules)]


def held(key: str, after_ms: float, *, begins_ms: float = 500, every_ms: float = 33.3, repeats: int = 8) -> Burst:
    """A key that stays down after `after_ms`."""
    return [(after_ms, key), *((after_ms + begins_ms + every_ms * number, key) for number in range(repeats))]


RECORDED: Final[dict[str, tuple[Burst, list[str]]]] = {
    "asdf in one read": ([(0, "a"), (0.2, "s"), (0.2, "d"), (0.2, "f")], [SMASH]),
    "asdf 7 ms apart": ([(0, "a"), (7.1, "s"), (14.6, "d"), (22.2, "f")], [SMASH]),
    "jkl;'": ([(0, "j"), (0.2, "k"), (0.2, "l"), (0.3, "semicolon"), (0.3, "apostrophe")], [SMASH]),
    "a hand rolling over the keys": ([(0, "a"), (30.7, "w"), (61.4, "s"), (94.5, "e")], [SMASH]),
    "the keys around enter": (
        [(0, "right_square_bracket"), (0.4, "apostrophe"), (0.7, "enter"), (0.8, "backslash")],
        [SMASH],
    ),
    "v, space and b": ([(0, "v"), (0.2, "space"), (0.2, "b")], [SMASH]),
    "an arrow": ([(0, "right")], ["right"]),
    "an arrow in three pieces": ([(0, "escape"), (54.3, "left_square_bracket"), (54.5, "C")], ["escape", "right"]),
    "an arrow that came apart before its end": ([(0, "left_square_bracket"), (49.8, "C")], ["right"]),
    "an arrow of the keypad mode in pieces": ([(0, "alt+shift+o"), (50.1, "A")], ["up"]),
    "three arrows under one glove": ([(0, "up"), (0.2, "left"), (0.2, "down")], [SMASH]),
    "an arrow among others": ([(0, "full_stop"), (0.2, "left"), (0.3, "slash")], [SMASH]),
    "shift and an arrow": ([(0, "shift+right")], ["shift+right"]),
    "alt and a letter": ([(0, "alt+a")], ["alt+a"]),
    "control and q, w, s": ([(0, "ctrl+q"), (0.1, "ctrl+w"), (0.1, "ctrl+s")], [SMASH]),
    "escape, 1 and q": ([(0, "inverted_exclamation_mark"), (0.1, "q")], [SMASH]),
    "a smash with shift": ([(0, "A"), (0.1, "S"), (0.1, "D"), (0.1, "F")], [SMASH]),
    "tab and shift+tab": ([(0, "tab"), (0.5, "shift+tab")], [SMASH]),
    "backspace and delete": ([(0, "backspace"), (0.2, "delete")], [SMASH]),
    "function keys": ([(0, "f1"), (0.1, "f5")], [SMASH]),
    "a letter and shift+enter, as kitty sends them": ([(0, "a"), (0.2, "shift+enter")], [SMASH]),
    "twice asdf": (
        [(0, "a"), (0.1, "s"), (0.1, "d"), (0.1, "f"), (300.1, "a"), (300.2, "s"), (300.3, "d"), (300.3, "f")],
        [SMASH, SECOND],
    ),
    "f held": (
        [(0, "f"), (500.2, "f"), (533.3, "f"), (566.9, "f"), (600.4, "f"), (633.9, "f"), (667.4, "f")],
        ["f"],
    ),
    "a hand that stays on asdf": (
        [(0, "a"), (0.2, "s"), (0.2, "d"), (0.2, "f"), (500.1, "f"), (533.2, "f"), (566.7, "f"), (600.1, "f")],
        [SMASH],
    ),
    "space held": (
        [(0, "space"), (500.2, "space"), (533.3, "space"), (566.8, "space"), (600.2, "space"), (633.6, "space")],
        [SMASH],
    ),
    "right held": ([(0, "right"), (299.9, "right"), (333.0, "right"), (366.4, "right")], ["right"] * 4),
}
"""Keys as Textual read them from a pseudo-terminal, with their milliseconds, and what they mean."""


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_bursts(name: str) -> None:
    burst, meant = RECORDED[name]
    assert read(burst) == meant


class TestSmash:
    def test_two_keys_within_80_ms_are_one_at_once(self) -> None:
        assert timed([(0, "a"), (79, "k")]) == [(79, SMASH)]

    def test_two_keys_80_ms_apart_are_two_keys(self) -> None:
        assert timed([(0, "a"), (80, "k")]) == [(80, "a"), (160, "k")]

    @pytest.mark.parametrize("key", sorted(BIG_KEYS | {"shift+enter", "shift+tab", "ctrl+backspace"}))
    def test_a_big_key_is_one_at_once(self, key: str) -> None:
        assert timed([(0, key)]) == [(0, SMASH)]

    def test_a_big_key_is_a_key_like_others_where_the_rules_say_so(self) -> None:
        assert timed([(0, "enter")], Rules(big=frozenset())) == [(80, "enter")]

    def test_a_bouncing_key_counts_once(self) -> None:
        assert read([(0, "m"), (25, "m")]) == ["m"]

    def test_a_held_key_counts_once(self) -> None:
        assert read(held("m", 0)) == ["m"]

    @pytest.mark.parametrize("begins_ms", [150, 225, 375, 500, 600, 660, 740])
    @pytest.mark.parametrize("key", sorted(BIG_KEYS))
    def test_a_held_big_key_is_one_smash_on_every_system(self, key: str, begins_ms: float) -> None:
        assert read(held(key, 0, begins_ms=begins_ms, repeats=80)) == [SMASH]
        assert read(held(key, 0, begins_ms=begins_ms, every_ms=92, repeats=40)) == [SMASH]

    def test_the_rest_of_a_blow_does_nothing(self) -> None:
        assert read([(0, "a"), (10, "s"), (100, "q"), (215, "n"), (330, "space")]) == [SMASH]

    def test_a_hand_that_stays_and_rolls_off_is_one_smash(self) -> None:
        burst = [(0.0, "d"), (5.0, "f"), *((505.0 + 33 * number, "f") for number in range(5)), (660.0, "g")]
        assert read(burst) == [SMASH]

    def test_after_the_blow_keys_mean_themselves_again(self) -> None:
        assert read([(0, "a"), (10, "s"), (900, "s"), (2000, "m")]) == [SMASH, "s", "m"]


class TestSecond:
    @pytest.mark.parametrize(("gap_ms", "meant"), [(200, SECOND), (400, SECOND), (599, SECOND), (601, SMASH)])
    @pytest.mark.parametrize("keys", ["as", "jk"])
    def test_a_smash_soon_after_the_first_is_its_second(self, gap_ms: float, meant: str, keys: str) -> None:
        assert read([(0, "a"), (5, "s"), (gap_ms, keys[0]), (gap_ms + 5, keys[1])]) == [SMASH, meant]

    @pytest.mark.parametrize("gap_ms", [130, 300, 590])
    def test_the_same_big_key_twice_is_clear_when_it_does_not_repeat(self, gap_ms: float) -> None:
        assert timed([(0, "space"), (gap_ms, "space")]) == [(0, SMASH), (gap_ms + 120, SECOND)]

    def test_another_big_key_is_clear_at_once(self) -> None:
        assert timed([(0, "space"), (300, "enter")]) == [(0, SMASH), (300, SECOND)]

    def test_a_third_at_once_is_a_slip_and_a_later_one_a_first(self) -> None:
        twice = [(0.0, "a"), (5.0, "s"), (300.0, "a"), (305.0, "s")]
        assert read([*twice, (500.0, "a"), (505.0, "s")]) == [SMASH, SECOND]
        assert read([*twice, (900.0, "a"), (905.0, "s"), (1200.0, "d"), (1205.0, "f")]) == [SMASH, SECOND] * 2

    def test_the_second_of_a_first_that_is_forgotten_does_nothing(self) -> None:
        reader = GloveReader[str]()
        assert reader.press(Press("space", 0.0), WORKOUT) == (Smash(),)
        reader.forget()
        assert reader.press(Press("enter", 0.3), WORKOUT) == ()
        assert reader.press(Press("tab", 0.61), WORKOUT) == (Smash(),)

    @pytest.mark.parametrize("begins_s", [0.225, 0.5, 0.66])
    def test_a_hand_that_stays_while_the_screen_changes_does_nothing_more(self, begins_s: float) -> None:
        reader = GloveReader[str]()
        assert reader.press(Press("space", 0.0), Rules()) == (Smash(),)
        reader.forget()
        for number in range(60):
            at = begins_s + 0.033 * number
            assert reader.ask(at) == ()
            assert reader.press(Press("space", at), WORKOUT) == ()
        assert reader.ask(60.0) == ()

    def test_what_waits_is_forgotten_with_it(self) -> None:
        reader = GloveReader[str]()
        assert reader.press(Press("m", 0.0), WORKOUT) == ()
        reader.forget()
        assert reader.ask_at is None
        assert reader.ask(1.0) == ()


class TestStop:
    def test_three_presses_within_two_seconds(self) -> None:
        assert timed([(0, "q"), (900, "q"), (1900, "q")]) == [(80, "2 more"), (980, "1 more"), (1980, STOP)]

    def test_fast_presses_count_each(self) -> None:
        assert read([(0, "q"), (150, "q"), (300, "q")]) == ["2 more", "1 more", STOP]

    def test_slower_presses_do_not(self) -> None:
        assert read([(0, "q"), (1100, "q"), (2200, "q"), (3300, "q")]) == ["2 more", "1 more", "1 more", "1 more"]

    def test_held_for_a_second_and_not_less(self) -> None:
        assert read(held("q", 0, repeats=15)) == ["2 more"]
        assert timed(held("q", 0, repeats=60)) == [(80, "2 more"), (1032.8, STOP)]

    def test_what_the_hand_still_holds_after_the_stop_is_no_key(self) -> None:
        assert read(held("q", 0, repeats=90))[-1] == STOP
        assert read([*held("q", 0, repeats=20), (1600, "q"), (1633, "q")])[-1] == STOP

    @pytest.mark.parametrize("between", [[(600, "m")], [(600, "a"), (605, "s")], [(600, "space")]])
    def test_another_key_between_begins_anew(self, between: Burst) -> None:
        assert STOP not in read([(0, "q"), (300, "q"), *between, (1000, "q")])

    def test_a_smash_with_q_never_stops(self) -> None:
        burst = [(0.0, "q"), (10.0, "w"), (20.0, "q"), (400.0, "q"), (410.0, "a"), (800.0, "w"), (805.0, "q")]
        assert read(burst) == [SMASH, SECOND]

    def test_a_hand_that_stays_on_q_after_a_smash_never_stops(self) -> None:
        burst = [(0.0, "a"), *held("q", 5, begins_ms=700, repeats=100)]
        assert read(burst) == [SMASH]

    def test_elsewhere_it_is_a_key(self) -> None:
        assert read([(0, "q")], Rules()) == ["q"]


KEYS: Final = st.sampled_from([*"asdfqyRm", "space", "enter", "tab", "up", "right", "escape", "ctrl+q", "O", "C"])
GAPS: Final = st.sampled_from([0.0, 0.2, 7.0, 33.0, 60.0, 79.0, 80.0, 100.0, 121.0, 300.0, 500.0, 620.0, 800.0, 2500.0])


@st.composite
def bursts(draw: st.DrawFn, keys: st.SearchStrategy[str] = KEYS, gaps: st.SearchStrategy[float] = GAPS) -> Burst:
    at_ms, burst = 0.0, []
    for gap_ms, key in draw(st.lists(st.tuples(gaps, keys), max_size=25)):
        at_ms += gap_ms
        burst.append((at_ms, key))
    return burst


class TestWhateverComes:
    @given(bursts(gaps=st.floats(0, 79.9)))
    @example([(0.0, "a"), (60.0, "a"), (120.0, "space")])
    def test_one_blow_is_one_smash_at_most(self, burst: Burst) -> None:
        decided = read(burst)
        assert decided.count(SMASH) <= 1
        assert SECOND not in decided

    @given(bursts())
    def test_two_smashes_lie_apart(self, burst: Burst) -> None:
        smashes = [at for at, words in timed(burst) if words in {SMASH, SECOND}]
        assert all(later - earlier >= 120 - 80 for earlier, later in pairwise(smashes))

    @given(bursts())
    def test_a_second_has_its_first(self, burst: Burst) -> None:
        smashes = [words for words in read(burst) if words in {SMASH, SECOND}]
        assert all({before, words} != {SECOND} for before, words in pairwise([SECOND, *smashes]))

    @given(bursts(keys=st.sampled_from("qqqqqa")))
    @example([(33.0 * number, "q") for number in range(40)])
    def test_nothing_stops_but_the_stop_key_held_or_repeated(self, burst: Burst) -> None:
        stops = [at for at, words in timed(burst) if words == STOP]
        for stop in stops:
            others = [at for at, key in burst if key != "q" and at < stop]
            run = [at for at, key in burst if key == "q" and max(others, default=-1.0) < at <= stop]
            assert len(run) >= 3
            assert run[-1] - run[0] >= 1000 or sum(stop - at <= 2000 + 120 for at in run) >= 3

    @given(bursts(keys=KEYS.filter(lambda key: key not in WORKOUT.stop)))
    def test_nothing_stops_without_the_stop_key(self, burst: Burst) -> None:
        assert not [words for words in read(burst) if words == STOP or words.endswith("more")]

    @given(bursts(keys=st.just("up")))
    def test_an_arrow_passes_held_or_not(self, burst: Burst) -> None:
        assert read(burst) == ["up"] * len(burst)

    @given(bursts(keys=st.sampled_from(["up", "down", "left", "right"]), gaps=st.floats(80.1, 900)))
    def test_arrows_one_after_the_other_pass(self, burst: Burst) -> None:
        told = timed(burst)
        assert [key for _, key in told] == [key for _, key in burst]
        assert all(abs(at - pressed - 80) < 0.01 for (at, _), (pressed, _) in zip(told, burst, strict=True))

    @given(bursts())
    @example([(0.0, "O"), (0.0, "C"), (80.0, "a")])
    @example([(0.0, "O"), (0.0, "C"), (80.0, "right"), (180.0, "a")])
    def test_a_key_passes_once_and_in_order_within_its_time(self, burst: Burst) -> None:
        waiting = list(burst)
        for at, words in timed(burst):
            if words in {SMASH, SECOND, STOP, "2 more", "1 more"}:
                continue
            if words == "right" and any(key == "C" and abs(pressed - at) < 0.01 for pressed, key in burst):
                continue  # put together from pieces, at the last of them
            while waiting and waiting[0][1] != words:
                waiting.pop(0)
            assert waiting, words
            pressed, _ = waiting.pop(0)
            assert pressed <= at + 0.01

    @given(st.lists(st.tuples(KEYS, st.floats(0, 10)), max_size=15))
    def test_times_that_run_backwards_do_no_harm(self, presses: list[tuple[str, float]]) -> None:
        reader = GloveReader[str]()
        for key, at in presses:
            reader.press(Press(key, at), WORKOUT)
        reader.ask(1e9)
        assert reader.ask_at is None

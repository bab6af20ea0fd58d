"""The arranger: what must hold of what it places, for any plan."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.score import VoiceSpan
from nbd_tui.model.units import Frames
from nbd_tui.session.arranger import (
    KEY_FADE,
    PAUSE_FADE,
    Arranger,
    Piece,
    StretchPlan,
)
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.laid_out import S, piece, plan

frames = st.sampled_from([S // 2, 2 * S, 5 * S, 20 * S, 90 * S])


lengths = st.one_of(st.integers(1, 40 * S), st.sampled_from([S, 20 * S]))


steps = st.lists(
    st.tuples(st.sampled_from(["go", "cut", "hold", "longer", "report", "grow", "lose"]), st.integers(0, 25 * S)),
    max_size=12,
)


class Session:
    """A session of the arranger alone: stretches with their pieces, time that passes, and what has been placed."""

    def __init__(self, lengths: list[Frames], pieces: list[Frames], fade: Frames) -> None:
        self.arranger = Arranger(fade)
        self.lengths = lengths
        self.chosen: list[list[Piece]] = [[] for _ in lengths]
        for number, length in enumerate(pieces, start=1):
            self.chosen[number % len(lengths)].append(piece(number, length))
        self.now = 0
        self.longer = 0
        self.picks = len(pieces)
        self.placed: dict[str, VoiceSpan] = {}

    def step(self, step: str, by: Frames) -> None:
        self.now += by
        chosen = self.chosen[by % len(self.chosen)]
        match step:
            case "cut" | "hold":
                self.arranger.cut(self.now, PAUSE_FADE if step == "hold" else KEY_FADE)
            case "longer":
                self.longer += by
            case "report":
                for span in self.placed.values():
                    self.arranger.started(span.id, span.start)
            case "grow":
                self.picks += 1
                chosen.append(piece(self.picks, 10 * S))
            case "lose":
                del chosen[:1]
        plans = [] if step == "hold" else plans_of(self.lengths, self.chosen, self.now, self.longer)
        self.take(self.arranger.arrange(plans, self.now))

    def take(self, spans: tuple[VoiceSpan, ...]) -> None:
        now = {span.id: span for span in spans}
        assert len(now) == len(spans)
        for span in spans:
            check(span)
            before = self.placed.get(span.id)
            assert before is None or before.source == span.source
            if before and (before.start <= self.now or before.snap):
                assert span.start == before.start, "a begun voice was moved"
        for gone in self.placed.keys() - now.keys():
            before = self.placed[gone]
            begun = before.start <= self.now or before.snap
            assert not begun or before.end is None or before.end <= self.now, "a begun voice was dropped"
        self.placed = now


@settings(max_examples=200, deadline=None)
@given(
    st.lists(lengths, min_size=1, max_size=4), st.lists(frames, max_size=8), st.sampled_from([0, S // 2, 8 * S]), steps
)
def test_any_session_is_laid_out_soundly(
    lengths: list[Frames], pieces: list[Frames], fade: Frames, steps: list[tuple[str, Frames]]
) -> None:
    session = Session(lengths, pieces, fade)
    for step, by in [("go", 0), *steps]:
        session.step(step, by)


def plans_of(lengths: list[Frames], chosen: list[list[Piece]], now: Frames, offset: Frames) -> list[StretchPlan]:
    """The stretches not over yet; the last one is open."""
    plans, start = [], 0
    for index, length in enumerate(lengths):
        end = start + length + (offset if index == 0 else 0)
        last = index == len(lengths) - 1
        if last or end > now:
            kind = PhaseKind.WORK if index % 2 else PhaseKind.REST
            plans.append(plan(index, start, None if last else end, *chosen[index], kind=kind))
        start = end
    return plans


def check(span: VoiceSpan) -> None:
    assert span.end is not None
    assert span.end > span.start
    points = span.envelope
    assert all(one.frame < other.frame for one, other in pairwise(points)), "strictly rising"
    assert all(span.start <= point.frame <= span.end for point in points)
    assert all(0.0 <= point.level <= 1.0 for point in points)
    assert points[-1].level == pytest.approx(0.0, abs=1e-9)
    assert span.source.in_point >= 0

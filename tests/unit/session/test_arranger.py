"""The arranger: what it places, by example."""

from dataclasses import replace
from itertools import pairwise

import pytest

from nbd_tui.audio.score import VoiceSpan
from nbd_tui.model.units import Frames
from nbd_tui.session.arranger import (
    ATTACK,
    KEY_FADE,
    LATEST_JOIN,
    OPEN_AHEAD,
    PAUSE_FADE,
    SHORTEST_PIECE,
    Arranger,
)
from nbd_tui.session.envelopes import level_at
from nbd_tui.session.leaving import BELL_TAIL
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.laid_out import FADE, S, piece, plan


def by_source(spans: tuple[VoiceSpan, ...]) -> dict[str, VoiceSpan]:
    return {span.source.path: span for span in spans}


def test_stretches_follow_each_other_with_a_cross_fade() -> None:
    spans = by_source(
        Arranger(FADE).arrange(
            [plan(0, 0, 30 * S, piece(1)), plan(1, 30 * S, 50 * S, piece(2), kind=PhaseKind.REST)], 0
        )
    )
    one, two = spans["/m/1"], spans["/m/2"]
    assert (one.start, one.end, two.start) == (0, 32 * S, 30 * S)
    for frame in range(30 * S, 32 * S, S // 10):
        assert level_at(one.envelope, frame) + level_at(two.envelope, frame) == pytest.approx(1.0, abs=1e-3)


def test_a_round_ends_within_the_tail_of_its_bell_and_the_rest_fades_in() -> None:
    work = plan(0, 0, 30 * S, piece(1), kind=PhaseKind.WORK)
    spans = by_source(Arranger(FADE).arrange([work, plan(1, 30 * S, 50 * S, piece(2))], 0))
    one, two = spans["/m/1"], spans["/m/2"]
    assert (one.end, two.start) == (30 * S + BELL_TAIL, 30 * S)
    assert level_at(one.envelope, 30 * S) == 1.0
    assert level_at(two.envelope, 31 * S) == pytest.approx(0.5, abs=1e-3)


def test_other_music_fades_from_the_last_bar_before_its_end() -> None:
    barred = replace(piece(1), bars=tuple(range(0, 60 * S, 7 * S // 2)))
    spans = by_source(Arranger(FADE).arrange([plan(0, 0, 30 * S, barred), plan(1, 30 * S, 50 * S, piece(2))], 0))
    assert level_at(spans["/m/1"].envelope, 28 * S) == 1.0
    assert level_at(spans["/m/1"].envelope, 29 * S) == pytest.approx(0.75, abs=1e-3)
    assert spans["/m/1"].end == 32 * S


def test_the_music_of_a_session_is_gone_with_its_end() -> None:
    last = replace(plan(0, 0, 60 * S, piece(1, 90 * S), kind=PhaseKind.COOL_DOWN), is_last=True)
    [span] = Arranger(FADE).arrange([last], 0)
    assert span.end == 60 * S
    assert [level_at(span.envelope, at * S) for at in (54, 57, 60)] == pytest.approx([1.0, 0.5, 0.0])


def test_music_of_work_is_there_with_the_bell() -> None:
    [span] = Arranger(FADE).arrange([plan(0, 5 * S, 30 * S, piece(1), kind=PhaseKind.WORK)], 0)
    assert span.start == 5 * S
    assert not span.snap
    assert level_at(span.envelope, 5 * S + ATTACK) == pytest.approx(1.0)


def test_a_source_that_runs_out_cross_fades_into_the_next() -> None:
    spans = by_source(Arranger(FADE).arrange([plan(0, 0, 100 * S, *(piece(n, 40 * S) for n in (1, 2, 3, 4)))], 0))
    assert [span.start // S for span in spans.values()] == [0, 38, 76], "the fourth is not needed"
    assert spans["/m/3"].end == 102 * S


def test_short_sources_overlap_by_a_quarter_at_most() -> None:
    arranger = Arranger(FADE)
    spans = arranger.arrange([plan(0, 0, 20 * S, *(piece(n, 4 * S) for n in range(1, 9)))], 0)
    assert all(later.start - earlier.start == 3 * S for earlier, later in pairwise(spans))
    assert arranger.short == frozenset()


def test_what_is_too_short_is_told() -> None:
    arranger = Arranger(FADE)
    arranger.arrange(
        [plan(0, 0, 30 * S, piece(1, 20 * S)), plan(1, 30 * S, 40 * S, piece(2)), plan(2, 40 * S, None)], 0
    )
    assert arranger.short == {0, 2}
    arranger.arrange([plan(2, 40 * S, None, piece(3, OPEN_AHEAD + S))], 40 * S)
    assert arranger.short == frozenset()
    arranger.arrange([plan(2, 40 * S, None, piece(3, OPEN_AHEAD + S))], 42 * S)
    assert arranger.short == {2}


def test_a_begun_voice_keeps_its_start_when_the_plan_is_timed_anew() -> None:
    arranger = Arranger(FADE)
    [before] = arranger.arrange([plan(0, 1000, 30 * S, piece(1))], 0)
    [after] = arranger.arrange([plan(0, 1050, 45 * S, piece(1))], 2 * S)
    assert (after.id, after.start, after.end) == (before.id, 1000, 47 * S)


def test_a_voice_to_come_moves_with_the_plan() -> None:
    arranger = Arranger(FADE)
    arranger.arrange([plan(0, 0, 30 * S, piece(1)), plan(1, 30 * S, 60 * S, piece(2))], 0)
    spans = by_source(arranger.arrange([plan(0, 0, 45 * S, piece(1)), plan(1, 45 * S, 75 * S, piece(2))], S))
    assert (spans["/m/2"].start, spans["/m/1"].end) == (45 * S, 47 * S)


def test_a_stretch_moved_away_just_after_its_music_was_begun_begins_again_later() -> None:
    arranger = Arranger(FADE)
    arranger.arrange([plan(0, 0, 30 * S, piece(1)), plan(1, 30 * S, 60 * S, piece(2))], 0)
    unrendered = 30 * S + S // 10
    spans = arranger.arrange([plan(0, 0, 45 * S, piece(1)), plan(1, 45 * S, 75 * S, piece(2))], unrendered)
    twos = sorted((span for span in spans if span.source.path == "/m/2"), key=lambda span: span.start)
    assert [span.start for span in twos] == [30 * S, 45 * S]
    assert twos[0].end == unrendered + KEY_FADE
    assert twos[0].id != twos[1].id
    assert by_source(spans)["/m/1"].end == 47 * S


def test_the_second_piece_goes_on_when_the_first_is_over_and_no_longer_planned() -> None:
    arranger = Arranger(FADE)
    both = plan(0, 0, 100 * S, piece(1, 40 * S), piece(2))
    arranger.arrange([both], 0)
    for unrendered, pieces in ((50 * S, both.pieces), (60 * S, both.pieces[1:])):
        spans = arranger.arrange([replace(both, pieces=pieces)], unrendered)
        assert [(span.source.path, span.start) for span in spans] == [("/m/2", 38 * S)]
        sounding = arranger.sounding(unrendered)
        assert sounding is not None
        assert sounding.piece.pick == 2


def test_a_cut_fades_and_goes_on_where_the_music_was() -> None:
    arranger = Arranger(FADE)
    first = plan(0, 0, 100 * S, piece(1))
    arranger.arrange([first], 0)
    arranger.cut(10 * S, PAUSE_FADE)
    [fading] = arranger.arrange([], 10 * S)
    assert (fading.end, level_at(fading.envelope, 10 * S)) == (10 * S + PAUSE_FADE, 1.0)
    arranger.cut(50 * S)
    [again] = arranger.arrange([first], 50 * S)
    assert again.snap
    assert (again.start, again.source.in_point) == (50 * S, 10 * S)
    assert again.id != fading.id


def test_going_on_after_two_pauses_adds_up() -> None:
    arranger = Arranger(FADE)
    first = plan(0, 0, 100 * S, piece(1))
    arranger.arrange([first], 0)
    for held, resumed in ((10 * S, 20 * S), (25 * S, 40 * S)):
        arranger.cut(held, PAUSE_FADE)
        arranger.arrange([], held)
        arranger.cut(resumed)
        arranger.arrange([first], resumed)
    arranger.cut(43 * S)
    left = arranger.next_piece(0, first.pieces)
    assert left is not None
    assert left.source.in_point == (10 + 5 + 3) * S
    assert left.frames == 42 * S


@pytest.mark.parametrize(
    ("left_s", "pieces", "expected"),
    [(3, (1, 2), 2), (5, (1, 2), 1), (3, (1,), 1), (0, (1,), 1), (5, (2,), 2)],
)
def test_a_rest_too_short_is_not_gone_back_to(left_s: int, pieces: tuple[int, ...], expected: int) -> None:
    arranger = Arranger(FADE)
    all_pieces = tuple(piece(number) for number in pieces)
    arranger.arrange([plan(0, 0, 100 * S, piece(1), *all_pieces[1:])], 0)
    arranger.cut((60 - left_s) * S if left_s else 60 * S - 10)
    following = arranger.next_piece(0, all_pieces)
    assert following is not None
    assert following.pick == expected
    assert (left_s * S >= SHORTEST_PIECE) == (following.source.in_point > 0) or len(pieces) == 1


def test_a_stretch_forgotten_begins_anew() -> None:
    arranger = Arranger(FADE)
    arranger.arrange([plan(0, 0, 100 * S, piece(1))], 0)
    arranger.cut(10 * S)
    arranger.forget(0)
    [span] = [span for span in arranger.arrange([plan(0, 10 * S, 110 * S, piece(1))], 10 * S) if span.snap]
    assert span.source.in_point == 0


@pytest.mark.parametrize(("late", "snap"), [(LATEST_JOIN - 1, False), (LATEST_JOIN + 1, True)])
def test_music_that_comes_late_begins_at_its_beginning(late: Frames, snap: bool) -> None:
    arranger = Arranger(FADE)
    assert arranger.arrange([plan(0, 0, 60 * S)], 0) == ()
    [span] = arranger.arrange([plan(0, 0, 60 * S, piece(1))], late)
    assert (span.snap, span.start) == (snap, late if snap else 0)


def test_a_voice_whose_start_is_reported_late_moves_what_follows() -> None:
    arranger = Arranger(FADE)
    pieces = (piece(1, 40 * S), piece(2))
    arranger.cut(0)
    [one, _] = arranger.arrange([plan(0, 0, 60 * S, *pieces)], 0)
    assert one.snap
    for voice, frame in ((one.id, 3 * S), (one.id, 9 * S), ("unknown", 3 * S)):
        arranger.started(voice, frame)
    [one, two] = arranger.arrange([plan(0, 0, 60 * S, *pieces)], 4 * S)
    assert (one.snap, one.start, one.end) == (False, 3 * S, 43 * S)
    assert (two.start, two.end) == (41 * S, 62 * S)


def test_a_dead_player_reports_nothing_and_the_voice_still_waits_for_it() -> None:
    arranger = Arranger(FADE)
    arranger.cut(0)
    arranger.arrange([plan(0, 0, 60 * S, piece(1))], 0)
    [span] = arranger.arrange([plan(0, 0, 60 * S, piece(1))], 20 * S)
    assert (span.snap, span.start) == (True, 0)


def test_dips_stay_within_the_voice() -> None:
    dips = ((0, 5 * S), (20 * S, 30 * S), (31 * S, 32 * S))
    [span] = Arranger(FADE).arrange([plan(0, 2 * S, 60 * S, piece(1), dips=dips)], 0)
    first, second, third = span.dips
    assert (first.start, first.end) == (-S // 2, 5 * S), "there from the first frame of the voice"
    assert (second.start, second.end, second.fade) == (20 * S, 30 * S, S // 2)
    assert third.fade == S // 3
    [late] = Arranger(FADE).arrange([plan(0, 40 * S, 60 * S, piece(1), dips=dips)], 0)
    assert late.dips == ()


def test_only_what_goes_on_is_playing() -> None:
    arranger = Arranger(FADE)
    arranger.arrange([plan(0, 0, 30 * S, piece(1)), plan(1, 30 * S, 60 * S, piece(2))], 0)
    assert arranger.is_playing("/m/1", S)
    assert not arranger.is_playing("/m/2", S)
    assert arranger.is_playing("/m/2", 30 * S), "rendered, though not heard yet"
    assert not arranger.is_playing("/m/1", 33 * S)
    arranger.cut(40 * S)
    assert not arranger.is_playing("/m/2", 40 * S), "fading out already"

"""Which tracks a session plays, and what choosing them costs."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.score import SourceRef
from nbd_tui.library.probe import ProbeResult
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Seconds, to_frames
from nbd_tui.session.playlist import FIRST_LOOKAHEAD, LOOKAHEAD, MOST_BOOST_DB, MOST_CUT_DB, Playlist, levelling_db
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.choose import Choice, Used, Wish, choose
from nbd_tui.soundtrack.stretch import plan_stretches, wishes
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import a_track

ROUNDS: list[dict[str, object]] = [
    {"repeat": 3, "phases": [{"kind": "work", "duration": 60}, {"kind": "rest", "duration": 30}]}
]


class SlowProber:
    """Answers when told to; front requests first, as the real one."""

    def __init__(self) -> None:
        self.waiting: list[Path] = []
        self.asked: list[Path] = []
        self._answers: list[ProbeResult] = []

    def request(self, paths: Iterable[Path], *, front: bool = False) -> None:
        asked = list(paths)
        self.asked += asked
        others = [path for path in self.waiting if path not in asked]
        self.waiting = [*asked, *others] if front else [*others, *asked]

    def results(self) -> Sequence[ProbeResult]:
        answers, self._answers = self._answers, []
        return answers

    def answer(self, path: Path, seconds: Seconds = 100.0, reason: str = "", copy: str = "") -> None:
        self.waiting = [waiting for waiting in self.waiting if waiting != path]
        playable = None if reason else Path(copy) if copy else path
        self._answers.append(ProbeResult(path, playable, to_frames(seconds), 0.5, -14.0, reason))

    def answer_all(self, seconds: Seconds = 100.0) -> None:
        for path in tuple(self.waiting):
            self.answer(path, seconds)


class Table:
    """A playlist with all it needs."""

    def __init__(self, blocks: list[dict[str, object]], tracks: Sequence[Track], growing: bool = False) -> None:
        segments = compile_timeline(parse_preset({"name": "Test", "blocks": blocks})[0]).segments
        self.stretches = plan_stretches(segments)
        self.pool = Pool(tracks=tracks)
        self.pool.growing = growing
        self.prober = SlowProber()
        self.failures: list[tuple[Path, str]] = []
        self.playlist = Playlist(
            self.stretches,
            wishes(self.stretches, segments),
            self.pool,
            self.prober,
            lambda track: float(track.path.stem),
            lambda path, reason: self.failures.append((path, reason)),
        )

    def settle(self, running: int = 0, seconds: Seconds = 100.0) -> "Table":
        """Steps until there is nothing left to do, every probe answered at once."""
        for _ in range(500):
            changed = self.playlist.step(running)
            busy = bool(self.prober.waiting)
            self.prober.answer_all(seconds)
            if not changed and not busy:
                return self
        pytest.fail("the playlist does not come to rest")

    def paths(self, index: int) -> list[Path]:
        return [piece.track.path for piece in self.playlist.pieces(index)]

    def all_paths(self) -> list[Path]:
        return [path for index in range(len(self.stretches)) for path in self.paths(index)]


def tracks(count: int, seconds: Seconds = 100.0) -> list[Track]:
    return [a_track(number, seconds) for number in range(count)]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.sampled_from([35.0, 61.0, 300.0]))
def test_nothing_comes_twice_before_everything_has_come(count: int, seconds: Seconds) -> None:
    table = Table(ROUNDS, tracks(count, seconds)).settle(seconds=seconds)
    played = table.all_paths()
    assert len(set(played)) == min(count, len(played))
    assert all(table.paths(index) for index in range(len(table.stretches)))


def test_a_stretch_is_filled_to_its_end() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 200}]}], tracks(20, 40)).settle(seconds=40)
    assert sum(piece.frames for piece in table.playlist.pieces(0)) >= 202 * RATE


def test_only_what_was_decoded_is_played() -> None:
    table = Table(ROUNDS, tracks(9))
    for _ in range(30):
        table.playlist.step(0)
    assert table.all_paths() == []
    first = table.prober.waiting[0]
    table.prober.answer(first, copy="/cache/copy.wav")
    assert table.playlist.step(0)
    assert [piece.source for piece in table.playlist.pieces(0)] == [SourceRef("/cache/copy.wav")]
    assert table.playlist.lose_source("/cache/copy.wav", "it broke") in tracks(9)
    assert table.failures == [(first, "it broke")]


def test_what_plays_now_is_decoded_first() -> None:
    table = Table(ROUNDS, tracks(9))
    for _ in range(30):
        table.playlist.step(0)
    first = table.prober.asked[0]
    assert table.prober.waiting[0] == first
    table.prober.answer(first)
    table.playlist.step(0)
    assert table.paths(0) == [first]
    table.playlist.step(3)
    asked_now = table.prober.waiting[0]
    table.prober.answer(asked_now)
    table.playlist.step(3)
    assert table.paths(3) == [asked_now], "a skip goes ahead of what waits"


def test_no_file_is_asked_for_at_every_step() -> None:
    table = Table(ROUNDS, tracks(9))
    for _ in range(200):
        table.playlist.step(0)
    assert len(table.prober.asked) <= 2 * 9


def test_a_failed_track_never_comes_again_and_another_takes_its_place() -> None:
    table = Table(ROUNDS, tracks(4)).settle()
    broken = table.paths(0)[0]
    table.playlist.lose_source(str(broken), "it broke")
    table.settle()
    assert broken not in table.all_paths()
    assert table.paths(0)
    table.playlist.failed(broken, "again")
    assert table.failures == [(broken, "it broke")]


def test_a_failed_track_is_replaced_by_the_reserve_without_waiting_for_the_prober() -> None:
    table = Table(ROUNDS, tracks(12)).settle()
    reserve = table.playlist.reserve(PhaseKind.WORK)
    assert reserve is not None
    assert Path(reserve.path) not in table.all_paths()
    table.playlist.lose_source(str(table.paths(0)[0]), "it broke")
    assert table.playlist.step(0)
    assert table.paths(0) == [Path(reserve.path)]


def test_another_takes_the_reserve_and_goes_round() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 60}]}], tracks(4)).settle()
    heard = table.paths(0)
    for _ in range(7):
        assert table.playlist.another(0)
        table.settle()
        heard.append(table.paths(0)[0])
    assert len(set(heard[:4])) == 4
    assert len(set(heard[4:])) == 4
    assert all(one != other for one, other in pairwise(heard))


def test_another_pressed_twice_before_the_first_is_ready_moves_on() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 60}]}], tracks(6)).settle()
    first = table.paths(0)[0]
    assert table.playlist.another(0)
    second = table.paths(0)[0]
    assert table.playlist.another(0)
    assert table.playlist.another(0)
    table.settle()
    assert table.paths(0)[0] not in (first, second)


@pytest.mark.parametrize("count", [0, 1])
def test_there_may_be_no_other_track(count: int) -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 60}]}], tracks(count)).settle()
    before = table.all_paths()
    assert not table.playlist.another(0)
    assert table.all_paths() == before


def test_what_has_been_heard_is_not_gone_back_to() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 200}]}], tracks(8, 60)).settle(seconds=60)
    first, second, *_ = table.playlist.pieces(0)
    table.playlist.began(0, second.pick)
    assert table.paths(0)[0] == second.track.path
    table.playlist.lose_source(second.source.path, "it broke")
    table.settle(seconds=60)
    assert first.track.path not in table.paths(0)
    table.playlist.began(0, 999)
    assert table.paths(0)


def test_a_stretch_that_turns_out_longer_gets_more() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": "open"}]}], tracks(3, 250)).settle(seconds=250)
    before = len(table.paths(0))
    assert not table.playlist.step(0)
    assert table.playlist.step(0, {0})
    table.settle(seconds=250)
    assert len(table.paths(0)) == before + 1


def test_more_is_asked_for_only_when_what_was_chosen_is_known() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 50}]}], tracks(9))
    for _ in range(50):
        table.playlist.step(0, {0})
    assert table.all_paths() == []
    assert len(table.prober.asked) <= 2, "one to play, one in reserve"


def test_a_pool_that_grows_renews_only_what_is_far_enough_away() -> None:
    table = Table(ROUNDS, tracks(2), growing=True).settle(1)
    assert len(table.stretches) > FIRST_LOOKAHEAD
    near = [table.paths(index) for index in (1, 2)]
    table.pool.add(a_track(number) for number in range(10, 40))
    table.settle(1)
    assert [table.paths(index) for index in (1, 2)] == near
    assert {int(path.stem) for index in (3, 4) for path in table.paths(index)} <= set(range(10, 40))


def test_a_pool_that_grows_track_by_track_does_not_choose_anew_each_time() -> None:
    table = Table(ROUNDS, tracks(2), growing=True)
    for number in range(2, 200):
        table.pool.add([a_track(number)])
        table.playlist.step(0)
    assert len(table.prober.asked) < 40


def test_it_looks_ahead_no_further_than_needed() -> None:
    blocks: list[dict[str, object]] = [
        {"repeat": 400, "phases": [{"kind": "work", "duration": 60}, {"kind": "rest", "duration": 30}]}
    ]
    table = Table(blocks, tracks(900)).settle()
    assert len(table.stretches) == 799
    assert len(table.prober.asked) <= LOOKAHEAD + len(PhaseKind)
    table.settle(700)
    assert table.paths(700)


def test_one_step_chooses_once_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[int] = []

    def counted(wish: Wish, pool: Sequence[Track], used: Used, tie: Callable[[Track], float]) -> Choice | None:
        chosen[-1] += bool(pool)
        return choose(wish, pool, used, tie)

    monkeypatch.setattr("nbd_tui.session.playlist.choose", counted)
    table = Table(ROUNDS, tracks(3))
    for _ in range(60):
        chosen.append(0)
        table.playlist.step(0)
        table.prober.answer_all()
    assert max(chosen) == 1
    assert sum(chosen) <= len(table.stretches) + len(PhaseKind)


def test_broken_music_only_is_said_and_not_looked_through_again() -> None:
    table = Table(ROUNDS, tracks(3))
    for _ in range(60):
        table.playlist.step(0)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, reason="no audio in it")
    assert sorted(path for path, _ in table.failures) == [track.path for track in tracks(3)]
    assert table.playlist.empty_reason(PhaseKind.WORK) == "no track can be played"
    assert table.all_paths() == []


def test_music_shorter_than_a_second_is_none() -> None:
    table = Table(ROUNDS, tracks(2)).settle(seconds=0.5)
    assert {reason for _, reason in table.failures} == {"shorter than a second"}


def test_why_there_is_no_music() -> None:
    table = Table(ROUNDS, [], growing=True)
    assert table.playlist.empty_reason(PhaseKind.WORK) == "looking for music …"
    assert table.playlist.hopeful
    table.pool.growing = False
    assert table.playlist.empty_reason(PhaseKind.WORK) == "no music found"
    table.pool.add(tracks(1))
    assert table.playlist.empty_reason(PhaseKind.WORK) == ""


def test_what_came_too_late_for_its_stretch_does_no_harm() -> None:
    table = Table(ROUNDS, tracks(9))
    table.playlist.step(0)
    late = table.prober.waiting[0]
    table.playlist.another(0)
    table.prober.answer(late)
    table.prober.answer(Path("/never/asked"))
    table.prober.answer(Path("/never/asked/either"), reason="broken")
    table.playlist.step(0)
    assert late not in table.paths(0)


@pytest.mark.parametrize(
    ("gain_db", "rms_db", "expected"),
    [
        (-8.0, -99.0, -4.0),
        (None, -20.0, 6.0),
        (None, -14.0, 0.0),
        (60.0, 0.0, MOST_BOOST_DB),
        (-60.0, 0.0, MOST_CUT_DB),
    ],
)
def test_tracks_are_brought_to_one_loudness(gain_db: float | None, rms_db: float, expected: float) -> None:
    track = Track(Path("/m/x"), "X", gain_db=gain_db)
    assert levelling_db(track, rms_db) == pytest.approx(expected)

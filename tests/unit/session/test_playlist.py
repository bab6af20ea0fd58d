"""Which tracks a session plays, and what choosing them costs."""

import os
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.score import SourceRef
from nbd_tui.media.pcm_cache import LIMIT_BYTES
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Seconds
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.levelling import MOST_BOOST_DB, MOST_CUT_DB, levelling_db
from nbd_tui.session.playlist import FIRST_LOOKAHEAD, LOOKAHEAD, MOST_PLANNED, MOST_UNANSWERED
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import a_track
from tests.unit.session.playlist_table import ROUNDS, Table, tracks


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


def test_only_what_was_decoded_is_played(tmp_path: Path) -> None:
    copy = tmp_path / "copy.wav"
    copy.touch()
    table = Table(ROUNDS, tracks(9))
    for _ in range(30):
        table.playlist.step(0)
    assert table.all_paths() == []
    first = table.prober.waiting[0]
    table.prober.answer(first, copy=str(copy))
    assert table.playlist.step(0)
    assert [piece.source for piece in table.playlist.pieces(0)] == [SourceRef(str(copy))]
    assert table.playlist.lose_source(str(copy), "it broke") in tracks(9)
    assert table.failures == [(first, "it broke")]
    assert table.own_faults == [], "it was decoded whole: the file is not to blame"


def test_copies_that_are_gone_are_made_again_before_their_time_and_the_others_stay(tmp_path: Path) -> None:
    table = Table(ROUNDS, tracks(9)).settle(copies=tmp_path)
    gone, kept = (Path(table.playlist.pieces(index)[0].source.path) for index in (3, 4))
    gone.unlink()
    os.utime(kept, (1000, 1000))
    table.settle(1, copies=tmp_path)
    assert gone.exists()
    assert kept.stat().st_mtime > 1000
    assert table.failures == []


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([180.0, 600.0, 3000.0, 5400.0]), st.integers(0, 20))
def test_the_copies_of_what_is_planned_fit_into_the_cache_together(seconds: Seconds, running: int) -> None:
    blocks: list[dict[str, object]] = [
        {"repeat": 24, "phases": [{"kind": "work", "duration": 180}, {"kind": "rest", "duration": 60}]}
    ]
    table = Table(blocks, tracks(90, seconds))
    for _ in range(300):
        table.playlist.step(running)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, seconds, copy=f"{__file__}/{path.stem}")
    sources = {piece.source.path for index in range(len(table.stretches)) for piece in table.playlist.pieces(index)}
    copy_bytes = seconds * RATE * 4
    assert len(sources) * copy_bytes <= max(LIMIT_BYTES // 2 + MOST_UNANSWERED * copy_bytes, 4 * copy_bytes)
    assert table.paths(running)
    assert table.paths(running + 1), "the next stretch is ready, however long the tracks are"


def test_files_that_need_no_copy_are_planned_far_ahead() -> None:
    blocks: list[dict[str, object]] = [
        {"repeat": 24, "phases": [{"kind": "work", "duration": 180}, {"kind": "rest", "duration": 60}]}
    ]
    table = Table(blocks, tracks(90, 600)).settle(seconds=600)
    assert all(table.paths(index) for index in range(LOOKAHEAD))


def test_a_long_stretch_of_copies_is_filled_bit_by_bit_as_it_is_heard() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 9000}]}], tracks(90, 300))

    def settle() -> None:
        for _ in range(200):
            table.playlist.step(0)
            for path in tuple(table.prober.waiting):
                table.prober.answer(path, 300.0, copy=f"{__file__}/{path.stem}")

    settle()
    heard = 0.0
    while len(pieces := table.playlist.pieces(0)) > 1:
        heard += 300.0
        table.playlist.began(0, pieces[1].pick)
        settle()
    assert 9000 <= heard + 300.0 < 9600


def test_a_long_stretch_of_jingles_is_planned_no_further_than_needed() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 3600}]}], tracks(6, 2)).settle(seconds=2)
    assert len(table.paths(0)) == MOST_PLANNED
    for _ in range(50):
        table.playlist.began(0, table.playlist.pieces(0)[1].pick)
        table.settle(seconds=2)
        assert len(table.paths(0)) == MOST_PLANNED, "as they are heard, more are planned"


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
    inside: list[str] = []

    def counted(name: str) -> None:
        plain = getattr(Chooser, name)

        def choose(chooser: Chooser, *question: object, **more: object) -> Track | None:
            inside.append(name)
            try:
                track = cast("Track | None", plain(chooser, *question, **more))
            finally:
                inside.pop()
            chosen[-1] += track is not None and not inside  # the one asks the other
            return track

        monkeypatch.setattr(Chooser, name, choose)

    counted("first")
    counted("next")
    table = Table(ROUNDS, tracks(3))
    for _ in range(60):
        chosen.append(0)
        table.playlist.step(0)
        table.prober.answer_all()
    assert max(chosen) == 1
    assert sum(chosen) <= len(table.stretches) + len(PhaseKind)


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
    assert levelling_db(replace(track, lufs=-11.0), rms_db) == pytest.approx(-3.0), "what was heard comes first"

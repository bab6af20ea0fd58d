"""Which tracks a session plays, and what choosing them costs."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.score import SourceRef
from nbd_tui.library.fault import Fault
from nbd_tui.library.probe import ProbeResult, Wanted
from nbd_tui.media.pcm_cache import LIMIT_BYTES
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Seconds, to_frames
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.levelling import MOST_BOOST_DB, MOST_CUT_DB, levelling_db
from nbd_tui.session.pins import Pins
from nbd_tui.session.playlist import FIRST_LOOKAHEAD, LOOKAHEAD, MANY_FAILED, MOST_UNANSWERED, Playlist
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.pin import Pin, Shelf, WorkoutPins
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.wants import wants
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import a_track

ROUNDS: list[dict[str, object]] = [
    {"repeat": 3, "phases": [{"kind": "work", "duration": 60}, {"kind": "rest", "duration": 30}]}
]


PHASES: list[dict[str, object]] = [{"kind": "work", "duration": 180}, {"kind": "rest", "duration": 60}]


class SlowProber:
    """Answers when told to; front requests first, as the real one."""

    def __init__(self) -> None:
        self.waiting: list[Path] = []
        self.asked: list[Path] = []
        self._answers: list[ProbeResult] = []

    def request(self, wanted: Iterable[Wanted], *, front: bool = False) -> None:
        asked = [one if isinstance(one, Path) else one.path for one in wanted]
        self.asked += asked
        others = [path for path in self.waiting if path not in asked]
        self.waiting = [*asked, *others] if front else [*others, *asked]

    def results(self) -> Sequence[ProbeResult]:
        answers, self._answers = self._answers, []
        return answers

    def answer(
        self, path: Path, seconds: Seconds = 100.0, reason: str = "", copy: str = "", fault: Fault = Fault.FILE
    ) -> None:
        self.waiting = [waiting for waiting in self.waiting if waiting != path]
        playable = None if reason else Path(copy) if copy else path
        self._answers.append(ProbeResult(path, playable, to_frames(seconds), 0.5, -14.0, reason, fault))

    def answer_all(self, seconds: Seconds = 100.0, copies: Path | None = None) -> None:
        for path in tuple(self.waiting):
            copy = copies / f"{path.stem}.copy" if copies else None
            if copy:
                copy.touch()
            self.answer(path, seconds, copy=str(copy or ""))


class Table:
    """A playlist with all it needs."""

    def __init__(
        self,
        blocks: list[dict[str, object]],
        tracks: Sequence[Track],
        growing: bool = False,
        pins: Mapping[PhaseKind, Sequence[Track]] | None = None,
    ) -> None:
        segments = compile_timeline(parse_preset({"name": "Test", "blocks": blocks})[0]).segments
        self.stretches = plan_stretches(segments)
        self.pool = Pool(pins, tracks)
        self.pool.growing = growing
        self.prober = SlowProber()
        self.failures: list[tuple[Path, str]] = []
        self.own_faults: list[Path] = []
        self.playlist = Playlist(
            wants(segments, self.stretches),
            self.pool,
            self.prober,
            7,
            self._fail,
        )

    def _fail(self, path: Path, reason: str, own_fault: bool) -> None:
        self.failures.append((path, reason))
        self.own_faults += [path] if own_fault else []

    def settle(self, running: int = 0, seconds: Seconds = 100.0, copies: Path | None = None) -> "Table":
        """Steps until there is nothing left to do, every probe answered at once."""
        for _ in range(500):
            changed = self.playlist.step(running)
            busy = bool(self.prober.waiting)
            self.prober.answer_all(seconds, copies)
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


def test_a_copy_that_has_left_the_cache_is_made_again_and_its_file_not_blamed(tmp_path: Path) -> None:
    table = Table(ROUNDS, tracks(9)).settle(copies=tmp_path)
    [piece] = table.playlist.pieces(0)
    Path(piece.source.path).unlink()
    assert table.playlist.lose_source(piece.source.path, "no such file") == piece.track
    assert table.playlist.lose_source(piece.source.path, "told twice") is None
    assert table.prober.waiting == [piece.track.path]
    assert table.paths(0) == []
    table.settle(copies=tmp_path)
    assert table.paths(0) == [piece.track.path]
    assert table.failures == []


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
    table.playlist.lose_source(str(broken), "again")
    assert table.failures == [(broken, "it broke")]


def test_a_failed_track_is_replaced_by_the_reserve_without_waiting_for_the_prober() -> None:
    table = Table(ROUNDS, tracks(12)).settle()
    reserve = table.playlist.reserve(PhaseKind.WORK)
    assert reserve is not None
    assert Path(reserve.path) not in table.all_paths()
    table.playlist.lose_source(str(table.paths(0)[0]), "it broke")
    assert table.playlist.step(0)
    assert table.paths(0) == [Path(reserve.path)]


def test_another_takes_the_best_track_though_it_was_planned_for_later() -> None:
    bpms = (138.0, 140.0, 132.0, 136.0, 118.0)
    songs = [replace(track, bpm=bpm) for track, bpm in zip(tracks(5, 240), bpms, strict=True)]
    table = Table([{"repeat": 3, "phases": PHASES}], songs, pins={PhaseKind.REST: tracks(7, 240)[5:]})
    table.settle(seconds=240)
    work = [index for index, stretch in enumerate(table.stretches) if stretch.kind is PhaseKind.WORK]
    first = table.paths(work[0])[0]
    assert first != songs[4].path
    assert table.playlist.another(work[0])
    assert table.paths(work[0])[0] in {song.path for song in songs[:4]} - {first}, "not the slow one in reserve"
    table.settle(seconds=240)
    played = [table.paths(index)[0] for index in work]
    assert len(set(played)) == 3
    assert first not in played


def test_another_goes_on_with_what_follows_in_the_stretch() -> None:
    table = Table([{"phases": [{"kind": "work", "duration": 200}]}], tracks(9, 60)).settle(seconds=60)
    planned = table.paths(0)
    assert table.playlist.another(0)
    assert table.paths(0) == planned[1:]
    table.settle(seconds=60)
    assert table.paths(0)[: len(planned) - 1] == planned[1:]
    assert sum(piece.frames for piece in table.playlist.pieces(0)) >= 202 * RATE


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


def test_broken_music_only_is_said_and_not_looked_through_again() -> None:
    table = Table(ROUNDS, tracks(3))
    for _ in range(60):
        table.playlist.step(0)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, reason="no audio in it")
    assert sorted(path for path, _ in table.failures) == [track.path for track in tracks(3)]
    assert table.own_faults == [path for path, _ in table.failures]
    assert table.playlist.empty_reason(PhaseKind.WORK) == "none of 3 files can be played: no audio in it"
    assert table.all_paths() == []
    table.pool.without(dict.fromkeys([track.path for track in tracks(3)], "no audio in it"))
    assert table.playlist.empty_reason(PhaseKind.WORK) == "none of 3 files can be played: no audio in it", "not six"
    later = Table(ROUNDS, [])
    later.pool.add(tracks(1))
    later.pool.without({tracks(1)[0].path: "no audio in it"})
    assert later.playlist.empty_reason(PhaseKind.WORK) == "no track can be played: no audio in it", "a later session"


def test_circumstances_skip_a_track_for_this_session_and_are_told_to_nobody() -> None:
    table = Table(ROUNDS, tracks(3))
    for _ in range(60):
        table.playlist.step(0)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, reason="m4a needs libVLC; install it", fault=Fault.CIRCUMSTANCES)
    assert table.all_paths() == []
    assert table.failures == []
    assert table.playlist.empty_reason(PhaseKind.WORK) == "none of 3 files can be played: m4a needs libVLC; install it"


def test_a_large_folder_of_files_that_cannot_be_played_is_told_of_early() -> None:
    table = Table(ROUNDS, tracks(500))
    for _ in range(MANY_FAILED * 3):
        table.playlist.step(0)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, reason="m4a needs libVLC", fault=Fault.CIRCUMSTANCES)
    assert table.playlist.empty_reason(PhaseKind.WORK).endswith("can be played: m4a needs libVLC")


def test_a_prober_that_does_not_start_stops_the_choosing_and_blames_no_file() -> None:
    table = Table(ROUNDS, tracks(9))
    for _ in range(60):
        table.playlist.step(0)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, reason="the decoding process does not start", fault=Fault.WORKER)
    assert table.failures == []
    assert len(table.prober.asked) == 1
    reason = "no track can be checked: the decoding process does not start"
    assert table.playlist.empty_reason(PhaseKind.WORK) == reason


def test_what_was_checked_before_the_prober_broke_goes_on_being_played() -> None:
    table = Table(ROUNDS, tracks(9))
    table.playlist.step(0)
    [good] = table.prober.waiting
    table.prober.answer(good)
    table.playlist.step(0)
    for _ in range(60):
        table.playlist.step(0)
        for path in tuple(table.prober.waiting):
            table.prober.answer(path, reason="the decoding process does not start", fault=Fault.WORKER)
    assert all(set(table.paths(index)) == {good} for index in range(len(table.stretches)))


def test_a_prober_that_failed_an_earlier_session_is_tried() -> None:
    table = Table(ROUNDS, tracks(9))
    table.prober.answer(tracks(9)[0].path, reason="the decoding process does not start", fault=Fault.WORKER)
    table.settle()
    assert table.paths(0)


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


def test_files_that_could_not_be_read_are_counted_with_the_commonest_reasons() -> None:
    reasons = {
        Path(f"/music/{n}.mp3"): ("not audio", "permission denied", "empty file")[n % 6 // 2] for n in range(2_000)
    }
    table = Table(ROUNDS, [], growing=True)
    table.pool.note_unread(reasons)
    assert table.playlist.empty_reason(PhaseKind.WORK) == "looking for music …"
    table.pool.growing = False
    reason = table.playlist.empty_reason(PhaseKind.WORK)
    assert reason == "none of 2,000 files can be played: not audio, permission denied"
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
    assert levelling_db(replace(track, lufs=-11.0), rms_db) == pytest.approx(-3.0), "what was heard comes first"


class TestMusicOfOneRound:
    """Pinned to a round alone: a track, which others follow, and which another may take the place of."""

    BLOCKS: ClassVar[list[dict[str, object]]] = [
        {"repeat": 3, "phases": [{"kind": "work", "duration": 150}, {"kind": "rest", "duration": 60}]}
    ]

    def table(self) -> Table:
        own = replace(a_track(90), path=Path("/own/own.mp3"))
        table = Table(self.BLOCKS, tracks(12))
        pin = Pin(own.path, drop_s=30.0, is_track=True)
        taste = MusicTaste(second_wind_s=None, pins=WorkoutPins({}, {2: pin}))
        segments = compile_timeline(parse_preset({"name": "Test", "blocks": self.BLOCKS})[0]).segments
        places = wants(segments, plan_stretches(segments, taste), taste)
        shelf = places[2].shelf

        class Read(Pins):
            def tracks(self, asked: Shelf) -> Sequence[Track] | None:
                return (own,) if asked == shelf else None

        table.playlist = Playlist(places, table.pool.with_pins(Read({})), table.prober, 7, table._fail)
        return table.settle()

    def test_it_plays_there_alone_with_its_drop_on_the_bell_and_others_follow(self) -> None:
        table = self.table()
        places = [[path.name for path in table.paths(index)] for index in range(5)]
        assert places[2][0] == "own.mp3"
        assert sum(names.count("own.mp3") for names in places) == 1
        assert len(places[2]) >= 2, "100 s of it are not enough for the round"
        assert table.playlist.pieces(2)[0].landing == to_frames(30.0)
        assert table.playlist.pieces(2)[1].landing is None

    def test_who_wants_another_track_gets_one(self) -> None:
        table = self.table()
        table.settle(2)
        assert table.playlist.another(2)
        assert "own.mp3" not in [path.name for path in table.paths(2)]

    def test_when_it_breaks_other_music_plays(self) -> None:
        table = self.table()
        table.playlist.lose_source("/own/own.mp3", "broken")
        assert table.settle(2).paths(2)
        assert "own.mp3" not in [path.name for path in table.paths(2)]

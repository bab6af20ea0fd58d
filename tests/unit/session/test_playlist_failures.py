"""What a session plays in place of what fails, and what it says where nothing can be played."""

from pathlib import Path

from nbd_tui.library.fault import Fault
from nbd_tui.session.playlist import MANY_FAILED
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.playlist_table import ROUNDS, Table, tracks


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


def test_broken_music_only_is_said_and_not_looked_through_again() -> None:
    table = Table(ROUNDS, tracks(3))
    table.fail_all("no audio in it")
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
    table.fail_all("m4a needs libVLC; install it", Fault.CIRCUMSTANCES)
    assert table.all_paths() == []
    assert table.failures == []
    assert table.playlist.empty_reason(PhaseKind.WORK) == "none of 3 files can be played: m4a needs libVLC; install it"


def test_a_large_folder_of_files_that_cannot_be_played_is_told_of_early() -> None:
    table = Table(ROUNDS, tracks(500))
    table.fail_all("m4a needs libVLC", Fault.CIRCUMSTANCES, steps=MANY_FAILED * 3)
    assert table.playlist.empty_reason(PhaseKind.WORK).endswith("can be played: m4a needs libVLC")


def test_a_prober_that_does_not_start_stops_the_choosing_and_blames_no_file() -> None:
    table = Table(ROUNDS, tracks(9))
    table.fail_all("the decoding process does not start", Fault.WORKER)
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
    table.fail_all("the decoding process does not start", Fault.WORKER)
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

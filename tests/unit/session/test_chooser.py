"""What a session's tracks are chosen by."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.track import Track
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.songs import DropMark, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.wants import Want, wants
from nbd_tui.soundtrack.wish import Used
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import a_track

ROUNDS = {"repeat": 3, "phases": [{"kind": "work", "duration": 180}, {"kind": "rest", "duration": 60}]}


def places() -> tuple[Want, ...]:
    """Work 0, 2, 4; rest 1, 3."""
    segments = compile_timeline(parse_preset({"name": "Test", "blocks": [ROUNDS]})[0]).segments
    return wants(segments, plan_stretches(segments), MusicTaste(second_wind_s=100.0))


def song(number: int, bpm: float = 138.0, intensity: float = 0.85, drop: float | None = None) -> Song:
    drops = () if drop is None else (DropMark(30.0, drop, 15.0),)
    return Song(a_track(number, 240.0), Tempo(bpm, TempoSource.HEARD, 0.9), intensity, -10.0, 0.0, drops)


def pool_of(songs: Sequence[Song]) -> Pool:
    pool = Pool(None, [song.track for song in songs])
    pool.learn({}, {str(song.path): song for song in songs})
    return pool


def first_tracks(pool: Pool, seed: int = 1) -> list[Track]:
    """What the stretches begin with."""
    wanted = places()
    chooser = Chooser(wanted, pool, seed)
    taken: list[Track] = []
    for index in range(len(wanted)):
        used = Used([track.path for track in taken], [track.artist for track in taken])
        track = chooser.first(index, used, ())
        assert track is not None
        taken.append(track)
    return taken


def numbers(tracks: Sequence[Track]) -> list[int]:
    return [int(track.path.stem) for track in tracks]


def test_each_stretch_has_the_tempo_and_the_drive_it_asks_for() -> None:
    calm = [song(number, 120.0, 0.5) for number in range(10)]
    hard = [song(number, 138.0, 0.9) for number in range(10, 20)]
    taken = numbers(first_tracks(pool_of([*calm, *hard])))
    assert [number >= 10 for number in taken] == [True, False, True, False, True]


def test_the_strongest_drop_belongs_to_the_last_round() -> None:
    songs = [song(number, drop=3.0 + number) for number in range(12)]
    assert numbers(first_tracks(pool_of(songs)))[4] >= 9


def test_the_same_seed_makes_the_same_session_and_another_one_another() -> None:
    pool = pool_of([song(number) for number in range(60)])
    assert first_tracks(pool, 1) == first_tracks(pool, 1)
    assert len({tuple(numbers(first_tracks(pool, seed))) for seed in range(8)}) > 4


def test_what_is_liked_comes_often_and_what_was_heard_lately_seldom() -> None:
    plain = [song(number) for number in range(30)]
    liked = [replace(song, opinion=Opinion.LIKED) for song in plain[:3]]
    tired = [replace(song, rested=0) for song in plain[3:20]]
    pool = pool_of([*liked, *tired, *plain[20:]])
    taken = [number for seed in range(6) for number in numbers(first_tracks(pool, seed))]
    assert not any(3 <= number < 20 for number in taken)
    assert sum(number < 3 for number in taken) > len(taken) / 3


def test_an_artist_is_not_heard_twice_in_a_row() -> None:
    songs = [replace(song(n), track=replace(a_track(n, 240.0), artist=f"Band {n % 2}")) for n in range(20)]
    for seed in range(5):
        artists = [track.artist for track in first_tracks(pool_of(songs), seed)]
        assert all(one != other for one, other in pairwise(artists))


def test_what_may_not_play_does_not() -> None:
    pool = pool_of([song(number) for number in range(6)])
    chooser = Chooser(places(), pool, 1)
    first = chooser.first(0, Used(), ())
    assert first is not None
    other = chooser.first(0, Used(), {first.path})
    assert other is not None
    assert other != first
    pool.without({other.path: "broken"})
    third = chooser.first(0, Used(), {first.path})
    assert third not in {first, other}
    assert chooser.next(0, Used(), {Path(track.path) for track in pool.tracks(places()[0].kind)}) is None


def test_a_track_to_go_on_with_is_not_the_one_planned_for_another_round() -> None:
    pool = pool_of([song(number, drop=8.0) for number in range(9)])
    wanted = places()
    chooser = Chooser(wanted, pool, 1)
    chooser.first(0, Used(), ())
    planned = {track.path for track in first_tracks(pool, 1)}
    used: list[Path] = []
    for _ in range(4):
        follower = chooser.next(0, Used(used), ())
        assert follower is not None
        used.append(follower.path)
    assert not (planned - {first_tracks(pool, 1)[0].path}) & set(used)

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.track import Track
from nbd_tui.soundtrack.choose import Choice, Used, Wish, artist_key, choose, rank, tempo_scores
from nbd_tui.soundtrack.intent import intent_for
from nbd_tui.workout.phase import PhaseKind

WORK = Wish(PhaseKind.WORK, 120.0)


def tie(track: Track) -> float:
    return zlib.crc32(str(track.path).encode("utf-8", "replace"))


def song(
    name: str, bpm: float | None = None, genre: str = "", artist: str = "", length_s: float | None = 200.0
) -> Track:
    return Track(Path(f"/m/{name}.mp3"), name, artist, genre=genre, bpm=bpm, duration_s=length_s)


def best(wish: Wish, *pool: Track, used: Sequence[Track] = ()) -> str:
    choice = choose(wish, pool, played(used), tie)
    assert choice
    return choice.track.title


def played(tracks: Sequence[Track]) -> Used:
    return Used([track.path for track in tracks], [track.artist for track in tracks])


TRACKS = st.builds(
    Track,
    path=st.integers(0, 10_000).map(lambda number: Path(f"/m/{number}.mp3")),
    title=st.just("t"),
    artist=st.sampled_from(["", "A", "B", "C", "A feat. B"]),
    genre=st.sampled_from(["", "Rock", "Ambient", "Podcast", "[/x]"]),
    duration_s=st.none() | st.floats(0.1, 4000),
    bpm=st.none() | st.floats(20, 400),
)
POOLS = st.lists(TRACKS, min_size=1, max_size=12, unique_by=lambda track: track.path)
WISHES = st.builds(Wish, st.sampled_from(PhaseKind), st.none() | st.floats(5, 900), st.floats(0, 1))


@pytest.mark.parametrize(
    ("kind", "winner"),
    [
        (PhaseKind.WORK, "driving"),
        (PhaseKind.REST, "breather"),
        (PhaseKind.BREAK, "walk"),
        (PhaseKind.WARM_UP, "warm"),
        (PhaseKind.COOL_DOWN, "calm"),
    ],
)
def test_tempo_picks_the_track_for_each_kind(kind: PhaseKind, winner: str) -> None:
    pool = [song("driving", 137), song("breather", 120), song("walk", 112), song("warm", 100), song("calm", 76)]
    assert best(Wish(kind, 60.0), *pool) == winner


def test_a_warm_up_rises_and_a_cool_down_falls() -> None:
    pool = [song(str(bpm), bpm) for bpm in (62, 78, 93, 88, 103, 118)]
    assert [best(Wish(PhaseKind.WARM_UP, 60, place), *pool) for place in (0.0, 0.5, 1.0)] == ["88", "103", "118"]
    assert [best(Wish(PhaseKind.COOL_DOWN, 60, place), *pool) for place in (0.0, 0.5, 1.0)] == ["93", "78", "62"]


def test_half_tempo_drives_work_but_double_tempo_calms_nobody() -> None:
    assert best(WORK, song("half", 68), song("near", 120)) == "half"
    assert best(Wish(PhaseKind.COOL_DOWN, 60), song("double", 156), song("untagged")) == "untagged"


def test_a_clear_miss_is_worse_than_no_tempo_tag_and_a_hit_better() -> None:
    assert best(WORK, song("miss", 95), song("untagged")) == "untagged"
    assert best(WORK, song("hit", 130), song("untagged")) == "hit"


def test_genre_decides_where_there_is_no_tempo() -> None:
    pool = [song("quiet", genre="Ambient"), song("loud", genre="Metal"), song("unknown")]
    assert best(WORK, *pool) == "loud"
    assert best(Wish(PhaseKind.COOL_DOWN, 60), *pool) == "quiet"


def test_a_track_that_lasts_the_phase_is_better_than_a_shorter_one() -> None:
    assert best(WORK, song("short", 137, length_s=45), song("long", 137, length_s=150)) == "long"


@pytest.mark.parametrize(
    "odd", [song("jingle", 137, length_s=12), song("mix", 137, length_s=3600), song("talk", 137, "Podcast")]
)
def test_what_is_no_song_comes_last(odd: Track) -> None:
    assert best(WORK, odd, song("unfit", 85, "Ambient")) == "unfit"


def test_untagged_files_take_turns_by_tie() -> None:
    pool = [song(str(number)) for number in range(20)]
    one = [choice.track.title for choice in rank(WORK, pool, Used(), tie)]
    other = [choice.track.title for choice in rank(WORK, pool, Used(), lambda track: -tie(track))]
    assert one == list(reversed(other))


def test_nearly_equal_tracks_take_turns_by_tie() -> None:
    a, b = song("a", 137, "Rock"), song("b", 137.4, "Rock")
    forward = choose(WORK, [a, b], Used(), lambda track: ord(track.title))
    backward = choose(WORK, [a, b], Used(), lambda track: -ord(track.title))
    assert forward
    assert backward
    assert (forward.track, backward.track) == (a, b)


@given(POOLS, st.lists(WISHES, min_size=12, max_size=12))
def test_nothing_repeats_until_everything_was_played(pool: list[Track], wishes: list[Wish]) -> None:
    order: list[Track] = []
    for wish in wishes[: len(pool)]:
        choice = choose(wish, pool, played(order), tie)
        assert choice
        order.append(choice.track)
    assert len({track.path for track in order}) == len(order)


@given(POOLS, WISHES, st.data())
def test_something_is_chosen_from_any_pool(pool: list[Track], wish: Wish, data: st.DataObject) -> None:
    used = data.draw(st.lists(st.sampled_from(pool), max_size=30))
    choices = rank(wish, pool, played(used), tie)
    assert choose(wish, pool, played(used), tie) == choices[0]
    assert sorted(str(choice.track.path) for choice in choices) == sorted(str(track.path) for track in pool)
    assert all(0 <= choice.score <= 1 and choice.why for choice in choices)


@given(POOLS, WISHES, st.data())
def test_the_order_of_the_pool_never_shows(pool: list[Track], wish: Wish, data: st.DataObject) -> None:
    used = played(data.draw(st.lists(st.sampled_from(pool), max_size=30)))
    shuffled = data.draw(st.permutations(pool))
    for same_tie in (tie, lambda _: 0.0):
        assert rank(wish, pool, used, same_tie) == rank(wish, shuffled, used, same_tie)


@given(st.lists(st.sampled_from(["A", "B"]), min_size=3, max_size=12), st.floats(125, 142))
def test_artists_alternate_while_both_have_fitting_tracks_left(artists: list[str], bpm: float) -> None:
    pool = [song(str(number), bpm, artist=artist) for number, artist in enumerate(artists)]
    order: list[Track] = []
    for _ in pool:
        left = {track.artist for track in pool if track not in order}
        choice = choose(WORK, pool, played(order), tie)
        assert choice
        if order and left != {order[-1].artist}:
            assert choice.track.artist != order[-1].artist
        order.append(choice.track)


@given(st.sampled_from([PhaseKind.WARM_UP, PhaseKind.COOL_DOWN]), st.floats(0, 1), st.floats(1, 3), st.floats(1, 2))
def test_tempo_falls_off_away_from_the_band(kind: PhaseKind, place: float, near: float, further: float) -> None:
    intent = intent_for(kind, place=place)
    above = tempo_scores(np.array([intent.high_bpm * near, intent.high_bpm * near * further]), intent)
    below = tempo_scores(np.array([intent.low_bpm / near, intent.low_bpm / near / further]), intent)
    assert above[0] >= above[1]
    assert below[0] >= below[1]
    assert max(above[0], below[0]) <= tempo_scores(np.array([intent.best_low_bpm]), intent)[0] == 1.0


@pytest.mark.parametrize("bpm", [0.0, -5.0, float("nan"), float("inf")])
def test_a_senseless_tempo_harms_nothing(bpm: float) -> None:
    assert best(WORK, song("odd", bpm), song("hit", 137)) == "hit"


def test_a_liked_track_comes_before_one_that_fits_a_little_better_and_not_before_a_clear_hit() -> None:
    liked = replace(song("liked", 130), is_liked=True)
    assert best(WORK, liked, song("hit", 137)) == "liked"
    assert best(WORK, replace(liked, bpm=104.0), song("hit", 137)) == "hit"
    assert Choice(liked, 1.0, WORK).why == "130 BPM for work 125–142; liked"


def test_why_says_what_a_person_wants_to_know() -> None:
    def why(track: Track, wish: Wish = WORK) -> str:
        return Choice(track, 1.0, wish).why

    assert why(song("x", 132, "Rock")) == "132 BPM for work 125–142; Rock"
    assert why(song("x", 66)) == "66 BPM (as 132) for work 125–142"
    assert why(song("x", 160)) == "160 BPM not work 125–142"
    assert why(song("x", genre="[/foo]")) == "tempo not known for work 125–142; [/foo]"
    assert why(song("x", 132, length_s=45)) == "132 BPM for work 125–142; shorter than the phase"
    assert why(song("x", 132, length_s=5)) == "132 BPM for work 125–142; very short"


def test_an_empty_pool_has_no_answer() -> None:
    assert choose(WORK, [], Used(), tie) is None
    assert rank(WORK, [], Used(), tie) == ()


@pytest.mark.parametrize("guest", ["Muse feat. Me", "MUSE  ft. me", "muse", "Muse Featuring Me"])
def test_guests_do_not_make_another_artist(guest: str) -> None:
    assert artist_key(guest) == artist_key("Muse")

"""Variety over a session: genres, artists, what was heard lately; and the octave rule of calm phases."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.opinion import Opinion
from nbd_tui.soundtrack import assign
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.genre import genre_family
from nbd_tui.soundtrack.plan import Brief, Soundtrack
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.taste import MusicTaste
from tests.unit.soundtrack.planning import Library, drop, heard, planned, random_library, song, workout

ROUNDS = workout(("prepare", 30), ("work", 180), ("rest", 60), repeat=8)


def mostly_heavy(share: float = 0.75) -> Library:
    """A library of which so much is some kind of metal, and the rest softer."""
    chance, library = Random(7), random_library(200, seed=4)
    songs = []
    for one in library.songs:
        is_heavy = chance.random() < share
        genre = chance.choice(("Heavy Metal", "Thrash", "Death Metal")) if is_heavy else "Indie Pop"
        drive = (one.intensity or 0.0) - (0.0 if is_heavy else 0.15)
        songs.append(replace(one, track=replace(one.track, genre=genre), intensity=max(0.0, drive)))
    mixed = Library(songs, {})
    mixed.hearing = library.hearing
    return mixed


def firsts(soundtrack: Soundtrack) -> list[Song]:
    """The songs that the places begin with."""
    found = {slot.place: slot.song for slot in reversed(soundtrack.slots)}
    return [found[place] for place in sorted(found)]


@pytest.mark.parametrize("outliers", [0.2, 0.35, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_the_dominant_genre_leaves_its_share_to_others(outliers: float, seed: int) -> None:
    library = mostly_heavy()
    songs = firsts(planned(ROUNDS, library, Brief(MusicTaste(outliers=outliers), Rules(seed))))
    others = sum(genre_family(one.track.genre) != "heavy" for one in songs)
    assert others >= outliers * len(songs)


def test_who_wants_no_outliers_hears_what_fits_best() -> None:
    songs = firsts(planned(ROUNDS, mostly_heavy(), Brief(MusicTaste(outliers=0.0))))
    assert sum(genre_family(one.track.genre) == "heavy" for one in songs) > 0.8 * len(songs)


def test_nothing_that_fits_badly_plays_for_the_sake_of_variety() -> None:
    fitting = [song(f"m{n}", heard(240, 138), energy=0.8, genre="Metal", artist=f"a{n}") for n in range(8)]
    calm = [song(f"c{n}", heard(240, 60), energy=0.0, genre="Ambient", artist=f"b{n}") for n in range(8)]
    library = Library([*fitting, *calm], {one.path: heard(240, 138) for one in (*fitting, *calm)})
    soundtrack = planned(workout(("work", 180), repeat=4), library, Brief(MusicTaste(outliers=0.5)))
    assert {one.track.genre for one in firsts(soundtrack)} == {"Metal"}


@pytest.mark.parametrize("seed", range(3))
def test_no_track_comes_twice_and_no_artist_twice_in_a_row(seed: int) -> None:
    library = random_library(120, seed=2)
    songs = [replace(one, track=replace(one.track, artist=f"artist {n % 7}")) for n, one in enumerate(library.songs)]
    few = Library(songs, {})
    few.hearing = library.hearing
    found = planned(ROUNDS, few, Brief(rules=Rules(seed)))
    paths = [slot.song.path for slot in found.slots]
    assert len(set(paths)) == len(paths)
    assert not any(a.track.artist == b.track.artist for a, b in pairwise(firsts(found)))


def test_the_longest_workouts_are_planned_without_comparing_each_place_with_every_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[tuple[int, int]] = []
    monkeypatch.setattr(assign._Assignment, "_try_swap", lambda _, a, b: tried.append((a, b)))
    rounds = 150
    soundtrack = planned(workout(("work", 40), ("rest", 25), repeat=rounds), random_library(12))
    assert len(soundtrack.places) == 2 * rounds - 1
    assert len({slot.place for slot in soundtrack.slots}) == len(soundtrack.places)
    assert len(tried) == len(set(tried)) <= assign._SWAPPED * len(soundtrack.places)


def test_what_was_heard_in_the_last_sessions_rests() -> None:
    library = random_library(150, seed=3)
    before = {one.path for one in firsts(planned(ROUNDS, library))}
    tired = [replace(one, rested=0) if one.path in before else one for one in library.songs]
    rested = Library(tired, {})
    rested.hearing = library.hearing
    again = {one.path for one in firsts(planned(ROUNDS, rested))}
    assert len(before & again) <= 0.25 * len(before)


@given(
    bpm=st.floats(150, 172),
    slow_bpm=st.floats(68, 80),
    energy=st.none() | st.floats(0.7, 1.0),
    seed=st.integers(0, 999),
    is_tired=st.booleans(),
)
def test_half_the_tempo_of_a_fast_rock_track_is_no_tempo_to_cool_down_to(
    bpm: float, slow_bpm: float, energy: float | None, seed: int, is_tired: bool
) -> None:
    """Though the user likes it, it has a drop, and the slow one was heard in the last session."""
    fast = [
        song(f"fast {n}", heard(240, bpm, [drop(60.0, 50.0)]), energy=energy, genre="Rock", opinion=Opinion.LIKED)
        for n in range(4)
    ]
    slow = song("slow", heard(240, slow_bpm), energy=0.3, rested=0 if is_tired else 1000)
    hearings = {one.path: heard(240, bpm, [drop(60.0, 50.0)]) for one in fast}
    library = Library([*fast, slow], {**hearings, slow.path: heard(240, slow_bpm)})
    soundtrack = planned(workout(("cool-down", 180)), library, Brief(rules=Rules(seed)))
    assert soundtrack.slots[0].song is slow


@pytest.mark.parametrize(
    ("genre", "family"),
    [
        ("Heavy Metal", "heavy"), ("Folk Metal", "heavy"), ("Symphonic Metal", "heavy"), ("Hard Rock", "heavy"),
        ("Indie  Rock", "indie"), ("Classic Rock", "rock"), ("Hip-Hop", "hip hop"), ("Deep House", "electronic"),
        (" Krautmusik", "krautmusik"), ("", ""),
    ],
)  # fmt: skip
def test_a_genre_belongs_to_its_family(genre: str, family: str) -> None:
    assert genre_family(genre) == family

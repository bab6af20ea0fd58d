"""The rules that come before every score."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.track import Track
from nbd_tui.soundtrack.fit import Fits
from nbd_tui.soundtrack.next_song import PLAYED, Played, next_song
from nbd_tui.soundtrack.songs import Catalogue, Floats, Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.wants import Want, wants
from tests.unit.soundtrack.planning import workout


def song(
    name: str, bpm: float | None = 137.0, genre: str = "", artist: str = "", length_s: float | None = 200.0
) -> Song:
    track = Track(Path(f"/m/{name}.mp3"), name, artist, genre=genre, bpm=bpm, duration_s=length_s)
    return Song(track, None if bpm is None else Tempo(bpm, TempoSource.HEARD, 0.9), 0.8)


def place(kind: str = "work", length_s: float | None = 120.0) -> Want:
    segments = workout((kind, length_s)).segments
    return wants(segments, plan_stretches(segments))[0]


WORK = place()


class Session:
    """Plays what is chosen."""

    def __init__(self, songs: Sequence[Song], taste: Floats | None = None) -> None:
        self.catalogue = Catalogue(songs)
        self.fits = Fits(self.catalogue)
        self.taste = np.zeros(len(songs)) if taste is None else taste
        self.order: list[int] = []

    @property
    def played(self) -> Played:
        last_use = np.full(len(self.catalogue), -1, dtype=np.int64)
        for use, number in enumerate(self.order):
            last_use[number] = use
        artist = int(self.catalogue.artist[self.order[-1]]) if self.order else -1
        return Played(last_use, len(self.order), artist)

    def play(self, want: Want = WORK) -> Song:
        allowed = np.ones(len(self.catalogue), dtype=np.bool_)
        found = next_song(want, self.catalogue, self.fits, self.taste, allowed, self.played)
        assert found is not None
        assert (found.rule >= PLAYED) == (found.number in self.order)
        self.order.append(found.number)
        return self.catalogue.songs[found.number]


def best(*songs: Song, want: Want = WORK) -> str:
    return Session(songs).play(want).track.title


SONGS = st.builds(
    song,
    name=st.integers(0, 10_000).map(str),
    bpm=st.none() | st.floats(20, 400),
    genre=st.sampled_from(["", "Rock", "Ambient", "Podcast", "[/x]"]),
    artist=st.sampled_from(["", "A", "B", "C", "A feat. B"]),
    length_s=st.none() | st.floats(0.1, 4000),
)
LIBRARIES = st.lists(SONGS, min_size=1, max_size=12, unique_by=lambda one: one.path)
PLACES = st.sampled_from(
    [place(kind, length_s) for kind in ("warm-up", "work", "rest", "cool-down") for length_s in (None, 30.0, 400.0)]
)


@given(LIBRARIES, st.lists(PLACES, min_size=12, max_size=12))
def test_nothing_repeats_until_everything_was_played(songs: list[Song], places: list[Want]) -> None:
    session = Session(songs)
    for want in places[: len(songs)]:
        session.play(want)
    assert len(set(session.order)) == len(songs)


def test_once_everything_was_played_the_oldest_comes_first() -> None:
    session = Session([song(name) for name in "abcde"])
    for _ in range(15):
        session.play()
    assert session.order[5:] == session.order[:10]


@given(LIBRARIES, PLACES)
def test_the_order_of_the_library_never_shows(songs: list[Song], want: Want) -> None:
    forward, backward = Session(songs), Session(songs[::-1])
    assert [forward.play(want) for _ in songs] == [backward.play(want) for _ in songs]


@given(st.lists(st.sampled_from(["A", "B"]), min_size=3, max_size=12), st.floats(125, 142))
def test_artists_alternate_while_both_have_fitting_songs_left(artists: list[str], bpm: float) -> None:
    songs = [song(str(number), bpm, artist=artist) for number, artist in enumerate(artists)]
    session = Session(songs)
    before, left = "", list(songs)
    for _ in songs:
        others = {one.track.artist for one in left} - {before}
        chosen = session.play()
        assert not before or not others or chosen.track.artist != before
        before = chosen.track.artist
        left.remove(chosen)


def test_a_guest_does_not_make_another_artist() -> None:
    session = Session([song("1", artist="Muse"), song("2", artist="MUSE feat. Me"), song("3", 126.0, artist="Other")])
    assert [session.play().track.title for _ in range(2)][1] == "3"


@pytest.mark.parametrize(
    "odd", [song("jingle", length_s=12), song("mix", length_s=3600), song("talk", genre="Podcast")]
)
def test_what_is_no_song_comes_last(odd: Song) -> None:
    assert best(odd, replace(song("unfit", 85, "Ambient"), intensity=0.1)) == "unfit"


def test_a_song_that_lasts_the_phase_is_better_than_a_shorter_one() -> None:
    assert best(song("short", length_s=45), song("long", length_s=150)) == "long"


def test_an_unknown_tempo_is_better_than_a_clear_miss_and_worse_than_a_hit() -> None:
    assert best(song("miss", 95), song("untagged", None)) == "untagged"
    assert best(song("hit", 130), song("untagged", None)) == "hit"


def test_nearly_equal_songs_take_turns_by_taste() -> None:
    songs = [song(name) for name in "ab"]
    assert Session(songs, np.array([0.1, 0.0])).play().track.title == "a"
    assert Session(songs, np.array([0.0, 0.1])).play().track.title == "b"


def test_an_empty_library_has_no_answer() -> None:
    empty, nothing = Catalogue(()), np.zeros(0)
    found = next_song(WORK, empty, Fits(empty), nothing, nothing.astype(np.bool_), Played(nothing.astype(np.int64), 0))
    assert found is None

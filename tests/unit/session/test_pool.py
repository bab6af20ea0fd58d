"""The pool, and a pool with the pins of a preset."""

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.track import Track
from nbd_tui.session.known import known_of
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.pin import Pin, PinnedPlace, Shelf
from nbd_tui.soundtrack.songs import DropMark, Song
from nbd_tui.store.hearings import Known
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import a_track

TRACKS = [a_track(number) for number in range(6)]


def song(track: Track) -> Song:
    """Heard, with nothing said of it."""
    return Song(track, Tempo(138.0, TempoSource.HEARD, 0.9), 0.7, -9.5)


class Pinned:
    """Pins as far as they are read."""

    def __init__(self, tracks: Mapping[Shelf, Sequence[Track]]) -> None:
        self.version = 0
        self.growing = False
        self._tracks = dict(tracks)
        self.missed: list[Shelf] = []
        self.albums: dict[Shelf, str] = {}

    def tracks(self, shelf: Shelf) -> Sequence[Track] | None:
        return self._tracks.get(shelf)

    def album(self, shelf: Shelf) -> str:
        return self.albums.get(shelf, "")

    def miss(self, shelf: Shelf) -> None:
        self.missed.append(shelf)


def test_its_version_grows_only_when_tracks_come_or_go() -> None:
    pool = Pool()
    versions = [pool.version]
    changes: list[Callable[[], None]] = [
        lambda: pool.add(TRACKS[:2]),
        lambda: pool.add(TRACKS[:2]),
        lambda: pool.without({TRACKS[0].path: "broken"}),
        lambda: pool.without({TRACKS[0].path: "broken"}),
        lambda: pool.renew(Path("/music"), TRACKS[1:2]),
        lambda: pool.renew(Path("/music"), TRACKS[2:4]),
        lambda: pool.pin(PhaseKind.REST, TRACKS[4:5]),
    ]
    for change in changes:
        change()
        versions.append(pool.version)
    assert versions == [0, 1, 1, 2, 2, 2, 3, 4]


def test_a_track_found_twice_is_there_once() -> None:
    pool = Pool(tracks=TRACKS[:2])
    pool.add([TRACKS[1], TRACKS[2], TRACKS[2]])
    assert pool.tracks(PhaseKind.WORK) == tuple(TRACKS[:3])


def test_a_scan_renews_its_own_folder_only() -> None:
    pool = Pool(tracks=TRACKS[:2])
    pool.renew(Path("/musica"), [])
    pool.renew(Path("/elsewhere"), [])
    assert pool.tracks(PhaseKind.WORK) == tuple(TRACKS[:2])
    pool.renew(Path("/music"), TRACKS[3:4])
    assert pool.tracks(PhaseKind.WORK) == tuple(TRACKS[3:4])


def test_pins_come_before_the_pool_and_a_presets_pins_before_those() -> None:
    pool = Pool({PhaseKind.WORK: TRACKS[:1], PhaseKind.REST: TRACKS[1:2]}, TRACKS)
    seen = pool.with_pins(Pinned({PhaseKind.WORK: TRACKS[2:3], PhaseKind.WARM_UP: []}))
    assert seen.tracks(PhaseKind.WORK) == TRACKS[2:3]
    assert seen.tracks(PhaseKind.REST) == tuple(TRACKS[1:2])
    assert seen.tracks(PhaseKind.WARM_UP) == tuple(TRACKS)
    pool.growing = True
    pool.without({TRACKS[5].path: "broken"})
    assert (seen.growing, seen.version) == (True, pool.version)


def test_a_preset_s_pin_still_being_read_does_not_let_other_music_in() -> None:
    pins = Pinned({PhaseKind.WORK: []})
    pins.growing = True
    pool = Pool(tracks=TRACKS)
    seen = pool.with_pins(pins)
    assert seen.tracks(PhaseKind.WORK) == []
    assert seen.growing
    pins.growing, pins.version = False, 1
    assert seen.tracks(PhaseKind.WORK) == tuple(TRACKS)
    assert (seen.growing, seen.version) == (False, pool.version + 1)


def test_a_pin_still_being_read_does_not_let_other_music_in() -> None:
    pool = Pool({PhaseKind.WORK: ()}, TRACKS)
    pool.growing = True
    assert pool.tracks(PhaseKind.WORK) == ()
    pool.growing = False
    assert pool.tracks(PhaseKind.WORK) == tuple(TRACKS)


def test_two_threads_lose_nothing() -> None:
    many = [a_track(number) for number in range(400)]
    pool = Pool(tracks=many[:200])
    together = threading.Barrier(2)

    def find() -> None:
        together.wait(10)
        for track in many[200:]:
            pool.add([track])

    finder = threading.Thread(target=find)
    finder.start()
    together.wait(10)
    for track in many[:200]:
        pool.without({track.path: "broken"})
    finder.join(10)
    assert pool.tracks(PhaseKind.WORK) == tuple(many[200:])


def test_of_pins_nothing_is_offered_before_it_is_known_what_was_heard_in_them() -> None:
    pool = Pool(tracks=TRACKS[:2])
    pool.learning = True
    seen = pool.with_pins(Pinned({PhaseKind.WORK: TRACKS[2:3]}))
    version = seen.version
    assert list(seen.tracks(PhaseKind.WORK)) == []
    assert len(seen.catalogue(PhaseKind.WORK)) == 0
    pool.end_learning()
    assert seen.version > version
    assert list(seen.tracks(PhaseKind.WORK)) == TRACKS[2:3]
    assert [song.path for song in seen.catalogue(PhaseKind.WORK).songs] == [TRACKS[2].path]


class TestWhatIsKnown:
    def known(self, number: int, opinion: Opinion | None = None) -> dict[str, Known]:
        return {str(TRACKS[number].path): Known(138.0, -9.5, opinion)}

    def test_it_shows_in_every_track_there_is_and_will_be(self) -> None:
        pool = Pool({PhaseKind.REST: TRACKS[1:2]}, TRACKS[:1])
        pool.learn(self.known(0) | self.known(1, Opinion.LIKED) | self.known(2))
        pool.add(TRACKS[2:4])
        heard = [replace(track, bpm=138.0, lufs=-9.5) for track in (TRACKS[0], TRACKS[2])]
        assert list(pool.tracks(PhaseKind.WORK)) == [*heard, TRACKS[3]]
        assert list(pool.tracks(PhaseKind.REST)) == [replace(TRACKS[1], bpm=138.0, lufs=-9.5, is_liked=True)]
        pool.learn({})
        assert list(pool.tracks(PhaseKind.WORK)) == [TRACKS[0], *TRACKS[2:4]]

    def test_what_is_kept_out_is_never_offered_pinned_or_not_and_counts_all_the_same(self) -> None:
        pool = Pool({PhaseKind.REST: TRACKS[:1]}, TRACKS[:3])
        pool.learn(self.known(0, Opinion.BANNED))
        seen = pool.with_pins(Pinned({PhaseKind.WARM_UP: TRACKS[:2]}))
        assert list(pool.tracks(PhaseKind.WORK)) == TRACKS[1:3]
        assert list(seen.tracks(PhaseKind.REST)) == TRACKS[1:3]
        assert list(seen.tracks(PhaseKind.WARM_UP)) == TRACKS[1:2]
        assert len(pool) == 3

    def test_what_is_learned_of_one_track_is_as_if_all_was_learned_anew(self) -> None:
        songs = {str(track.path): song(track) for track in TRACKS[:4]}
        for opinion, drops in itertools.product((None, *Opinion), ((), (DropMark(9.0, 3.0, 2.0),))):
            changed = replace(songs[str(TRACKS[1].path)], opinion=opinion, drops=drops)
            one, all_anew = Pool(tracks=TRACKS[:4]), Pool(tracks=TRACKS[:4])
            one.learn({path: known_of(each) for path, each in songs.items()}, songs)
            one.learn_of([changed])
            now = songs | {str(TRACKS[1].path): changed}
            all_anew.learn({path: known_of(each) for path, each in now.items()}, now)
            assert set(one.tracks(PhaseKind.WORK)) == set(all_anew.tracks(PhaseKind.WORK))
            mine, theirs = (pool.catalogue(PhaseKind.WORK) for pool in (one, all_anew))
            assert [each for each in mine.songs if each.opinion is not Opinion.BANNED] == list(theirs.songs)
            playing = ~mine.banned
            for name in ("bpm", "energy", "liked", "duration_s"):
                assert np.array_equal(getattr(mine, name)[playing], getattr(theirs, name), equal_nan=True), name
            assert len(mine.with_drops) == bool(drops)

    def test_a_ban_taken_back_is_offered_again(self) -> None:
        pool = Pool(tracks=TRACKS[:2])
        banned = replace(song(TRACKS[0]), opinion=Opinion.BANNED)
        pool.learn({str(banned.path): known_of(banned)}, {str(banned.path): banned})
        assert [track.path for track in pool.tracks(PhaseKind.WORK)] == [TRACKS[1].path]
        pool.learn_of([song(TRACKS[0])])
        assert {track.path for track in pool.tracks(PhaseKind.WORK)} == {track.path for track in TRACKS[:2]}
        assert len(pool.catalogue(PhaseKind.WORK)) == 2

    def test_learning_what_is_known_changes_nothing(self) -> None:
        pool = Pool(tracks=TRACKS[:3])
        pool.learn(self.known(0))
        version = pool.version
        pool.learn(self.known(0))
        assert pool.version == version


def test_some_phases_have_music_of_their_own_and_else_that_of_their_kind() -> None:
    pool = Pool(tracks=TRACKS[:5])
    place = PinnedPlace(PhaseKind.WORK, Pin(TRACKS[5].path))
    pins = Pinned({PhaseKind.WORK: TRACKS[1:2], place: TRACKS[5:]})
    seen = pool.with_pins(pins)
    assert seen.tracks(place) == TRACKS[5:]
    assert [song.track for song in seen.catalogue(place).songs] == TRACKS[5:]
    assert seen.tracks(PinnedPlace(PhaseKind.WORK, Pin(Path("gone")))) == TRACKS[1:2]
    pool.without({TRACKS[5].path: "broken"})
    assert seen.tracks(place) == TRACKS[1:2], "what breaks is replaced"


def test_an_album_is_looked_for_in_the_pool_until_all_is_found() -> None:
    album = [replace(track, album="Mezza  nine") for track in TRACKS[:2]]
    pool, pins = Pool(tracks=TRACKS[2:]), Pinned({})
    pins.albums = {PhaseKind.WORK: "mezza nine", PhaseKind.REST: "Unknown"}
    pool.growing = True
    seen = pool.with_pins(pins)
    assert seen.tracks(PhaseKind.WORK) == []
    pool.add(album)
    assert seen.tracks(PhaseKind.WORK) == album
    assert not pins.missed
    pool.growing = False
    assert seen.tracks(PhaseKind.REST) == (*TRACKS[2:], *album)
    assert pins.missed == [PhaseKind.REST]

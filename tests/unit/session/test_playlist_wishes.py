"""Another track on request, and music that is pinned to one round."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, to_frames
from nbd_tui.session.pins import Pins
from nbd_tui.session.playlist import Playlist
from nbd_tui.soundtrack.pin import Pin, Shelf, WorkoutPins
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.wants import wants
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import a_track
from tests.unit.session.playlist_table import PHASES, Table, tracks


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

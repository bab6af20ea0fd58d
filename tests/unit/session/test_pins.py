"""Pins are read in the background, bit by bit, and say what is missing."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from nbd_tui.library.tags import read_track
from nbd_tui.model.track import Track
from nbd_tui.session.pins import Pins, read_pin
from nbd_tui.soundtrack.pin import Pin
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.test_collector import PATIENCE_S, wait_until, write_songs


def read(pins: Pins) -> Pins:
    pins.start()
    wait_until(lambda: not pins.growing)
    pins.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "pins"]
    return pins


def paths(pins: Pins, kind: PhaseKind) -> list[Path]:
    return [track.path for track in pins.tracks(kind) or ()]


def test_the_tracks_of_every_pin_are_read(tmp_path: Path) -> None:
    heavy, calm = write_songs(tmp_path / "heavy", 3), write_songs(tmp_path / "calm", 2)
    pins = read(Pins({PhaseKind.WORK: Pin(tmp_path / "heavy"), PhaseKind.REST: Pin(calm[1])}))
    assert paths(pins, PhaseKind.WORK) == heavy
    assert paths(pins, PhaseKind.REST) == calm[1:]
    assert pins.tracks(PhaseKind.COOL_DOWN) is None
    assert pins.news() == ""


def test_without_pins_there_is_nothing_to_wait_for() -> None:
    pins = Pins({})
    pins.start()
    assert not pins.growing
    pins.close()


def test_nothing_is_read_by_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_songs(tmp_path / "heavy", 3)
    may_read, reads = threading.Event(), threading.Event()

    def read_when_told(path: Path) -> Track:
        reads.set()
        assert may_read.wait(PATIENCE_S)
        return read_track(path)

    monkeypatch.setattr("nbd_tui.library.tags.read_track", read_when_told)
    pins = Pins({PhaseKind.WORK: Pin(tmp_path / "heavy")})
    pins.start()
    assert reads.wait(PATIENCE_S)
    assert (paths(pins, PhaseKind.WORK), pins.growing) == ([], True)
    may_read.set()
    wait_until(lambda: not pins.growing)
    assert len(paths(pins, PhaseKind.WORK)) == 3
    pins.close()


def test_the_first_track_is_there_at_once_and_the_others_in_batches(tmp_path: Path) -> None:
    write_songs(tmp_path / "heavy", 21)
    sizes: list[int] = []

    def publish(_kind: PhaseKind, tracks: Sequence[Track]) -> None:
        sizes.append(len(tracks))

    read_pin(PhaseKind.WORK, tmp_path / "heavy", publish, lambda _: None, lambda: False)
    assert sizes == [1, 2, 4, 8, 16, 21]


def test_closing_ends_it_in_the_middle(tmp_path: Path) -> None:
    write_songs(tmp_path / "heavy", 9)
    sizes: list[int] = []

    def publish(_kind: PhaseKind, tracks: Sequence[Track]) -> None:
        sizes.append(len(tracks))

    told: list[str] = []
    read_pin(PhaseKind.WORK, tmp_path / "heavy", publish, told.append, lambda: bool(sizes))
    assert (sizes[-1], told) == (1, [])


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("heavy/000.wav\ngone.mp3\n", "1 of 2 files of calm.m3u is missing"),
        ("heavy/000.wav\ngone.mp3\nlost.mp3\n", "2 of 3 files of calm.m3u are missing"),
        ("gone.mp3\nlost.mp3\n", "work pin calm.m3u: none of its 2 files is there; other music plays"),
        ("empty.mp3\n", "work pin calm.m3u: none of its files can be read; other music plays"),
    ],
)
def test_what_is_missing_is_told_once(tmp_path: Path, entries: str, told: str) -> None:
    write_songs(tmp_path / "heavy", 1)
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "calm.m3u").write_text(entries)
    pins = read(Pins({PhaseKind.WORK: Pin(tmp_path / "calm.m3u")}))
    assert pins.news() == told
    assert pins.news() == ""

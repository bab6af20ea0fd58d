"""The library heard in the background, with workers that only pretend to listen."""

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from nbd_tui.errors import LibraryError
from nbd_tui.library.analyse import AnalysisProgress, Workshop, progress_words
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.session import ears as ears_module
from nbd_tui.session.collector import Collector
from nbd_tui.session.ears import Ears
from nbd_tui.session.library_desk import LibraryDesk
from nbd_tui.store.database import open_database
from nbd_tui.store.opened import OpenedDatabase
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.test_collector import wait_until, write_songs

WORKER = """
import hashlib, json, sys, threading
from pathlib import Path

HEARING = dict(frames=441000, bpm=138.0, confidence=0.9, is_constant=True, beats=[0.5], downbeats=[], lufs=-9.5,
    true_peak_db=-0.5, intensity=0.7, energy_hz=4.0, energy=[0.5], drops=[[3.5, 1.0, None, None]])

def say(**message):
    print(json.dumps(message), flush=True)

say(ready=True)
for line in sys.stdin:
    message = json.loads(line)
    if "path" in message:
        with open(LOG, "a") as log:
            print(message["path"], file=log)
        if Path(message["path"]).name == HANGS:
            threading.Event().wait()
        say(head=hashlib.blake2b(message["path"].encode(), digest_size=16).hexdigest())
    else:
        say(frames=441000, **({} if message["known"] else {"hearing": HEARING}))
"""


class Place:
    """A folder of music, its collector, ears and desk."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.stack = stack
        self.log = folder / "log"
        self.log.touch()
        self.worker = folder / "worker.py"
        self.hang("")
        self.music = folder / "music"
        self.open = partial(open_database, folder / "nbd.sqlite")
        self.cache = folder / "cache"
        self.may = True
        self.library = Collector([self.music], {}, self.open)
        database = OpenedDatabase(self.open, "the library")
        self.ears = Ears(database, self.workshop, lambda: self.library, lambda: self.may)
        self.desk = LibraryDesk(database, lambda: self.library, self.ears)

    def hang(self, name: str) -> None:
        self.worker.write_text(f"LOG, HANGS = {str(self.log)!r}, {name!r}\n{WORKER}")

    def workshop(self) -> Workshop:
        return Workshop(self.cache, self.cache, workers=2, command=lambda *_: [sys.executable, str(self.worker)])

    def collect(self) -> None:
        self.library.start()
        self.stack.callback(self.library.close)

    def begin(self) -> None:
        self.collect()
        self.ears.start()
        self.stack.callback(self.desk.close)
        self.stack.callback(self.ears.close)

    def asked(self) -> list[str]:
        return [Path(line).name for line in self.log.read_text().splitlines()]

    def heard(self) -> int:
        return sum(row.is_heard for row in self.desk.rows())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(ears_module, "LOOK_S", 0.02)
    with ExitStack() as stack:
        yield Place(tmp_path, stack)
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith(("ears", "analysis", "library"))]
    assert not left


def test_the_library_is_heard_and_workouts_go_by_it(place: Place) -> None:
    write_songs(place.music, 5)
    place.begin()
    wait_until(lambda: place.heard() == 5)
    wait_until(lambda: {(each.bpm, each.lufs) for each in place.library.pool.tracks(PhaseKind.WORK)} == {(138.0, -9.5)})
    wait_until(lambda: place.library.state == "5 tracks")
    wait_until(lambda: place.desk.progress() == "")
    assert sorted(place.asked()) == [f"{number:03}.wav" for number in range(5)]


def test_what_is_left_stands_beside_the_tracks_and_a_stop_ends_it_at_once(place: Place) -> None:
    write_songs(place.music, 3)
    place.hang("001.wav")
    place.begin()
    wait_until(lambda: place.library.state == "3 tracks, 1 still to hear" and "001.wav" in place.asked())
    assert place.desk.progress().startswith("analysing 3 of 3, ")
    place.may = False
    wait_until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("analysis")])
    assert place.heard() == 2
    place.hang("")
    place.may = True
    wait_until(lambda: place.heard() == 3)
    assert sorted(place.asked()) == ["000.wav", "001.wav", "001.wav", "002.wav"]


def test_nothing_is_heard_until_it_may(place: Place) -> None:
    write_songs(place.music, 2)
    place.may = False
    place.begin()
    wait_until(lambda: place.library.is_collected)
    version = place.desk.version()
    wait_until(lambda: place.desk.version() > version or place.desk.version() > 0)
    assert len(place.desk.rows()) == 2
    assert place.asked() == []


def test_another_library_is_heard_as_well_and_a_second_time_nothing_is(place: Place, tmp_path: Path) -> None:
    write_songs(place.music, 2)
    place.begin()
    wait_until(lambda: place.heard() == 2)
    wait_until(lambda: place.desk.progress() == "")
    other = tmp_path / "other"
    write_songs(other, 3)
    place.library = Collector([other, place.music], {}, place.open)
    place.collect()
    wait_until(lambda: place.heard() == 5)
    assert len(place.asked()) == 5


def test_closing_in_the_middle_of_a_file_is_quick(place: Place) -> None:
    write_songs(place.music, 1)
    place.hang("000.wav")
    place.begin()
    wait_until(place.asked)
    place.ears.close()
    assert place.heard() == 0


def test_the_demo_is_not_analysed(place: Place) -> None:
    place.library = Collector.of_demo(place.music, {})
    write_songs(place.music, 1)
    place.begin()
    wait_until(lambda: not place.library.pool.growing)
    assert place.desk.rows() == ()
    assert place.asked() == []


class TestTheUsersWord:
    @pytest.fixture(autouse=True)
    def _begun(self, place: Place) -> None:
        place.may = False
        self.songs = write_songs(place.music, 3)
        place.begin()
        wait_until(lambda: place.library.is_collected)

    def offered(self, place: Place) -> list[Path]:
        return [track.path for track in place.library.pool.tracks(PhaseKind.WORK)]

    def test_it_holds_for_the_next_workout_and_can_be_taken_back(self, place: Place) -> None:
        version = place.desk.version()
        place.desk.judge(self.songs[0], Opinion.BANNED).result(10)
        assert place.desk.version() > version
        wait_until(lambda: self.offered(place) == self.songs[1:])
        place.desk.judge(self.songs[0], None).result(10)
        place.desk.judge(self.songs[1], Opinion.LIKED).result(10)
        wait_until(lambda: self.offered(place) == self.songs)
        wait_until(lambda: place.library.pool.tracks(PhaseKind.WORK)[1].is_liked)

    def test_writes_do_not_wait_until_workouts_have_taken_the_last_one_over(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken, go_on = threading.Event(), threading.Event()
        learned: list[None] = []

        def slow(*_: object) -> None:
            learned.append(None)
            taken.set()
            assert go_on.wait(10)

        monkeypatch.setattr(Collector, "learn_of", slow)
        place.desk.judge(self.songs[0], Opinion.LIKED).result(10)
        assert taken.wait(10)
        writes = [place.desk.judge(song, Opinion.BANNED) for song in self.songs]
        go_on.set()
        place.desk.close()
        assert all(write.done() for write in writes)
        assert [row.opinion for row in place.desk.rows()] == [Opinion.BANNED] * 3
        assert len(learned) <= 2, "once for all of them, or not at all where the program ends"

    def test_corrections_are_written_in_their_order(self, place: Place) -> None:
        writes = [place.desk.correct(self.songs[0], Correction(float(bpm), (1.0,))) for bpm in range(100, 120)]
        writes[-1].result(10)
        assert all(write.done() for write in writes)
        assert place.desk.correction(self.songs[0]) == Correction(119.0, (1.0,))
        assert place.desk.rows()[0].tempo == Tempo(119.0, TempoSource.USER, 1.0)
        assert place.desk.hearing(self.songs[0]) is None
        wait_until(lambda: place.library.pool.tracks(PhaseKind.WORK)[0].bpm == 119.0)

    def test_what_cannot_be_written_is_told(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise LibraryError("the disk is full")

        monkeypatch.setattr("nbd_tui.store.hearings.HearingStore.judge", broken)
        with pytest.raises(LibraryError, match="full"):
            place.desk.judge(self.songs[0], Opinion.LIKED).result(10)


@pytest.mark.parametrize(
    ("done", "elapsed_s", "words"),
    [
        (0, 0.0, "analysing 1 of 1,204"),
        (120, 600.0, "analysing 121 of 1,204, 12 a minute, 1 h 30 min left"),
        (600, 600.0, "analysing 601 of 1,204, 60 a minute, 10 min left"),
        (1200, 600.0, "analysing 1,201 of 1,204, 120 a minute, less than a minute left"),
        (1204, 600.0, "analysing 1,204 of 1,204, 120 a minute, less than a minute left"),
    ],
)
def test_how_far_it_is(done: int, elapsed_s: float, words: str) -> None:
    assert progress_words(AnalysisProgress(1204, done, 0, elapsed_s, done * 200.0, (1204 - done) * 200.0)) == words

"""The feeder and its rings: the samples of the file, in order, without ever making the reader wait."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.score import SourceRef
from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.model.units import RATE, Frames
from nbd_tui.player.feeder import BLOCK, Feeder, RingSource


def music(frames: Frames, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).standard_normal((frames, 2)).astype(np.float32)


class FakeStream:
    """Gives `samples` in pieces of at most `piece`; before the first `delay` times nothing; breaks at `breaks_at`."""

    def __init__(self, samples: Samples, place: Frames, piece: int, delay: int, breaks_at: Frames | None) -> None:
        self.samples = samples
        self.place = place
        self.piece = piece
        self.delay = delay
        self.breaks_at = breaks_at
        self.closed = False

    def read(self, frames: Frames) -> Samples | None:
        assert not self.closed
        if self.delay:
            self.delay -= 1
            return np.zeros((0, 2), np.float32)
        if self.breaks_at is not None and self.place >= self.breaks_at:
            raise DecodeError("the disk is gone")
        samples = self.samples[self.place : self.place + min(frames, self.piece)]
        self.place += len(samples)
        return samples if len(samples) else None

    def close(self) -> None:
        self.closed = True


class Shelf:
    """Files by name, and what was opened of them."""

    def __init__(self, *, piece: int = 4096, delay: int = 0, breaks_at: Frames | None = None, **files: Samples) -> None:
        self.files = files
        self.piece = piece
        self.delay = delay
        self.breaks_at = breaks_at
        self.opened: list[tuple[str, Frames]] = []
        self.streams: list[FakeStream] = []

    def __call__(self, path: Path, in_point: Frames) -> FakeStream:
        self.opened.append((path.name, in_point))
        if path.name not in self.files:
            raise DecodeError("no such file")
        self.streams.append(FakeStream(self.files[path.name], in_point, self.piece, self.delay, self.breaks_at))
        return self.streams[-1]


def fill_up(feeder: Feeder) -> None:
    for _ in range(10_000):
        if not feeder.fill_once():
            return
    pytest.fail("the feeder never came to rest")


def read_all(feeder: Feeder, source: RingSource) -> Samples:
    pieces = []
    while not source.ended:
        fill_up(feeder)
        pieces.append(source.read(882))
    return np.concatenate(pieces)


def test_all_frames_from_the_in_point_on_come_in_order() -> None:
    song = music(3 * RATE)
    feeder = Feeder(Shelf(song=song), threaded=False)

    heard = read_all(feeder, feeder.open(SourceRef("song", 1000)))

    np.testing.assert_array_equal(heard, song[1000:])


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(0, 3000)),
        st.tuples(st.just("skip"), st.integers(0, 9000)),
        st.tuples(st.just("fill"), st.integers(1, 5)),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(steps=STEPS, piece=st.integers(100, 5000), in_point=st.integers(0, 2000), delay=st.integers(0, 3))
def test_any_mixture_of_reads_and_skips_gives_the_samples_of_the_file(
    steps: list[Step], piece: int, in_point: int, delay: int
) -> None:
    song = music(40_000)
    feeder = Feeder(Shelf(piece=piece, delay=delay, song=song), threaded=False, ring=6000)
    source = feeder.open(SourceRef("song", in_point))
    place = in_point
    for action, amount in steps:
        if action == "fill":
            for _ in range(amount):
                feeder.fill_once()
        elif action == "skip":
            source.skip(amount)
            place += amount
        else:
            samples = source.read(amount)
            assert len(samples) <= amount
            np.testing.assert_array_equal(samples, song[place : place + len(samples)])
            place += len(samples)
    rest = read_all(feeder, source)
    np.testing.assert_array_equal(rest, song[place:])


def test_a_full_ring_gives_what_is_asked_at_once_and_an_empty_one_nothing() -> None:
    feeder = Feeder(Shelf(song=music(3 * RATE)), threaded=False)
    source = feeder.open(SourceRef("song"))

    assert len(source.read(882)) == 0
    assert not source.ended
    fill_up(feeder)
    assert len(source.read(RATE)) > RATE - BLOCK


def test_what_is_skipped_before_opening_is_never_decoded() -> None:
    shelf = Shelf(song=music(30 * RATE))
    feeder = Feeder(shelf, threaded=False)
    feeder.open(SourceRef("song", 100)).skip(20 * RATE)
    feeder.fill_once()

    assert shelf.opened == [("song", 100 + 20 * RATE)]


def test_skipping_past_the_end_ends_the_source() -> None:
    feeder = Feeder(Shelf(song=music(RATE)), threaded=False)
    source = feeder.open(SourceRef("song"))
    fill_up(feeder)
    source.skip(10 * RATE)
    fill_up(feeder)

    assert source.ended
    assert len(source.read(100)) == 0


def test_a_source_on_standby_is_full_when_its_voice_begins() -> None:
    shelf = Shelf(song=music(3 * RATE), other=music(3 * RATE, 2))
    feeder = Feeder(shelf, threaded=False)
    feeder.standby([SourceRef("song", 5), SourceRef("other")])
    fill_up(feeder)
    source = feeder.open(SourceRef("song", 5))

    assert source.ahead > RATE - BLOCK
    assert shelf.opened == [("song", 5), ("other", 0)]


def test_standby_keeps_what_is_still_wanted_and_closes_the_rest() -> None:
    shelf = Shelf(a=music(3 * RATE), b=music(3 * RATE), c=music(3 * RATE))
    feeder = Feeder(shelf, threaded=False)
    feeder.standby([SourceRef("a"), SourceRef("b")])
    fill_up(feeder)
    feeder.standby([SourceRef("b"), SourceRef("c")])
    fill_up(feeder)

    assert [name for name, _ in shelf.opened] == ["a", "b", "c"]
    assert [stream.closed for stream in shelf.streams] == [True, False, False]


def test_a_taken_source_is_not_closed_when_standby_changes() -> None:
    song = music(3 * RATE)
    feeder = Feeder(Shelf(song=song), threaded=False)
    feeder.standby([SourceRef("song")])
    source = feeder.open(SourceRef("song"))
    feeder.standby([])

    np.testing.assert_array_equal(read_all(feeder, source), song)


def test_two_voices_of_the_same_place_have_a_source_each() -> None:
    song = music(2 * RATE)
    feeder = Feeder(Shelf(song=song), threaded=False)
    feeder.standby([SourceRef("song")])
    first, second = feeder.open(SourceRef("song")), feeder.open(SourceRef("song"))

    np.testing.assert_array_equal(read_all(feeder, first), song)
    np.testing.assert_array_equal(read_all(feeder, second), song)


def test_a_file_that_cannot_be_opened_ends_and_is_told_once() -> None:
    feeder = Feeder(Shelf(), threaded=False)
    source = feeder.open(SourceRef("gone"))
    fill_up(feeder)

    assert source.ended
    assert feeder.failures() == [("gone", "no such file")]
    assert feeder.failures() == []


def test_a_file_that_breaks_is_heard_up_to_there() -> None:
    song = music(4 * RATE)
    feeder = Feeder(Shelf(piece=1000, breaks_at=2 * RATE, song=song), threaded=False)
    source = feeder.open(SourceRef("song"))
    heard = read_all(feeder, source)

    np.testing.assert_array_equal(heard, song[: len(heard)])
    assert 2 * RATE <= len(heard) < 2 * RATE + 1000
    assert feeder.failures() == [("song", "the disk is gone")]


def test_a_defect_in_one_decoder_does_not_end_the_feeding_of_others() -> None:
    song = music(2 * RATE)
    good = Shelf(song=song)

    def opens(path: Path, in_point: Frames) -> FakeStream:
        if path.name == "bad":
            raise ZeroDivisionError
        return good(path, in_point)

    feeder = Feeder(opens, threaded=False)
    feeder.open(SourceRef("bad"))
    source = feeder.open(SourceRef("song"))

    np.testing.assert_array_equal(read_all(feeder, source), song)
    assert feeder.failures() == [("bad", "ZeroDivisionError")]


def test_a_slow_file_does_not_starve_another() -> None:
    feeder = Feeder(Shelf(piece=10, slow=music(3 * RATE), song=music(3 * RATE)), threaded=False)
    slow, other = feeder.open(SourceRef("slow")), feeder.open(SourceRef("song"))
    for _ in range(100):
        feeder.fill_once()

    assert abs(slow.ahead - other.ahead) <= 10
    assert other.ahead > 400


def test_a_long_way_to_an_in_point_does_not_starve_another() -> None:
    far = Shelf(delay=10**9, far=music(RATE))
    near = Shelf(song=music(20 * RATE))
    feeder = Feeder(lambda path, at: (far if path.name == "far" else near)(path, at), threaded=False)
    feeder.open(SourceRef("far"))
    source = feeder.open(SourceRef("song"))
    for _ in range(50):
        feeder.fill_once()
    for _ in range(500):
        feeder.fill_once()
        assert len(source.read(BLOCK // 4)) == BLOCK // 4


def test_a_long_skip_does_not_starve_another() -> None:
    feeder = Feeder(Shelf(piece=1000, long=music(20 * RATE), song=music(20 * RATE)), threaded=False)
    long, source = feeder.open(SourceRef("long")), feeder.open(SourceRef("song"))
    fill_up(feeder)
    long.skip(15 * RATE)
    for _ in range(300):
        feeder.fill_once()
        assert len(source.read(500)) == 500


def test_voices_are_fed_before_those_on_standby() -> None:
    feeder = Feeder(Shelf(song=music(3 * RATE), next=music(3 * RATE)), threaded=False)
    feeder.standby([SourceRef("next")])
    source = feeder.open(SourceRef("song"))
    while source.ahead < RATE - BLOCK:
        feeder.fill_once()

    assert feeder.open(SourceRef("next")).ahead == 0


def test_closing_a_source_gives_its_file_back() -> None:
    shelf = Shelf(song=music(3 * RATE))
    feeder = Feeder(shelf, threaded=False)
    source = feeder.open(SourceRef("song"))
    fill_up(feeder)
    source.close()
    feeder.fill_once()

    assert shelf.streams[0].closed
    assert source.ended


def test_the_thread_fills_by_itself_and_ends_with_close() -> None:
    full = threading.Event()
    song = music(RATE)

    class Telling(FakeStream):
        def read(self, frames: Frames) -> Samples | None:
            samples = super().read(frames)
            if samples is None:
                full.set()
            return samples

    opened: list[Telling] = []

    def opens(path: Path, in_point: Frames) -> Telling:
        opened.append(Telling(song, in_point, 4096, 0, None))
        return opened[-1]

    feeder = Feeder(opens, ring=2 * RATE)
    source = feeder.open(SourceRef("song"))
    assert full.wait(10)
    np.testing.assert_array_equal(source.read(RATE), song)
    feeder.close()
    feeder.close()

    assert opened[0].closed
    assert not any(thread.name == "feeder" and thread.is_alive() for thread in threading.enumerate())

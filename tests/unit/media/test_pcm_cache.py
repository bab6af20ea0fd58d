"""The cache of decoded copies: found again, bounded, and safe with several processes."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.media.pcm_cache import LIMIT_BYTES, PcmCache
from nbd_tui.media.transcode import LONGEST_S
from nbd_tui.model.units import RATE


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.m4a"
    path.write_bytes(b"aac")
    return path


def writes(content: bytes) -> Callable[[Path], None]:
    def write(target: Path) -> None:
        target.write_bytes(content)

    return write


def make_aged(cache: PcmCache, source: Path, size: int, last_use_s: float) -> Path:
    source.write_bytes(source.name.encode())
    copy = cache.make(source, "1", writes(bytes(size)))
    os.utime(copy, (last_use_s, last_use_s))
    return copy


def test_a_copy_is_found_again(tmp_path: Path, song: Path) -> None:
    cache = PcmCache(tmp_path / "cache")

    assert cache.find(song, "1") is None
    copy = cache.make(song, "1", writes(b"pcm"))
    assert cache.find(song, "1") == copy
    assert PcmCache(tmp_path / "cache").find(song, "1") == copy
    assert copy.read_bytes() == b"pcm"


def test_another_version_of_the_decoder_or_a_changed_file_needs_a_new_copy(tmp_path: Path, song: Path) -> None:
    cache = PcmCache(tmp_path / "cache")
    cache.make(song, "1", writes(b"pcm"))

    assert cache.find(song, "2") is None
    os.utime(song, ns=(1, 1))
    assert cache.find(song, "1") is None


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = PcmCache(tmp_path / "cache", limit_bytes=250)
    old, used = make_aged(cache, tmp_path / "old", 100, 1000), make_aged(cache, tmp_path / "used", 100, 500)
    assert cache.find(tmp_path / "used", "1") == used
    newest = make_aged(cache, tmp_path / "new", 100, 3000)

    assert (old.exists(), used.exists(), newest.exists()) == (False, True, True)


def test_the_newest_copy_stays_even_if_it_is_larger_than_the_bound(tmp_path: Path) -> None:
    cache = PcmCache(tmp_path / "cache", limit_bytes=250)
    small, large = make_aged(cache, tmp_path / "small", 100, 1000), make_aged(cache, tmp_path / "large", 1000, 2000)

    assert (small.exists(), large.exists()) == (False, True)


def test_a_failed_decode_leaves_nothing_behind(tmp_path: Path, song: Path) -> None:
    def breaks(target: Path) -> NoReturn:
        target.write_bytes(b"half")
        raise DecodeError("damaged")

    with pytest.raises(DecodeError, match="damaged"):
        PcmCache(tmp_path / "cache").make(song, "1", breaks)
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_a_dead_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path, song: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    dead, alive = folder / "dead.part", folder / "alive.part"
    dead.touch()
    os.utime(dead, (1000, 1000))
    alive.touch()
    PcmCache(folder).make(song, "1", writes(b"pcm"))

    assert (dead.exists(), alive.exists()) == (False, True)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, song: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CircumstanceError, match="cannot be stored"):
        PcmCache(tmp_path / "file" / "cache").make(song, "1", writes(b"pcm"))


@pytest.mark.parametrize("fails", [False, True])
def test_a_copy_made_on_a_full_disk_is_not_kept_and_the_file_not_blamed(
    tmp_path: Path, song: Path, fails: bool
) -> None:
    def cut_short(target: Path) -> None:
        target.write_bytes(b"half")
        if fails:
            raise DecodeError("not a sound file that libVLC knows")

    cache = PcmCache(tmp_path / "cache", free=lambda _: 4096)
    with pytest.raises(CircumstanceError, match="no space left"):
        cache.make(song, "1", cut_short)
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_longest_copy_fits_into_the_cache() -> None:
    assert LONGEST_S * RATE * 4 < LIMIT_BYTES


def test_a_missing_source_is_told(tmp_path: Path) -> None:
    with pytest.raises(CircumstanceError, match="no such file"):
        PcmCache(tmp_path / "cache").find(tmp_path / "gone.m4a", "1")


def test_two_at_once_make_one_whole_copy(tmp_path: Path, song: Path) -> None:
    both_write = threading.Barrier(2, timeout=10)
    copies = []

    def write(target: Path) -> None:
        target.write_bytes(b"half")
        both_write.wait()
        target.write_bytes(b"whole")

    def make() -> None:
        copies.append(PcmCache(tmp_path / "cache").make(song, "1", write))

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert copies[0] == copies[1]
    assert [path.read_bytes() for path in (tmp_path / "cache").iterdir()] == [b"whole"]

"""How long a scan takes beside the bare tag reader and the bare walk: `python -m tests.bench.bench_scan`.

10,000 distinct silent files in four formats, 5 % of them with a picture that makes their tags larger than 100 KB.
Cold means that the system's file cache was dropped before (Linux, as root); elsewhere only warm figures are given.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

from tinytag import TinyTag, TinyTagException

from nbd_tui.library.scan import scan
from nbd_tui.library.walk import is_audio
from nbd_tui.store.database import open_database
from nbd_tui.store.tracks import TrackStore
from tests.unit.library.audio_files import FORMATS

DROP_CACHES = Path("/proc/sys/vm/drop_caches")
PICTURE_SHARE = 0.05


def make_library(root: Path, files: int) -> None:
    """Distinct files, 25 to a folder."""
    random = Random(1)
    for number in range(files):
        ending, make = list(FORMATS.items())[number % len(FORMATS)]
        tags = {"TITLE": f"Title {number}", "ARTIST": f"Artist {number // 25}", "ALBUM": f"Album {number // 25}"}
        tags |= {"GENRE": "Rock", "DATE": "2008", "BPM": str(80 + number % 90), "REPLAYGAIN_TRACK_GAIN": "-7.3 dB"}
        picture = random.randbytes(110_000) if random.random() < PICTURE_SHARE else b""
        folder = root / f"artist {number // 100}" / f"album {number // 25}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:05}.{ending}").write_bytes(make(tags, picture))


def bare_paths(root: str) -> list[str]:
    """The least a walk can do: list, and stat what has the right ending."""
    paths: list[str] = []
    todo = [root]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    todo.append(entry.path)
                elif is_audio(entry.name):
                    entry.stat()
                    paths.append(entry.path)
    return paths


def bare_tags(root: str) -> None:
    """What tinytag alone needs for the same files."""
    for path in bare_paths(root):
        try:
            TinyTag.get(path)
        except TinyTagException:
            continue


def drop_caches() -> bool:
    """True where the system's file cache is empty now."""
    try:
        os.sync()
        DROP_CACHES.write_text("3", encoding="ascii")
    except (OSError, AttributeError):
        return False
    return True


def timed_s(work: Callable[[], object], *, cold: bool, runs: int) -> float:
    """The best of so many runs."""
    best = float("inf")
    for _ in range(runs):
        if cold:
            drop_caches()
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def measure(root: Path, scratch: Path, *, cold: bool, runs: int) -> dict[str, float]:
    """Seconds of each measurement."""
    database = scratch / "nbd.sqlite"

    def one_scan(*, fresh: bool) -> None:
        if fresh:
            for file in scratch.glob("nbd.sqlite*"):
                file.unlink()
        with closing(open_database(database).connect()) as connection:
            scan([root], TrackStore(connection))

    def load() -> None:
        with closing(open_database(database).connect()) as connection:
            TrackStore(connection).all_tracks()

    return {
        "bare tinytag": timed_s(lambda: bare_tags(str(root)), cold=cold, runs=runs),
        "first scan": timed_s(lambda: one_scan(fresh=True), cold=cold, runs=runs),
        "bare stat walk": timed_s(lambda: bare_paths(str(root)), cold=cold, runs=runs),
        "second scan": timed_s(lambda: one_scan(fresh=False), cold=cold, runs=runs),
        "load all tracks": timed_s(load, cold=cold, runs=runs),
    }


def report(title: str, seconds: dict[str, float]) -> None:
    """One table."""
    out = sys.stdout.write
    out(f"\n{title}\n")
    for name, took_s in seconds.items():
        out(f"  {name:<16} {took_s * 1000:9.1f} ms\n")
    out(f"  first scan : bare tinytag   {seconds['first scan'] / seconds['bare tinytag']:.2f}  (goal <= 2)\n")
    out(f"  second scan : bare walk     {seconds['second scan'] / seconds['bare stat walk']:.2f}  (goal <= 3)\n")


def main() -> None:
    """Makes the files, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root, scratch = Path(folder) / "music", Path(folder) / "data"
        scratch.mkdir()
        make_library(root, options.files)
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        sys.stdout.write(f"{options.files} files, {size / 1e6:.0f} MB, best of {options.runs}\n")
        report("warm file cache", measure(root, scratch, cold=False, runs=options.runs))
        if drop_caches():
            report("cold file cache", measure(root, scratch, cold=True, runs=options.runs))
        else:
            sys.stdout.write("\nno cold figures: the file cache can be dropped only on Linux as root\n")


if __name__ == "__main__":
    main()

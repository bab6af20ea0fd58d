"""What a library of 50,000 tracks costs: opening it, each key on it, memory."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from nbd_tui.model.track import Track
from nbd_tui.store.database import open_database
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore
from tests.bench.figures import Figure, median
from tests.bench.place import Place, let_pass
from tests.bench.processes import memory_mb, need_proc
from tests.bench.terminal import Terminal, opened
from tests.e2e.program import Gym

TRACKS: Final = 50_000
KEY_MS: Final = 50.0
MEMORY_MB: Final = 120.0
"""More than without it."""

DOWN: Final = "\x1b[B"


def library(place: Place) -> Iterator[Figure]:
    """From a key to what it shows; the folder is not there, so that nothing else is going on."""
    need_proc()
    gym = _home(place)
    with opened(gym) as terminal:
        terminal.await_text("50,000 tracks")
        let_pass(5.0)
        before = memory_mb([terminal.pid])
        since = terminal.press("l")
        yield Figure(f"library of {TRACKS:,} tracks opened", terminal.await_text("50,000 tracks", since) - since, "s")
        let_pass(2.0)
        more = memory_mb([terminal.pid]) - before
        yield Figure("library: memory more than Home", more, "MB", MEMORY_MB)
        yield median("library: key to another track", _moves(terminal), "ms", KEY_MS)
        yield median("library: key to another order", _sorts(terminal), "ms", 2 * KEY_MS)
        yield median("library: letter to what it finds", _searches(terminal), "ms", KEY_MS)


def _moves(terminal: Terminal) -> list[float]:
    return [_shown_ms(terminal, DOWN, title(place)) for place in range(1, 9)]


def _sorts(terminal: Terminal) -> list[float]:
    """Each order is made when it is asked for first."""
    names = ("BPM", "energy", "loudness", "drops", "suits", "what you like", "title")
    return [_shown_ms(terminal, "s", f"sorted by {name}") for name in names]


def _searches(terminal: Terminal) -> list[float]:
    let_pass(1.0)
    terminal.press("/")
    let_pass(1.0)
    found = []
    for typed in ("4", "49", "491", "4917"):
        count = sum(typed in title(place) for place in range(TRACKS))
        found.append(_shown_ms(terminal, typed[-1], f"{count:,} of {TRACKS:,}"))
    return found


def _shown_ms(terminal: Terminal, key: str, text: str) -> float:
    let_pass(0.4)
    since = terminal.press(key)
    return 1000 * (terminal.await_text(text, since) - since)


def _home(place: Place) -> Gym:
    gym = place.gym()
    folder = (gym.home / "elsewhere").resolve()
    gym.settings(f'[music]\nfolders = ["{folder}"]\nanalyse = false\n[audio]\noutput = "silent"\n')
    tracks = (track(folder, number) for number in range(TRACKS))
    stamp = FileStamp(5_000_000, time.time_ns())
    file = gym.home / "data" / "data" / "nbd.sqlite"
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(open_database(file).connect()) as connection:
        TrackStore(connection).save(ScannedTrack(one, stamp) for one in tracks)
    return gym


def track(folder: Path, number: int) -> Track:
    """One of the tracks, by artist in the order of their numbers."""
    artist = "Artist " + "abcdefghij"[number // 5_000] + "klmnopqrst"[number // 500 % 10]
    path = folder / artist / f"{number:05}.mp3"
    genre = ("Rock", "Metal", "Electronic", "Folk")[number % 4]
    return Track(path, title(number), artist, "Album", genre, 2000, 180.0 + number % 90)


def title(number: int) -> str:
    """Of a track; nothing else that is searched has digits."""
    return f"Song {number:05}"

"""The analysis of a folder, by workers that die or hang where the name of a file says so."""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from nbd_tui.library.analyse import AnalysisReport, Workshop, analyse
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.scan import scan
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import TrackStore
from tests.unit.library.analysing import Run

SABOTAGE = """
import ctypes, os, signal, sys, threading
from nbd_tui.library.analysis import worker

honest_attend, honest_listen = worker.attend, worker.listen

def note(word):
    with open(LOG, "a", errors="backslashreplace") as log:
        print(word, file=log)

def attend(path, *others):
    note(f"began {path.name}")
    if "segfault" in path.name:
        ctypes.string_at(0)
    if "kill" in path.name and not ("once" in path.name and open(LOG).read().count(path.name) > 1):
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    if "hang" in path.name:
        threading.Event().wait()
    return honest_attend(path, *others)

def listen(chunks):
    heard = honest_listen(chunks)
    note("heard")
    return heard

worker.attend, worker.listen = attend, listen
worker.main()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def workshop(tmp_path: Path, log: Path) -> Workshop:
    """Its workers die or hang where a file's name says so, and write down what they do."""
    script = tmp_path / "worker.py"
    script.write_text(f"LOG = {str(log)!r}\n{SABOTAGE}")
    log.touch()

    def command(cache: Path, scratch: Path) -> Sequence[str]:
        return [sys.executable, str(script), str(cache), str(scratch)]

    return Workshop(tmp_path / "cache", tmp_path / "cache" / "pcm", workers=2, command=command)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "nbd.sqlite").connect()) as connection:
        yield connection


@pytest.fixture
def store(connection: sqlite3.Connection) -> HearingStore:
    return HearingStore(connection)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture
def run(music: Path, connection: sqlite3.Connection, store: HearingStore, workshop: Workshop) -> Run:
    """Scans and analyses the folder."""

    def once() -> AnalysisReport:
        scan([music], TrackStore(connection))
        return analyse(store, store.pending(VERSION), workshop)

    return once

"""`nbd analyse`: the library heard in front of the user."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from nbd_tui.cli.scanning import ProgressLine, chosen_folders, tell_missing, tell_outside, tell_wrong, usable
from nbd_tui.errors import printable
from nbd_tui.library.analyse import AnalysisReport, Workshop, analyse, progress_words
from nbd_tui.library.analysis import VERSION
from nbd_tui.library.scan import scan
from nbd_tui.paths import places, with_home_as_tilde
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore, Unheard
from nbd_tui.store.tracks import TrackStore

INTERRUPTED = 130
"""The exit code after Ctrl+C, as shells have it."""
ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that ask a program to end, as far as the system has them."""


def run_analyse(folders: tuple[Path, ...], *, yes: bool) -> int:
    """Brings the database in step with the folders, then has what is new or changed heard.

    Returns:
        0, also where single files cannot be heard; 1 where a folder could not be read or nothing could be heard at
        all; 130 when interrupted, with everything kept that was finished.
    """
    where = places()
    chosen = chosen_folders(folders, yes=yes)
    database = open_database(where.database)
    for notice in database.warnings:
        print(f"! {notice}")
    with database.connected() as connection, _interruptions() as interrupted:
        tracks, hearings, line = TrackStore(connection), HearingStore(connection), ProgressLine()
        there, wrong = usable(chosen, tracks)
        scanned = scan(there, tracks, line.show_scan, interrupted.is_set)
        files = [] if interrupted.is_set() else hearings.pending(VERSION, there)
        report = analyse(
            hearings,
            files,
            Workshop(where.cache, where.pcm_cache),
            lambda progress: line.show(progress_words(progress)),
            interrupted.is_set,
        )
        line.clear()
        tell_wrong(wrong)
        tell_missing(scanned)
        tell_outside(there)
        _tell(report, _count(tracks, there), hearings.unheard(there), _Left(len(files), len(scanned.failures)))
        if interrupted.is_set():
            print("stopped; what was heard is kept, `nbd analyse` goes on from there")
            return INTERRUPTED
        return 1 if report.trouble or wrong or scanned.missing or scanned.unread else 0


class _Left(NamedTuple):
    """What is not in the report of a run."""

    files: int
    """How many it was to hear."""
    unread: int
    """How many are no music, or broken."""


@contextmanager
def _interruptions() -> Iterator[threading.Event]:
    """Set by Ctrl+C, or whatever else asks the program to end, so that what is being written is written.

    A second one ends the program at once.
    """
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (as signal wants it)
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    numbers = [number for name in ENDING if (number := getattr(signal, name, None)) and not _is_under_nohup(name)]
    before = [(number, signal.signal(number, stop)) for number in numbers]
    try:
        yield asked
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _is_under_nohup(name: str) -> bool:
    """Whether a hang-up is to be survived; a shell's background jobs ignore SIGINT, and end by ours all the same."""
    return name == "SIGHUP" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def _count(tracks: TrackStore, folders: Sequence[Path]) -> int:
    roots = [folder for folder in folders if not any(other in folder.parents for other in folders)]
    return sum(tracks.count_below(folder) for folder in dict.fromkeys(roots))


def _tell(report: AnalysisReport, total: int, failures: Sequence[Unheard], left: _Left) -> None:
    """Every file in which nothing can be heard with its reason, and last the counts, which so stay in sight.

    Files that are no music at all are only counted here: there may be many, and `nbd scan` names them.
    """
    for failure in failures:
        print(f"! {printable(with_home_as_tilde(failure.path), 1_000)}: {printable(failure.reason, 1_000)}")
    if report.trouble:
        print(f"! {report.trouble}")
    failed = len(report.failures)
    to_go = left.files - report.heard - report.recognised - failed
    done = ((report.heard, "heard"), (report.recognised, "recognised"), (failed, "failed"), (to_go, "still to hear"))
    words = ", ".join(f"{count:,} {word}" for count, word in done if count)
    print(f"{total:,} track{'' if total == 1 else 's'}: {words or 'nothing new to hear'}")
    if unread := left.unread:
        print(f"{unread:,} file{'' if unread == 1 else 's'} cannot be read: `nbd scan` says why")

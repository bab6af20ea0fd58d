"""`nbd scan`."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from nbd_tui.errors import LibraryError, printable
from nbd_tui.library.scan import ScanProgress, ScanReport, scan
from nbd_tui.library.walk import is_there, require_folder
from nbd_tui.model.units import Seconds
from nbd_tui.paths import places, with_home_as_tilde
from nbd_tui.settings import load_settings
from nbd_tui.store.database import open_database
from nbd_tui.store.tracks import TrackStore

SHOW_EVERY_S: Final[Seconds] = 0.1


def run_scan(folders: tuple[Path, ...], *, yes: bool) -> int:
    """Scans the folders given, else those of the settings, else the system's after a yes."""
    where = places()
    chosen = chosen_folders(folders, yes=yes)
    database = open_database(where.database)
    for notice in database.warnings:
        print(f"! {notice}")
    with database.connected() as connection:
        store, progress = TrackStore(connection), ProgressLine()
        there, wrong = usable(chosen, store)
        try:
            report = scan(there, store, progress.show_scan, lambda: False)
        except KeyboardInterrupt:
            print("\nstopped; what was read is kept, `nbd scan` goes on from there")
            return 130
        progress.clear()
        tell_wrong(wrong)
        code = _tell(report) or (1 if wrong else 0)
        tell_outside(there)
        return code


def chosen_folders(folders: tuple[Path, ...], *, yes: bool) -> tuple[Path, ...]:
    """Those given, else those of the settings, else the system's after a yes.

    Raises:
        LibraryError: there is none.
        SettingsError: the settings cannot be read.
    """
    return folders or load_settings(places().settings_file).music.folders or _system_folder(yes=yes)


def usable(folders: tuple[Path, ...], store: TrackStore) -> tuple[tuple[Path, ...], list[LibraryError]]:
    """The folders that can be scanned, and what is wrong with the others; one whose tracks are known may be missing.

    Raises:
        LibraryError: none of them can be scanned.
    """
    usable: list[Path] = []
    wrong: list[LibraryError] = []
    for folder in (folder.expanduser().absolute() for folder in folders):
        try:
            if is_there(folder) or not store.count_below(folder):
                require_folder(folder)
            usable.append(folder)
        except LibraryError as error:
            wrong.append(error)
    if wrong and not usable:
        raise wrong[0]
    return tuple(usable), wrong


def tell_outside(folders: Sequence[Path]) -> None:
    """What to do so that workouts play from folders that the settings do not name."""
    known = [folder.expanduser() for folder in load_settings(places().settings_file).music.folders]
    for folder in folders:
        if not any(folder.is_relative_to(one) for one in known):
            name = printable(with_home_as_tilde(folder), 1_000)
            print(f"{name} is not one of your music folders: the settings (key , in nbd) add it, --music plays it once")


def _system_folder(*, yes: bool) -> tuple[Path, ...]:
    """The system's music folder, only when the user says so.

    Raises:
        LibraryError: they do not, or there is none.
    """
    from platformdirs import user_music_path

    folder = user_music_path()
    hint = f"nbd scan FOLDER, or [music] folders in {with_home_as_tilde(places().settings_file)}"
    if not folder.is_dir():
        raise LibraryError("no music folder is set", hint=hint)
    if yes or (
        sys.stdin.isatty() and input(f"Read {with_home_as_tilde(folder)}? [y/N] ").strip().lower() in {"y", "yes"}
    ):
        return (folder,)
    raise LibraryError("no music folder is set", hint=hint)


class ProgressLine:
    """One line that is written over, on a terminal only."""

    def __init__(self) -> None:
        self._shown_at = 0.0
        self._terminal = sys.stderr.isatty()

    def show(self, line: str) -> None:
        """Writes it, a few times a second at most."""
        now = time.monotonic()
        if self._terminal and now - self._shown_at >= SHOW_EVERY_S:
            self._shown_at = now
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    def show_scan(self, progress: ScanProgress) -> None:
        """How far a scan is."""
        to_read = "" if progress.to_read is None else f" of {progress.to_read:,}"
        self.show(f"{progress.found:,} files found, {progress.read:,}{to_read} read")

    def clear(self) -> None:
        """Takes it away."""
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def tell_wrong(wrong: Sequence[LibraryError]) -> None:
    """A line for each folder that cannot be scanned."""
    for error in wrong:
        print(f"! {printable(with_home_as_tilde(error.file or Path()), 1_000)}: {error.message}")


def tell_missing(report: ScanReport) -> None:
    """A line for each folder that is not there or cannot be listed."""
    for missing in report.missing:
        print(f"! {printable(with_home_as_tilde(missing), 1_000)}: not there now; what is known of it is kept")
    for unread in report.unread:
        print(f"! {printable(with_home_as_tilde(unread.path), 1_000)}: {unread.reason}")


def _tell(report: ScanReport) -> int:
    """The counts, and every file that could not be read with its reason; 1 where a whole folder could not be."""
    counts = (
        ("new", report.added),
        ("changed", report.changed),
        ("unchanged", report.unchanged),
        ("gone", report.gone),
    )
    words = ", ".join(f"{count:,} {word}" for word, count in (*counts, ("back", report.back)) if count)
    if report.found and len(report.failures) >= report.found:
        print(f"{report.found:,} files, none could be read")
    else:
        print(f"{report.found:,} files: {words or 'nothing to read'}")
    tell_missing(report)
    for failure in report.failures:
        print(f"! {printable(with_home_as_tilde(failure.path), 1_000)}: {failure.reason}")
    return 1 if report.missing or report.unread else 0

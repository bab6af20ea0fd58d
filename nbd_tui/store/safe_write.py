"""Writing a user's text file so that a crash leaves the old one or the new one, never half of either."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_text(file: Path, text: str) -> None:
    """Puts `text` into `file` as UTF-8: written beside it, brought to the disk, renamed over it.

    A link keeps leading to its target, and the file keeps its mode; folders are made as needed.

    Raises:
        OSError: it cannot be written; the old file is untouched.
    """
    target = file.resolve()
    fresh = _written_beside(target, text)
    try:
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def write_new_text(file: Path, text: str) -> None:
    """As `write_text`, for a file that must not be there yet.

    Raises:
        FileExistsError: something of that name is there; it is untouched.
        OSError: it cannot be written.
    """
    fresh = _written_beside(file, text)
    try:
        move_to_free_name(fresh, file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def move_to_free_name(file: Path, target: Path) -> None:
    """Gives a file another name in the same file system, and never takes the place of what has that name already.

    Raises:
        FileExistsError: something has that name.
        OSError: it cannot be moved.
    """
    if not file.is_symlink() and _hard_linked(file, target):
        file.unlink()
    else:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        file.rename(target)
    sync_folder(target.parent)


def _hard_linked(file: Path, target: Path) -> bool:
    """Whether `file` has the second name `target` now; not every file system can, and there two steps are needed."""
    try:
        target.hardlink_to(file)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        return False
    return True


def _written_beside(target: Path, text: str) -> Path:
    """A new file in the folder of `target`, on the disk, with the mode that `target` has or should have."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as new:
        fresh = Path(new.name)
        try:
            new.write(text.encode("utf-8"))
            new.flush()
            os.fsync(new.fileno())
            fresh.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        except BaseException:
            new.close()
            fresh.unlink(missing_ok=True)
            raise
    return fresh


def sync_folder(folder: Path) -> None:
    """Brings names in a folder to the disk; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

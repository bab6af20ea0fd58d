"""Writing a user's text file so that a crash leaves the old one or the new one, never half of either."""

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
    try:
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Brings the new name to the disk; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""A file is the old one or the new one, whatever happens."""

import os
import sys
from pathlib import Path

import pytest

from nbd_tui.store.safe_write import write_text


def test_writes_a_new_file_and_its_folders(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b.toml"
    write_text(file, 'name = "Größe"\n')
    assert file.read_bytes() == 'name = "Größe"\n'.encode()


def test_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "mine" / "b.toml"
    file.parent.mkdir()
    file.write_text("old and much longer than the new one")
    write_text(file, "new")
    assert file.read_text() == "new"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links are POSIX")
def test_keeps_the_mode_and_follows_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_refuses_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine" / "b.toml"
    file.parent.mkdir()
    file.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_text(file, "new")
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]

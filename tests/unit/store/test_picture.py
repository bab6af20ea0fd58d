"""The kept picture of Home: it holds for what it was painted of, and for nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from nbd_tui.paths import Places
from nbd_tui.store.picture import keep_picture, kept_picture, picture_key
from nbd_tui.store.recall import Files

FILES = Files(b"[home]", ((Path("a.toml"), b"name = 'a'"),), (1, 2))
TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": "/somewhere"}


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return Places(tmp_path / "settings.toml", tmp_path / "presets", tmp_path, tmp_path, tmp_path / "cache")


def key(
    files: Files = FILES,
    size: tuple[int, int] = (80, 24),
    environ: Mapping[str, str] = TERMINAL,
    encoding: str | None = "utf-8",
) -> str:
    found = picture_key(files, size, environ, encoding)
    assert found is not None
    return found


def test_what_was_kept_is_found_again(where: Places) -> None:
    assert kept_picture(where, key()) is None
    keep_picture(where, key(), "\x1b[1mHome ♪")
    assert kept_picture(where, key(environ={**TERMINAL, "HOME": "/elsewhere"})) == "\x1b[1mHome ♪"


@pytest.mark.parametrize(
    "other",
    [
        key(files=replace(FILES, settings=b"[audio]")),
        key(files=replace(FILES, presets=())),
        key(size=(24, 80)),
        key(environ={**TERMINAL, "TERM": "xterm"}),
        key(environ={**TERMINAL, "NO_COLOR": "1"}),
        key(environ={**TERMINAL, "TEXTUAL_COLOR_SYSTEM": "256"}),
        key(encoding="ascii"),
        key(encoding=None),
    ],
)
def test_it_holds_for_nothing_else(where: Places, other: str) -> None:
    keep_picture(where, key(), "Home")
    assert kept_picture(where, other) is None
    keep_picture(where, other, "another Home")
    assert (kept_picture(where, other), kept_picture(where, key())) == ("another Home", None)


@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_there_is_none_where_the_size_is_said_otherwise(name: str) -> None:
    assert picture_key(FILES, (80, 24), {**TERMINAL, name: "60"}, "utf-8") is None
    assert picture_key(FILES, (80, 24), {**TERMINAL, name: ""}, "utf-8") is not None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"5", b"\xff", b'{"key": "KEY"}', b"[" * 100_000])
def test_a_damaged_one_is_none(where: Places, damage: bytes) -> None:
    where.cache.mkdir()
    keep_picture(where, key(), "Home")
    (file,) = where.cache.iterdir()
    file.write_bytes(damage.replace(b"KEY", key().encode()))
    assert kept_picture(where, key()) is None


def test_the_same_is_not_written_again_and_what_cannot_be_written_is_no_trouble(where: Places) -> None:
    keep_picture(where, key(), "Home")
    (file,) = where.cache.iterdir()
    before = file.stat()
    keep_picture(where, key(), "Home")
    assert file.stat().st_ino == before.st_ino
    keep_picture(replace(where, cache=file), key(), "Home")
    keep_picture(where, key(), "H" * (1 << 21))
    assert kept_picture(where, key()) == "Home"

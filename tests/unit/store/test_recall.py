"""The note of what an earlier start found good: true to the files, and gone with the first byte that differs."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nbd_tui.paths import Places
from nbd_tui.settings import load_settings
from nbd_tui.store import recall as recalling
from nbd_tui.store.presets import load_presets
from nbd_tui.store.recall import Files, FirstLook, files_now, is_noted, recall, remember
from nbd_tui.workout.compile import compile_timeline

MINE = """
name = "Mine [/b]"
description = "two\\nlines"
[[blocks]]
repeat = 2
phases = [{ kind = "work", duration = 5, label = "Go {n}" }, { kind = "rest", duration = "open" }]
"""


@pytest.fixture
def where(tmp_path: Path) -> Places:
    presets = tmp_path / "presets"
    presets.mkdir()
    (presets / "mine.toml").write_text(MINE, encoding="utf-8")
    (presets / "demo.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "settings.toml").write_text('[screen]\ntheme = "mono"\n[keys]\n"home.quit" = "f9"\n', encoding="utf-8")
    return Places(tmp_path / "settings.toml", presets, tmp_path / "data", tmp_path / "state", tmp_path / "cache")


def look_at(where: Places) -> FirstLook:
    settings, presets = load_settings(where.settings_file), load_presets(where.presets)
    return FirstLook(
        settings.screen.theme, settings.screen.glove, ("mine",), settings.keys, presets.loaded, ("bad.toml: why",)
    )


def noted(where: Places) -> Files:
    files = files_now(where)
    assert files is not None
    remember(where, files, look_at(where))
    return files


def test_what_was_noted_is_recalled(where: Places) -> None:
    files, look = noted(where), look_at(where)
    found = recall(where, files_now(where))
    assert found is not None
    assert is_noted(where, files)
    assert replace(found, presets=()) == replace(look, presets=())
    assert [(one.id, one.builtin, one.file, one.warnings, one.text) for one in found.presets] == [
        (one.id, one.builtin, one.file, one.warnings, one.text) for one in look.presets
    ]
    assert [one.outline for one in found.presets] == [one.outline for one in look.presets]
    assert [one.preset for one in found.presets] == [one.preset for one in look.presets]
    assert [one.pins for one in found.presets] == [one.pins for one in look.presets]


def test_an_outline_has_the_phases_of_the_workout(where: Places) -> None:
    for loaded in load_presets(where.presets).loaded:
        whole = compile_timeline(loaded.preset)
        drawn = loaded.outline.timeline
        assert [(one.index, one.kind, one.start_s, one.duration_s) for one in drawn.segments] == [
            (one.index, one.kind, one.start_s, one.duration_s) for one in whole.segments
        ]
        assert (drawn.name, drawn.total_s, drawn.has_open) == (whole.name, whole.total_s, whole.has_open)


def settings_changed(where: Places) -> None:
    where.settings_file.write_text('[screen]\ntheme = "ring"\n', encoding="utf-8")


def settings_gone(where: Places) -> None:
    where.settings_file.unlink()


def preset_changed(where: Places) -> None:
    (where.presets / "mine.toml").write_text(MINE.replace("5", "6"), encoding="utf-8")


def preset_added(where: Places) -> None:
    (where.presets / "new.toml").write_text(MINE, encoding="utf-8")


def preset_gone(where: Places) -> None:
    (where.presets / "mine.toml").unlink()


def preset_renamed(where: Places) -> None:
    (where.presets / "mine.toml").rename(where.presets / "other.toml")


@pytest.mark.parametrize(
    "change", [settings_changed, settings_gone, preset_changed, preset_added, preset_gone, preset_renamed]
)
def test_a_note_ends_with_any_change_of_a_file(where: Places, change: Callable[[Places], None]) -> None:
    noted(where)
    change(where)
    assert recall(where, files_now(where)) is None


def test_a_note_ends_with_the_version_that_made_it(where: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(where)
    monkeypatch.setattr(recalling, "__version__", "99.0")
    assert recall(where, files_now(where)) is None


def test_a_note_ends_with_the_modules_that_checked(where: Places) -> None:
    files = noted(where)
    assert recall(where, replace(files, checkers=(*files.checkers[1:], 5))) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: "",
        lambda note: "{",
        lambda note: note[: len(note) // 2],
        lambda note: "[]",
        lambda note: "null",
        lambda note: "[" * 100_000,
        lambda note: json.dumps({"digest": json.loads(note)["digest"]}),
        lambda note: json.dumps({**json.loads(note), "look": []}),
        lambda note: json.dumps({**json.loads(note), "look": {**json.loads(note)["look"], "keys": 5}}),
        lambda note: json.dumps({**json.loads(note), "look": {**json.loads(note)["look"], "presets": [[]]}}),
        lambda note: note.replace('"work"', '"sleep"'),
    ],
)
def test_a_spoilt_note_is_none(where: Places, spoil: Callable[[str], str]) -> None:
    files = noted(where)
    note = next(where.cache.iterdir())
    note.write_text(spoil(note.read_text(encoding="utf-8")), encoding="utf-8")
    assert recall(where, files) is None
    remember(where, files, look_at(where))
    assert recall(where, files) is not None


def test_what_a_newer_schema_says_is_not_noted(where: Places) -> None:
    (where.presets / "newer.toml").write_text(f"schema_version = 99\nfuture = 1979-05-27\n{MINE}", encoding="utf-8")
    noted(where)
    assert recall(where, files_now(where)) is None


def test_a_cache_that_cannot_be_written_is_no_obstacle(where: Places) -> None:
    where.cache.write_text("a file", encoding="utf-8")
    noted(where)
    assert recall(where, files_now(where)) is None


def test_no_settings_file_is_a_thing_to_note_too(where: Places) -> None:
    where.settings_file.unlink()
    noted(where)
    assert recall(where, files_now(where)) is not None


def test_what_is_no_ordinary_file_is_left_to_those_who_say_why(where: Places) -> None:
    (where.presets / "folder.toml").mkdir()
    assert files_now(where) is None
    (where.presets / "folder.toml").rmdir()
    where.settings_file.unlink()
    where.settings_file.symlink_to("nowhere")
    assert files_now(where) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_does_not_hang_the_start(where: Places) -> None:
    os.mkfifo(where.presets / "pipe.toml")
    assert files_now(where) is None

"""A value of the wrong type, in whatever key: a message with file, key and line, and the file stays as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from nbd_tui.errors import PresetError, SettingsError
from nbd_tui.settings import Settings, load_settings
from nbd_tui.store.presets import load_preset_file
from nbd_tui.workout.phase import PhaseKind

VALUES = ["-1", "nan", "9" * 25, "true", "1979-05-27", "[[]]", "{ a = { b = 1 } }", '"\\u001b[31m"']
WRONG_FOR_ALL = {"1979-05-27", "{ a = { b = 1 } }"}


def keys() -> Iterator[str]:
    for table, info in Settings.model_fields.items():
        yield table
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from (f"{table}.{key}" for key in info.annotation.model_fields)
    for name in ("path", "album", "from", "drop"):
        yield f"music.pins.{PhaseKind.WORK}.{name}"
    for name in ("bpm", "energy"):
        yield f"music.bands.{PhaseKind.WORK}.{name}"
    yield from ("music.pins.work", "music.bands.work", "keys.workout.pause")


def refusal(file: Path) -> SettingsError | None:
    try:
        load_settings(file)
    except SettingsError as error:
        return error
    return None


@pytest.mark.parametrize("key", keys())
def test_every_key_of_the_settings(tmp_path: Path, key: str) -> None:
    file = tmp_path / "settings.toml"
    refused = set()
    for value in VALUES:
        text = f"# mine\n{key} = {value}\n"
        file.write_text(text, encoding="utf-8")
        if (error := refusal(file)) is not None:
            refused.add(value)
            assert error.file == file
            assert error.problems
            assert all(problem.line == 2 for problem in error.problems), str(error)
            assert all(problem.key.startswith(key.partition(".")[0]) for problem in error.problems), str(error)
            assert "\x1b" not in str(error)
        assert file.read_text(encoding="utf-8") == text
    assert refused >= WRONG_FOR_ALL


@pytest.mark.parametrize("key", ["from", "drop"])
@pytest.mark.parametrize("value", ["[]", "{}", "false"])
def test_a_point_in_a_track(tmp_path: Path, key: str, value: str) -> None:
    file = tmp_path / "preset.toml"
    music = f'music = {{ path = "x.mp3", {key} = {value} }}'
    file.write_text(
        f'name = "X"\n[[blocks]]\n[[blocks.phases]]\nkind = "work"\nduration = 9\n{music}\n', encoding="utf-8"
    )
    with pytest.raises(PresetError, match="is not a length of time") as refused:
        load_preset_file(file)
    assert [(problem.key, problem.line) for problem in refused.value.problems] == [
        (f"blocks.0.phases.0.music.{key}", 6)
    ]


def test_a_number_of_thousands_of_digits(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"audio.music_volume = {'9' * 5000}", encoding="utf-8")
    with pytest.raises(SettingsError, match="not TOML") as refused:
        load_settings(file)
    assert "thousands of digits" in str(refused.value)

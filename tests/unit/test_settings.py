import ast
import inspect
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import BaseModel

from nbd_tui.errors import SettingsError
from nbd_tui.keymap import BINDINGS, keys_of
from nbd_tui.paths import example_settings
from nbd_tui.settings import AudioSettings, HomeSettings, MusicSettings, ScreenSettings, Settings, load_settings
from nbd_tui.workout.phase import PhaseKind


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def refusal(file: Path, text: str) -> SettingsError:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert caught.value.file == file
    assert file.read_text(encoding="utf-8") == text
    return caught.value


FRAGMENTS = [
    *(
        "[audio]",
        "[music]",
        "[keys]",
        "[music.pins]",
        "output = ",
        "folders = ",
        "work = ",
        '"workout.pause" = ',
        "'x'",
        "\n",
        "=",
    ),
    *("[", "]", "{", "}", "~", "1", "nan", "inf", "true", '"', "\\u001b", ".", "é", "1979-05-27", "9" * 20),
]
"""Of which hostile settings are made."""


class TestLoading:
    def test_no_file_and_an_empty_file_are_the_defaults(self, file: Path) -> None:
        assert load_settings(file) == Settings()
        assert load_settings(file / "below a file that is not there") == Settings()
        file.write_text("", encoding="utf-8")
        assert load_settings(file) == Settings()

    def test_reads_every_part(self, file: Path) -> None:
        file.write_text(
            '[audio]\noutput = "vlc"\nduck_db = -6\nfade_s = 0\n'
            '[screen]\nkeep_awake = false\n[keys]\n"workout.pause" = "p"\n',
            encoding="utf-8",
        )
        found = load_settings(file)
        assert (found.audio.output, found.audio.duck_db, found.audio.fade_s, found.audio.music_volume) == (
            "vlc",
            -6,
            0,
            70,
        )
        assert not found.screen.keep_awake
        assert keys_of("workout.pause", found.keys) == ("p",)

    def test_paths_begin_at_home_or_at_the_settings_file(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        home = file.parent / "home"
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("USERPROFILE", str(home))
        absolute = file.parent / "else where" / "b.m3u"
        file.write_text(
            f"[music]\nfolders = ['~/Music', 'near']\n[music.pins]\nwork = '{absolute}'\ncool-down = '~/calm'\n",
            encoding="utf-8",
        )
        music = load_settings(file).music
        assert music.folders == (home / "Music", file.parent / "near")
        assert {kind: pin.path for kind, pin in music.pins.items()} == {
            PhaseKind.WORK: str(absolute), PhaseKind.COOL_DOWN: str(home / "calm"),
        }  # fmt: skip

    def test_ids_of_actions_need_no_quotes(self, file: Path) -> None:
        file.write_text('[keys]\nworkout.pause = "p"\n[keys.home]\nquit = "w"\n', encoding="utf-8")
        assert load_settings(file).keys == {"workout.pause": "p", "home.quit": "w"}


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("[audio]\nmusic_volume = 101", "line 2: audio.music_volume: must be at most 100, not 101"),
            ('[audio]\nmusic_volume = "70"', 'line 2: audio.music_volume: must be a whole number, not "70"'),
            ("[audio]\nmusic_volume = true", "line 2: audio.music_volume: must be a whole number, not true"),
            ("[audio]\nduck_db = 3", "line 2: audio.duck_db: must be at most 0, not 3"),
            ("[audio]\nduck_db = nan", "line 2: audio.duck_db: must be a number, not nan"),
            ('[audio]\noutput = "vcl"', 'line 2: audio.output: "vcl" is not one of the choices (did you mean "vlc"?)'),
            ("[audio]\nvolume = 3", "line 2: audio.volume: is not a known key"),
            ("\n[audoi]\n", 'line 2: audoi: is not a known key (did you mean "audio"?)'),
            ("[audio]\noutptu = 1", 'did you mean "output"?'),
            ("audio = 3", "line 1: audio: must be a table, not 3"),
            ('[screen]\nkeep_awake = "no"', 'line 2: screen.keep_awake: must be true or false, not "no"'),
            ("[music]\nfolders = '~/Music'", 'line 2: music.folders: must be a list, not "~/Music"'),
            ("[music]\nfolders = [\n'a',\n3,\n]", "line 4: music.folders.1: must be a path in quotes, not 3"),
            ("[music]\nfolders = ['']", 'line 2: music.folders.0: "" is not a path'),
            ('[music]\nfolders = ["a\\u0000b"]', "is not a path"),
            (
                "[music.pins]\nwrok = 'a'",
                'line 2: music.pins.wrok: "wrok" is not one of the choices (did you mean "work"?)',
            ),
            ('[music]\narc = "mont"', 'line 2: music.arc: "mont" is not one of the choices (did you mean "montage"?)'),
            ("[music]\nshort_rest = 3", 'line 2: music.short_rest: is not a known key (did you mean "short_rest_s"?)'),
            ("[music]\noutliers = 101", "line 2: music.outliers: must be at most 100, not 101"),
            (
                "[music.bands]\nrest = { bmp = [90, 99] }",
                'line 2: music.bands.rest.bmp: is not a known key (did you mean "bpm"?)',
            ),
            (
                "[music.bands]\nwork.bpm = [142, 125]",
                "line 2: music.bands.work.bpm: the lower number comes first (write [125, 142])",
            ),
            ("[music.bands]\nwork.bpm = 142", "line 2: music.bands.work.bpm: must be two numbers"),
            ("[music.bands]\nwork.bpm = [9, 99]", "line 2: music.bands.work.bpm: must be between 30 and 300"),
            ("[music.bands]\nwork.bpm = [99, 99]", "line 2: music.bands.work.bpm: is too narrow"),
            ("[music.pins]\nwork = 3", "line 2: music.pins.work: must be a path in quotes or a table, not 3"),
            ("[music.pins]\nwork = ''", 'line 2: music.pins.work: "" is not a path'),
            (
                "[music.pins]\nwork = { path = 'x', form = 3 }",
                'line 2: music.pins.work.form: is not a known key (did you mean "from"?)',
            ),
            ("[keys]\n'workout.pause' = 3", "line 2: keys.workout.pause: must be text in quotes, not 3"),
            ("[keys]\n\n'workout.pause' = 'm'", "line 3: keys.workout.pause: the key m is both"),
            (
                "[keys]\nworkout.pawse = 'p'",
                'line 2: keys.workout.pawse: is not an action (did you mean "workout.pause"?)',
            ),
            ("keys = 3", "line 1: keys: must be a table, not 3"),
            ("[audio]\noutput vlc", "line 2: Expected '='"),
        ],
    )
    def test_says_line_key_and_hint(self, file: Path, text: str, says: str) -> None:
        assert says in str(refusal(file, text))

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows takes any name for the neighbour of the user's home")
    def test_a_home_that_does_not_exist_is_refused(self, file: Path) -> None:
        message = str(refusal(file, "[music]\nfolders = ['~nobody_at_all/x']"))
        assert 'line 2: music.folders.0: "~nobody_at_all/x": there is no such home folder' in message

    def test_tells_all_at_once_from_top_to_end(self, file: Path) -> None:
        error = refusal(file, "[screen]\nkeep_awake = 1\n[audio]\nfade_s = -1\nzz = 2\n")
        assert [problem.line for problem in error.problems] == [2, 4, 5]

    def test_a_thousand_mistakes_are_told_in_a_screenful(self, file: Path) -> None:
        assert len(str(refusal(file, "".join(f"k{number} = 1\n" for number in range(1000)))).splitlines()) < 25

    def test_a_folder_in_its_place_is_refused(self, file: Path) -> None:
        file.mkdir()
        with pytest.raises(SettingsError, match="folder"):
            load_settings(file)

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.sampled_from(FRAGMENTS),
            max_size=25,
        )
    )
    def test_any_text_gives_settings_or_a_settings_error(self, file: Path, parts: list[str]) -> None:
        file.write_text("".join(parts), encoding="utf-8")
        shown = "defaults"
        try:
            load_settings(file)
        except SettingsError as error:
            shown = str(error)
        assert all(line.isprintable() for line in shown.splitlines())


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The docstring under each field."""
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            assert isinstance(below.value, ast.Constant)
            found[field.target.id] = str(below.value.value)
    return found


TABLES: dict[str, type[BaseModel]] = {
    "audio": AudioSettings,
    "music": MusicSettings,
    "screen": ScreenSettings,
    "home": HomeSettings,
}


class TestExample:
    """`config.example.toml` keeps in step with the model."""

    @pytest.fixture
    def text(self) -> str:
        return example_settings().read_text(encoding="utf-8")

    @pytest.fixture
    def uncommented(self, text: str) -> dict[str, Any]:
        return tomllib.loads(re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE))

    def test_loads_as_it_is_and_changes_nothing(self) -> None:
        assert load_settings(example_settings()) == Settings()

    def test_has_every_key_and_none_besides(self, uncommented: dict[str, Any]) -> None:
        assert list(uncommented) == list(Settings.model_fields)
        assert set(uncommented) == {*TABLES, "keys"}
        for name, model in TABLES.items():
            assert list(uncommented[name]) == list(model.model_fields)
        assert list(uncommented["keys"]) == [binding.id for binding in BINDINGS]

    def test_its_values_are_the_defaults(self, uncommented: dict[str, Any], file: Path, text: str) -> None:
        file.write_text(re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE), encoding="utf-8")
        loaded = load_settings(file)
        assert loaded.model_copy(update={"keys": {}}) == Settings()
        assert all(keys_of(binding.id, loaded.keys) == keys_of(binding.id, {}) for binding in BINDINGS)
        assert uncommented["audio"]["music_volume"] == Settings().audio.music_volume

    @pytest.mark.parametrize("name", TABLES)
    def test_the_comment_of_a_key_is_its_docstring(self, name: str, text: str) -> None:
        table = text.split(f"\n[{name}]\n")[1].partition("\n[")[0]
        paragraphs = {
            paragraph.rsplit("\n#", 1)[1].split(" =")[0]: paragraph for paragraph in table.strip().split("\n\n")
        }
        docstrings = _docstrings(TABLES[name])
        assert paragraphs.keys() == docstrings.keys() == TABLES[name].model_fields.keys()
        for key, paragraph in paragraphs.items():
            assert paragraph.splitlines()[0] == f"# {docstrings[key]}"

    def test_the_comment_of_a_binding_is_its_label(self, text: str) -> None:
        for binding in BINDINGS:
            assert re.search(rf'^#"{re.escape(binding.id)}" = .*  # {re.escape(binding.label)}$', text, re.MULTILINE)

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from nbd_tui.errors import NbdError, PresetError
from nbd_tui.paths import asset
from nbd_tui.soundtrack.pin import Pin
from nbd_tui.store import presets as presets_module
from nbd_tui.store.presets import BUILTIN_ORDER, LoadedPreset, Presets, find_preset, load_preset_file, load_presets
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline

GOOD = 'name = "{name}"\n[[blocks]]\n[[blocks.phases]]\nkind = "work"\nduration = "0:30"\n'

A_SECOND = "phases = [{ kind = 'work', duration = 1 }]"

FRAGMENTS = [
    *(
        *GOOD.splitlines(keepends=True),
        "[cues]\n",
        "[[blocks.phases]]\n",
        "schema_version = 9\n",
        "repeat = ",
        "label = ",
    ),
    *("'{n}'", "'{'", "[", "]", "\n", "=", "{", "}", "10000000000", "-1", "nan", "'open'", '"\\u001b"', "é", "true"),
]
"""Of which hostile presets are made."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "presets"
    made.mkdir()
    return made


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal(file: Path) -> PresetError:
    with pytest.raises(PresetError) as caught:
        load_preset_file(file)
    assert caught.value.file == file
    return caught.value


def shape(timeline: Timeline, *kinds: PhaseKind) -> list[float | None]:
    """Lengths of the phases of these kinds, in order."""
    return [segment.duration_s for segment in timeline.segments if segment.kind in kinds]


class TestBuiltins:
    @pytest.fixture(scope="class")
    def builtins(self) -> dict[str, LoadedPreset]:
        found = load_presets(Path("/nonexistent/presets"))
        assert found.errors == ()
        assert tuple(loaded.id for loaded in found.loaded) == BUILTIN_ORDER
        return {loaded.id: loaded for loaded in found.loaded}

    def test_every_shipped_file_has_its_place_in_the_order(self) -> None:
        assert {file.stem for file in asset("presets").glob("*.toml")} == set(BUILTIN_ORDER)

    def test_all_are_described_and_without_warnings(self, builtins: dict[str, LoadedPreset]) -> None:
        for loaded in builtins.values():
            assert loaded.builtin
            assert loaded.warnings == ()
            assert len(loaded.preset.description) > 60

    @pytest.mark.parametrize(
        ("preset_id", "lengths"),
        [
            ("tabata", [20, 10] * 7 + [20]),
            ("boxing-12x3", [180, 60] * 11 + [180]),
            ("boxing-3x2", [120, 30] * 2 + [120]),
            ("mma-5x5", [300, 60] * 4 + [300]),
            ("mma-3x5", [300, 60] * 2 + [300]),
            ("emom-10", [60] * 10),
            ("circuit", ([40, 20] * 5 + [40, 90]) * 2 + [40, 20] * 5 + [40]),
            ("strength", [None, 90] * 4 + [None]),
        ],
    )
    def test_the_classics_are_exact(
        self, builtins: dict[str, LoadedPreset], preset_id: str, lengths: list[float | None]
    ) -> None:
        timeline = compile_timeline(builtins[preset_id].preset)
        assert shape(timeline, PhaseKind.WORK, PhaseKind.REST, PhaseKind.BREAK) == lengths
        assert timeline.segments[0].kind is PhaseKind.PREPARE
        assert timeline.segments[0].duration_s == 10

    def test_the_demo_shows_the_kinds_of_phases_in_two_minutes(self, builtins: dict[str, LoadedPreset]) -> None:
        timeline = compile_timeline(builtins["demo"].preset)
        assert 110 <= timeline.total_s <= 130
        assert {segment.kind for segment in timeline.segments} == set(PhaseKind) - {PhaseKind.BREAK}
        assert len(shape(timeline, PhaseKind.WORK)) > 1


class TestLoading:
    def test_the_users_presets_come_first_by_name(self, folder: Path) -> None:
        write(folder, "b.toml", GOOD.format(name="alpha"))
        write(folder, "a.toml", GOOD.format(name="Beta"))
        loaded = load_presets(folder).loaded
        assert [one.id for one in loaded[:3]] == ["b", "a", BUILTIN_ORDER[0]]
        assert [one.builtin for one in loaded[:3]] == [False, False, True]
        assert loaded[0].file == folder / "b.toml"

    def test_a_users_preset_takes_the_place_of_a_builtin_one(self, folder: Path) -> None:
        write(folder, "tabata.toml", GOOD.format(name="My Tabata"))
        loaded = load_presets(folder).loaded
        (mine,) = [one for one in loaded if one.id == "tabata"]
        assert mine.preset.name == "My Tabata"
        assert mine.warnings == ('takes the place of the built-in preset "Tabata"',)
        assert len(loaded) == len(BUILTIN_ORDER)

    def test_broken_files_hide_no_others(self, folder: Path) -> None:
        write(folder, "bad.toml", "name = ")
        write(folder, "latin.toml", "name = 'é'".encode("latin-1"))
        write(folder, "empty.toml", "")
        write(folder, "tabata.toml", "nmae = 3")
        (folder / "folder.toml").mkdir()
        write(folder, "good.toml", GOOD.format(name="Good"))
        found = load_presets(folder)
        assert {one.id for one in found.loaded} == {"good", *BUILTIN_ORDER}
        assert sorted(error.file.name for error in found.errors if error.file) == [
            "bad.toml", "empty.toml", "folder.toml", "latin.toml", "tabata.toml",
        ]  # fmt: skip

    def test_other_and_hidden_files_are_no_presets(self, folder: Path) -> None:
        write(folder, "notes.txt", "x")
        write(folder, "._mac.toml", b"\x00\x05")
        write(folder, "LOUD.TOML", GOOD.format(name="Loud"))
        found = load_presets(folder)
        assert found.errors == ()
        assert found.loaded[0].id == "LOUD"

    def test_a_file_in_the_folders_place_is_said(self, tmp_path: Path) -> None:
        file = write(tmp_path, "presets", "x")
        found = load_presets(file)
        assert [error.file for error in found.errors] == [file]
        assert len(found.loaded) == len(BUILTIN_ORDER)

    def test_an_unreadable_folder_is_said(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def denied(self: Path) -> None:
            raise PermissionError(13, "Permission denied")

        builtins = load_presets(folder)
        monkeypatch.setattr(Path, "iterdir", denied)
        found = load_presets(folder)
        assert "cannot be read: Permission denied" in str(found.errors[0])
        assert builtins.errors == ()

    def test_an_installation_without_presets_still_has_the_users(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(*parts: str) -> Path:
            raise NbdError("this installation lacks assets/presets")

        monkeypatch.setattr(presets_module, "asset", missing)
        write(folder, "a.toml", GOOD.format(name="Mine"))
        found = load_presets(folder)
        assert [one.id for one in found.loaded] == ["a"]
        assert "lacks assets/presets" in str(found.errors[0])

    def test_pins_begin_at_home_or_at_the_presets_folder(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("USERPROFILE", str(folder))
        text = GOOD.format(name="x") + '[music.pins]\nwork = "~/heavy"\nrest = "calm.m3u"\nbreak = "~nobody_at_all"\n'
        loaded = load_preset_file(write(folder, "a.toml", text))
        with pytest.raises(PresetError, match="no such home folder"):
            _ = loaded.pins
        text = text.replace('break = "~nobody_at_all"\n', "")
        assert load_preset_file(write(folder, "a.toml", text)).pins.kinds == {
            PhaseKind.WORK: Pin(folder / "heavy"),
            PhaseKind.REST: Pin(folder / "calm.m3u"),
        }

    def test_single_phases_have_pins_of_their_own(self, folder: Path) -> None:
        (folder / "x.mp3").touch()
        text = (
            'name = "Pinned"\n[[blocks]]\nrepeat = 2\nsets = 2\nset_break = 9\nmusic = { album = "Mezzanine" }\n'
            'round_music = { 2 = { path = "x.mp3", from = "0:00", drop = "1:23" } }\n'
            '[[blocks.phases]]\nkind = "work"\nduration = 9\n'
            '[[blocks.phases]]\nkind = "rest"\nduration = 9\nmusic = "calm"\n'
        )
        album, calm = Pin(None, album="Mezzanine"), Pin(folder / "calm")
        track = Pin(folder / "x.mp3", 0.0, 83.0, is_track=True)
        assert load_preset_file(write(folder, "a.toml", text)).pins.phases == {
            0: album, 1: calm, 2: track, 4: album, 5: calm, 6: track,
        }  # fmt: skip


class TestMessages:
    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ('durration = "3:00"', 'line 6: blocks.0.phases.0.durration: is not a known key (did you mean "duration"'),
            ('label = "{foo}"', "line 6: blocks.0.phases.0.label: {foo} is not a placeholder (placeholders are {n}, "),
            ("[music]\nark = 'steady'", 'line 7: music.ark: is not a known key (did you mean "arc"?)'),
            ("music = 3", "line 6: blocks.0.phases.0.music: must be a path in quotes or a table, not 3"),
            ("music = ''", "line 6: blocks.0.phases.0.music: must be text on one line, and not empty"),
            ("music = { pth = 'x' }", 'blocks.0.phases.0.music.pth: is not a known key (did you mean "path"?)'),
            ("music = { path = 'x', album = 'y' }", "blocks.0.phases.0.music: must name a path or an album"),
            ("music = { album = 'y', drop = 3 }", "from and drop are of one track, not of an album (give its path)"),
            ("music = { path = 'x', from = '1:00', drop = 3 }", "music: the drop comes after from"),
            ("music = { path = 'x', from = '1:99' }", 'music.from: "1:99" has 99 seconds after the colon'),
            ("[cues]\nclaper_s = 3", 'line 7: cues.claper_s: is not a known key (did you mean "clapper_s"?)'),
            ("[cues]\ncountdown = 1", "line 7: cues.countdown: must be true or false, not 1"),
            ("[[blocks]]\nrepeat = 1_000_000_000", "line 7: blocks.1.repeat: must be at most 999, not 1000000000"),
            ("[[blocks]]\nrepeat = 3", "line 6: blocks.1.phases: is missing"),
            ("[[blocks]]\nphases = []", "line 7: blocks.1.phases: must have at least one entry"),
            ("[[blocks]]\n[blocks.phases]", "must be a list of tables (begin each one with [[phases]]"),
            ("[[blocks.phases]]\nkind = 'sprint'", 'line 7: blocks.0.phases.1.kind: "sprint" is not one of'),
            ("[[blocks.phases]]\nduration = '-3:00'", 'line 7: blocks.0.phases.1.duration: "-3:00" means -180 s'),
            (f"[[blocks]]\nrepeat = 999\nsets = 999\n{A_SECOND}", "998,002 phases, and 2,000 is the most (lower"),
            ("[[blocks]]\nrepeat = 25\nphases = [{kind='work', duration='1h'}]", "lasts 25:00:30, and 24 hours"),
            ("[[blocks]]\nrepeat = 999\nphases = [{kind='work', duration='24h'}]", "lasts more than 100 days, and"),
        ],
    )  # fmt: skip
    def test_name_line_key_and_hint(self, folder: Path, line: str, says: str) -> None:
        file = write(folder, "a.toml", f"{GOOD.format(name='x')}{line}\n")
        message = str(refusal(file))
        assert says in message
        assert message.startswith(f"{file}: this preset cannot be used\n")

    def test_one_mistake_is_told_once(self, folder: Path) -> None:
        text = 'name = "x"\n[[blocks]]\n[[blocks.phases]]\nkind = "wrk"\nduration = 3\n'
        assert [problem.key for problem in refusal(write(folder, "a.toml", text)).problems] == [
            "blocks.0.phases.0.kind"
        ]

    def test_an_empty_file_is_called_empty(self, folder: Path) -> None:
        assert "empty" in str(refusal(write(folder, "a.toml", "# nothing yet\n")))

    def test_a_newer_file_warns_about_what_it_keeps(self, folder: Path) -> None:
        text = f'schema_version = 2\ncolour = "red"\n{GOOD.format(name="x")}posture = "\\u001b[2J"\n'
        loaded = load_preset_file(write(folder, "a.toml", text))
        assert loaded.warnings == (
            "`blocks.0.phases.0.posture` is not known to this version",
            "`colour` is not known to this version",
        )
        assert loaded.unknown == {"colour": "red", "blocks.0.phases.0.posture": "\x1b[2J"}

    def test_a_newer_file_that_cannot_be_used_says_that_it_is_newer(self, folder: Path) -> None:
        text = f'schema_version = 2\nzz = 1\n{GOOD.format(name="x")}[[blocks.phases]]\nkind = "sprint"\nduration = 3\n'
        error = refusal(write(folder, "a.toml", text))
        assert "newer" in error.hint
        assert [problem.key for problem in error.problems] == ["blocks.0.phases.1.kind"]

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.sampled_from(FRAGMENTS),
            max_size=20,
        )
    )
    def test_any_text_is_a_preset_or_a_preset_error(self, folder: Path, parts: list[str]) -> None:
        file = write(folder, "a.toml", "".join(parts))
        shown = ""
        try:
            load_preset_file(file)
        except PresetError as error:
            shown = str(error)
        assert all(line.isprintable() for line in shown.splitlines())


class TestFinding:
    @pytest.fixture
    def presets(self, folder: Path) -> Presets:
        write(folder, "mine.toml", GOOD.format(name="Heavy Bag"))
        write(folder, "broken.toml", "x")
        return load_presets(folder)

    @pytest.mark.parametrize("name", ["mine", "MINE", "Heavy Bag", "heavy bag", " mine "])
    def test_by_id_and_by_name_in_any_case(self, presets: Presets, name: str) -> None:
        assert find_preset(name, presets).id == "mine"

    def test_by_the_path_of_a_file(self, presets: Presets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        elsewhere = write(tmp_path, "other.toml", GOOD.format(name="Other"))
        write(tmp_path, "without_suffix", GOOD.format(name="Plain"))
        monkeypatch.chdir(tmp_path)
        assert find_preset(str(elsewhere), presets).preset.name == "Other"
        assert find_preset("other.toml", presets).preset.name == "Other"
        assert find_preset("without_suffix", presets).preset.name == "Plain"

    def test_an_id_goes_before_a_file_of_the_same_name(
        self, presets: Presets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, "tabata", GOOD.format(name="Other"))
        monkeypatch.chdir(tmp_path)
        assert find_preset("tabata", presets).builtin

    @pytest.mark.parametrize(
        ("name", "hint"), [("tabta", '"tabata"'), ("heavy bg", '"mine"'), ("???", "presets are: mine, boxing-12x3")]
    )
    def test_an_unknown_name_gets_the_nearest(self, presets: Presets, name: str, hint: str) -> None:
        with pytest.raises(PresetError) as caught:
            find_preset(name, presets)
        assert hint in caught.value.hint

    def test_a_broken_preset_says_why_it_cannot_be_used(self, presets: Presets) -> None:
        with pytest.raises(PresetError, match="not TOML"):
            find_preset("broken", presets)

    def test_a_broken_copy_of_a_builtin_one_is_not_passed_over(self, folder: Path) -> None:
        write(folder, "tabata.toml", "x")
        with pytest.raises(PresetError, match="not TOML"):
            find_preset("tabata", load_presets(folder))

    def test_a_missing_file_is_called_missing(self, presets: Presets) -> None:
        with pytest.raises(PresetError, match="no such file"):
            find_preset("circut.toml", presets)

    def test_a_name_of_several_presets_asks_for_the_id(self, folder: Path) -> None:
        write(folder, "a.toml", GOOD.format(name="Twin"))
        write(folder, "b.toml", GOOD.format(name="twin"))
        presets = load_presets(folder)
        with pytest.raises(PresetError, match="use one of their ids: a, b"):
            find_preset("TWIN", presets)
        assert find_preset("twin", presets).id == "b"

    @given(st.text(max_size=20))
    def test_any_name_is_a_preset_or_a_preset_error(self, name: str) -> None:
        try:
            found = find_preset(name, load_presets(Path("/nonexistent/presets"), Path("/nonexistent/builtin")))
        except PresetError:
            return
        assert found.file.is_file()

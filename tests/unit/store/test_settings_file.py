import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from nbd_tui.errors import SettingsError
from nbd_tui.paths import example_settings
from nbd_tui.settings import Settings, load_settings
from nbd_tui.store import settings_file
from nbd_tui.store.settings_file import SettingKey, change_settings, make_settings_file

USERS = """\
# my settings

[audio]   # sound
# loud, because of the fans
music_volume = 80    # was 70
#fade_s = 1.5

# where it is
[music]
folders = [
    # the good stuff
    "/music/one",  # from 2019
    "/music/two",
]
pins = { work = "/music/heavy" }  # heavy

# keys I changed
[keys]
workout.pause = "p"   # without quotes
"workout.skip" = "s"
"""

ODD = [
    'audio = { output = "vlc", fade_s = 2.0 }  # inline\n[screen]\n# dark room\nkeep_awake = false\n',
    '# dotted\naudio.output = "vlc"\naudio.fade_s = 3.0  # three\nmusic.pins.work = "/a"\n',
    (
        '[ "audio" ]\n"music_volume" = 3\n\n[music.pins]\n# calm\nrest = "/calm"\n[music]\n# late\nfolders = []\n'
        '[keys.workout]\npause = "p"\n'
    ),
    "\n\n# only comments\n#[audio]\n#music_volume = 3",
    "[audio]",
    '[music]\nfolders = ["/x#y", """/multi#line""",\n# last\n]\n[keys]\n',
]

CHANGES: list[tuple[tuple[str, ...], st.SearchStrategy[object]]] = [
    (("audio", "output"), st.sampled_from(["auto", "vlc", "silent"])),
    (("audio", "music_volume"), st.integers(0, 100)),
    (("audio", "fade_s"), st.floats(0, 10)),
    (("audio", "duck_db"), st.floats(-40, 0)),
    (("screen", "keep_awake"), st.booleans()),
    (("music", "folders"), st.lists(st.sampled_from(["/music/one", "/music/two", "/é", "C:\\x", "/a#b", '/"q"']))),
    (("music", "pins", "work"), st.sampled_from(["/heavy", "~/x.m3u"])),
    (("music", "pins", "cool-down"), st.sampled_from(["/calm"])),
    (("keys", "workout.pause"), st.sampled_from(["p", "space,p", "f5"])),
    (("keys", "home.quit"), st.sampled_from(["w", "W,ctrl+q"])),
]
ONE_CHANGE = st.sampled_from(CHANGES).flatmap(
    lambda change: st.tuples(st.just(change[0]), st.one_of(st.none(), change[1]))
)


def change_setting(file: Path, key: SettingKey, value: object | None) -> None:
    change_settings(file, {key: value})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def comments(text: str) -> list[str]:
    """Every comment of these texts, whose strings have a `#` only inside a word."""
    return [
        found
        for line in text.splitlines()
        if (place := 0 if line.startswith("#") else line.find(" #") + 1 or len(line)) < len(line)
        and (found := line[place:].strip())
    ]


def plain(text: str) -> dict[str, Any]:
    """What a file says, by binding id in the table of keys."""
    tables = tomllib.loads(text)
    keys = tables.get("keys", {})
    flat = {
        f"{name}.{inner}" if isinstance(value, dict) else name: value[inner] if isinstance(value, dict) else value
        for name, value in keys.items()
        for inner in (value if isinstance(value, dict) else [""])
    }
    return {**tables, "keys": flat}


def value_in(tables: dict[str, Any], key: tuple[str, ...]) -> object:
    inner: Any = tables
    for step in key:
        inner = inner.get(step) if isinstance(inner, dict) else None
    return inner


def content(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def is_in_order(few: Iterable[str], many: Iterable[str]) -> bool:
    """Whether all of `few` are in `many`, one after the other."""
    rest = iter(many)
    return all(one in rest for one in few)


class TestAnySequence:
    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from([USERS, "", example_settings().read_text(encoding="utf-8"), *ODD]),
        st.lists(ONE_CHANGE, max_size=8),
    )
    @example(USERS, [(("music", "folders"), ["/music/two"])])
    def test_keeps_every_comment_and_says_what_was_asked_for(
        self, file: Path, text: str, changes: list[tuple[tuple[str, ...], object]]
    ) -> None:
        content(file, text)
        wanted: dict[tuple[str, ...], object] = {}
        for key, value in changes:
            change_setting(file, key, value)
            wanted[key] = value
        after = text_of(file)
        assert {key: value_in(plain(after), key) for key in wanted} == wanted
        assert is_in_order(comments(text), comments(after))
        untouched = {key for key, _ in CHANGES} - wanted.keys()
        assert all(value_in(plain(after), key) == value_in(plain(text), key) for key in untouched)
        load_settings(file)

    @given(st.lists(ONE_CHANGE, max_size=6))
    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_taken_back_leaves_the_defaults(self, file: Path, changes: list[tuple[tuple[str, ...], object]]) -> None:
        content(file, "# mine\n")
        for key, value in changes:
            change_setting(file, key, value)
        for key, _ in changes:
            change_setting(file, key, None)
        assert load_settings(file) == Settings()
        assert text_of(file).startswith("# mine\n")


class TestPlace:
    def test_a_file_is_made_from_nothing(self, file: Path) -> None:
        change_setting(file, ("audio", "music_volume"), 40)
        assert load_settings(file).audio.music_volume == 40
        assert text_of(file).splitlines()[0].startswith("# Settings of nbd-tui")

    def test_taking_away_what_is_not_there_makes_no_file(self, file: Path) -> None:
        change_setting(file, ("audio", "music_volume"), None)
        assert not file.exists()

    def test_a_new_key_stands_below_its_commented_example(self, file: Path) -> None:
        content(file, USERS)
        change_setting(file, ("audio", "fade_s"), 2.5)
        assert "#fade_s = 1.5\nfade_s = 2.5\n\n# where it is\n[music]" in text_of(file)

    def test_a_new_key_without_an_example_stands_below_the_last_one_of_its_table(self, file: Path) -> None:
        content(file, USERS)
        change_setting(file, ("audio", "latency_ms"), -30)
        assert "# was 70\nlatency_ms = -30\n#fade_s = 1.5\n" in text_of(file)

    def test_a_binding_without_quotes_is_found_and_its_comment_stays(self, file: Path) -> None:
        content(file, USERS)
        change_setting(file, ("keys", "workout.pause"), "f2")
        assert 'workout.pause = "f2"   # without quotes' in text_of(file)

    def test_the_comment_of_a_key_taken_away_stays(self, file: Path) -> None:
        content(file, USERS)
        change_setting(file, ("audio", "music_volume"), None)
        assert "# loud, because of the fans\n# was 70\n#fade_s" in text_of(file)

    def test_a_list_is_changed_between_its_comments(self, file: Path) -> None:
        content(file, USERS)
        change_setting(file, ("music", "folders"), ["/music/two", "/music/three"])
        assert load_settings(file).music.folders == (Path("/music/two"), Path("/music/three"))
        assert "    # the good stuff\n" in text_of(file)

    def test_everything_besides_stays_to_the_byte(self, file: Path) -> None:
        file.parent.mkdir()
        before = b"\xef\xbb\xbf" + USERS.replace("\n", "\r\n").encode()
        file.write_bytes(before)
        change_setting(file, ("audio", "music_volume"), 75)
        assert file.read_bytes() == before.replace(b"music_volume = 80", b"music_volume = 75")

    def test_paths_are_written_with_a_tilde(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(file.parent))
        monkeypatch.setenv("USERPROFILE", str(file.parent))
        change_setting(file, ("music", "folders"), (file.parent / "Music",))
        assert tomllib.loads(text_of(file)) == {"music": {"folders": [str(Path("~") / "Music")]}}
        assert load_settings(file).music.folders == (file.parent / "Music",)


class TestSeveral:
    def test_two_bindings_swap_their_keys(self, file: Path) -> None:
        content(file, USERS)
        change_settings(file, {("keys", "workout.pause"): "s", ("keys", "workout.skip"): "p"})
        assert load_settings(file).keys == {"workout.pause": "s", "workout.skip": "p"}
        assert comments(text_of(file)) == comments(USERS)

    def test_all_or_none(self, file: Path) -> None:
        content(file, USERS)
        with pytest.raises(SettingsError):
            change_settings(file, {("audio", "fade_s"): 2.0, ("audio", "music_volume"): 200})
        assert text_of(file) == USERS

    def test_a_file_that_sets_nothing_can_be_made_once(self, file: Path) -> None:
        make_settings_file(file)
        assert load_settings(file) == Settings()
        content(file, USERS)
        make_settings_file(file)
        assert text_of(file) == USERS


class TestRefusals:
    @pytest.mark.parametrize("text", ["[audio\nmusic_volume = 3", "[audio]\nvolume = 3\n", "\x00", "audio = 3\n"])
    def test_a_broken_file_is_left_alone(self, file: Path, text: str) -> None:
        content(file, text)
        with pytest.raises(SettingsError) as caught:
            change_setting(file, ("audio", "fade_s"), 2.0)
        assert caught.value.file == file
        assert text_of(file) == text
        assert list(file.parent.iterdir()) == [file]

    @pytest.mark.parametrize(
        ("key", "value", "says"),
        [
            (("audio", "music_volume"), 101, "must be at most 100"),
            (("audio", "volume"), 10, "is not a known key"),
            (("keys", "workout.pause"), "m", "the key m is both"),
            (("music", "pins", "wrok"), "/x", 'did you mean "work"?'),
            (("music", "folders"), ["/a\udcff"], "not UTF-8"),
        ],
    )
    def test_what_could_not_be_loaded_is_not_written(
        self, file: Path, key: tuple[str, ...], value: object, says: str
    ) -> None:
        content(file, USERS)
        with pytest.raises(SettingsError, match=says):
            change_setting(file, key, value)
        assert text_of(file) == USERS

    def test_a_wrong_value_can_be_put_right(self, file: Path) -> None:
        content(file, "[audio]\nmusic_volume = 101 # eleven\n")
        change_setting(file, ("audio", "music_volume"), 100)
        assert text_of(file) == "[audio]\nmusic_volume = 100 # eleven\n"

    def test_a_place_that_cannot_be_written_says_so(self, file: Path) -> None:
        file.parent.write_text("a file", encoding="utf-8")
        with pytest.raises(SettingsError, match=r"cannot be written"):
            change_setting(file, ("audio", "music_volume"), 3)


class TestOtherWriters:
    def test_a_change_made_in_an_editor_meanwhile_stays(self, file: Path) -> None:
        change_setting(file, ("audio", "music_volume"), 40)
        content(file, text_of(file) + "fade_s = 3.0  # by hand\n")
        change_setting(file, ("audio", "cue_volume"), 50)
        audio = load_settings(file).audio
        assert (audio.music_volume, audio.cue_volume, audio.fade_s) == (40, 50, 3.0)
        assert "# by hand" in text_of(file)

    def test_a_file_saved_between_reading_and_writing_is_read_anew(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content(file, "[audio]\nmusic_volume = 40\n")
        changed = settings_file._changed

        def slow(before: bytes, at: Path, changes: dict[tuple[str, ...], object]) -> bytes:
            if b"by hand" not in before:
                content(file, "[audio]\nmusic_volume = 41 # by hand\n")
            return changed(before, at, changes)

        monkeypatch.setattr(settings_file, "_changed", slow)
        change_setting(file, ("audio", "cue_volume"), 50)
        assert text_of(file) == "[audio]\nmusic_volume = 41 # by hand\ncue_volume = 50\n"

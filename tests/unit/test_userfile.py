import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbd_tui.errors import PresetError
from nbd_tui.userfile import LARGEST_BYTES, KeyPath, TomlFile, read_toml

TEXT = '''\
# a comment with phases = [
name = "x"
description = """
blocks = 3
[[blocks]]
"""

[cues]
halfway = true

[[blocks]]
repeat = 2
phases = [
  # the first
  { kind = "work", duration = 3 },
  { kind = "rest", label = """
two lines""" },
]

[[blocks]]
sets.inner = 4
[[blocks.phases]]
kind = "work"
'''


def refusal(file: Path) -> PresetError:
    with pytest.raises(PresetError) as caught:
        read_toml(file, PresetError)
    assert caught.value.file == file
    return caught.value


@pytest.fixture
def parsed(tmp_path: Path) -> TomlFile:
    file = tmp_path / "a.toml"
    file.write_text(TEXT, encoding="utf-8")
    return read_toml(file, PresetError)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("description",), 3),
        (("cues",), 8),
        (("cues", "halfway"), 9),
        (("blocks",), 11),
        (("blocks", 0, "repeat"), 12),
        (("blocks", 0, "phases"), 13),
        (("blocks", 0, "phases", 0, "duration"), 15),
        (("blocks", 0, "phases", 1, "kind"), None),
        (("blocks", 1), 20),
        (("blocks", 1, "sets", "inner"), 21),
        (("blocks", 1, "phases", 0), 22),
        (("blocks", 1, "phases", 0, "kind"), 23),
        (("nope",), None),
        (("blocks", 7), None),
        (("name", "x"), None),
        ((), None),
    ],
)
def test_finds_the_line_of_a_key(parsed: TomlFile, path: KeyPath, line: int | None) -> None:
    assert parsed.line_of(path) == line


def test_no_line_is_told_where_it_is_not_certain(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('deep = [[[\n1,\n\'two\'\n]]]\n[a]\nb.c = """\nx"""\n', encoding="utf-8")
    source = read_toml(file, PresetError)
    assert source.line_of(("deep",)) == 1
    assert source.line_of(("deep", 0, 0, 1)) is None
    assert source.line_of(("a", "b", "c")) is None


def test_the_search_for_lines_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("deep = [[[\n" + "1,\n" * 20_000 + "2\n]]]\nb = 1\n", encoding="utf-8")
    source = read_toml(file, PresetError)
    assert all(source.line_of(("deep", 0, 0, index)) is None for index in range(50))
    assert source.line_of(("b",)) is None


def test_a_text_in_an_unreadable_part_has_no_line_once_the_search_is_over(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("deep = [[[\n" + "'x',\n" * 20_000 + "'y'\n]]]\n", encoding="utf-8")
    source = read_toml(file, PresetError)
    assert source.line_of(("deep", 0, 0, 19_999)) is None


keys = st.text("abc", min_size=1, max_size=2)
values = st.one_of(st.integers(0, 9).map(str), st.just('"""\nx\n"""'), st.just("[\n1,\n2,\n]"), st.just("{ a = 1 }"))


@given(st.lists(st.tuples(st.lists(keys, max_size=2), keys, values), max_size=8))
def test_a_told_line_is_the_one_that_brings_the_key(entries: list[tuple[list[str], str, str]]) -> None:
    """Every key on its own in a table of its own, so where it stands is known from writing it."""
    lines: list[str] = []
    placed: dict[KeyPath, int] = {}
    for number, (parents, key, value) in enumerate(entries):
        table = (f"t{number}", *parents)
        lines += ["", f"[{'.'.join(table)}]", f"{key} = {value}"]
        placed[(*table, key)] = sum(line.count("\n") + 1 for line in lines[:-1]) + 1
    source = _parsed("\n".join(lines))
    for path, line in placed.items():
        assert source.line_of(path) == line


def _parsed(text: str) -> TomlFile:
    import tomllib

    return TomlFile(Path("x"), text, tomllib.loads(text))


def test_the_place_of_a_syntax_error_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('name = "x"\nrepeat 3\n', encoding="utf-8")
    error = refusal(file)
    assert error.message == "this is not TOML"
    assert error.problems[0].line == 2
    assert "(at line" not in str(error)
    assert error.hint


def test_a_syntax_error_at_the_end_has_no_line(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("name = [1,", encoding="utf-8")
    assert "line" not in str(refusal(file).problems[0]).replace("end of document", "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = 1\nb = '\xff'\n", "line 2: byte 0xff is not UTF-8"),
        ('name = "x"'.encode("utf-16"), "UTF-16, not UTF-8"),
        ("name = 'caf\xe9'".encode("latin-1"), "line 1: byte 0xe9"),
        (b"a = " + b"[" * 50_000, "nested too deeply"),
        (b"a = " + b"9" * 5_000, "not TOML"),
        (b"a = 2021-02-30", "not TOML"),
        (b"a = 1\x00", "not TOML"),
        (b"#" * (LARGEST_BYTES + 1), "larger than"),
        (bytes(range(256)), "not UTF-8"),
    ],
    ids=range(9),
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    assert says in str(refusal(file))
    assert file.read_bytes() == content


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b'\xef\xbb\xbfa = 1\r\nb = """\r\n"""\r\nc = 3\r\n')
    source = read_toml(file, PresetError)
    assert source.line_of(("c",)) == 4


def test_places_that_are_no_files(tmp_path: Path) -> None:
    assert "folder" in str(refusal(tmp_path))
    assert "no such file" in str(refusal(tmp_path / "nope.toml"))
    assert refusal(tmp_path / ("x" * 5000)).message.startswith(("this file cannot be read", "there is no such file"))
    assert "cannot be read" in str(refusal(Path("\0")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not an ordinary file" in str(refusal(tmp_path / "pipe"))


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.toml"
    file.write_text("a = 1", encoding="utf-8")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "cannot be read: Permission denied" in str(refusal(file))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_tables_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    try:
        tables = read_toml(file, PresetError).tables
    except PresetError as error:
        tables = {"refused": str(error)}
    assert isinstance(tables, dict)

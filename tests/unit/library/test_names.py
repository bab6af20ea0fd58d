import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.library.names import LONGEST_TEXT, NamedTrack, clean, from_file_name


@pytest.mark.parametrize(
    ("name", "title", "artist"),
    [
        ("Title.mp3", "Title", ""),
        ("01 - Title.mp3", "Title", ""),
        ("01. Title.mp3", "Title", ""),
        ("1-02 Title.mp3", "Title", ""),
        ("1-02 - Title.mp3", "Title", ""),
        ("07_some_title.mp3", "some title", ""),
        ("05 Title.mp3", "Title", ""),
        ("01 - 1999.mp3", "1999", ""),
        ("Artist - Title.mp3", "Title", "Artist"),
        ("Artist – Title.mp3", "Title", "Artist"),
        ("03 - Artist - Title.mp3", "Title", "Artist"),
        ("Artist - Album - 03 - Title.mp3", "Title", "Artist"),
        ("Artist - Title - Live.mp3", "Title - Live", "Artist"),
        ("AC-DC - T.N.T..mp3", "T.N.T.", "AC-DC"),
        ("99 Luftballons.mp3", "99 Luftballons", ""),
        ("7 Years.mp3", "7 Years", ""),
        ("50-50.mp3", "50-50", ""),
        ("2-4-6-8 Motorway.mp3", "2-4-6-8 Motorway", ""),
        ("3.14.mp3", "3.14", ""),
        ("1999.mp3", "1999", ""),
        ("01.mp3", "01", ""),
        ("[Remix] [foo].mp3", "[Remix] [foo]", ""),
    ],
)
def test_a_file_name_is_read_as_people_write_it(name: str, title: str, artist: str) -> None:
    assert from_file_name(Path("/music") / name) == NamedTrack(title, artist)


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert from_file_name("/m/" + b"bad\xffname.mp3".decode("utf-8", "surrogateescape")).title == "bad\ufffdname"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a [31mb"),
        ("two\nlines\ttabs", "two lines tabs"),
        ("abc\u202ecba", "abccba"),
        ("\x00\x07\x9b", ""),
        ("  spaces   ", "spaces"),
        ("[/red] 日本 \U0001f525", "[/red] 日本 \U0001f525"),
        ("a\ud800b", "a?b"),
    ],
)
def test_text_cannot_move_the_cursor_or_turn_the_writing(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(st.characters(), max_size=2000))
def test_clean_text_is_one_short_encodable_line(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= LONGEST_TEXT
    assert len(shown.splitlines()) <= 1
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in shown)
    assert clean(shown) == shown


@given(
    st.binary(min_size=1, max_size=80).filter(lambda name: not {0, ord("/")} & set(name) and name not in {b".", b".."})
)
def test_any_file_name_gives_a_title(name: bytes) -> None:
    named = from_file_name("/m/x" + name.decode("utf-8", "surrogateescape") + os.extsep + "mp3")
    assert named.title
    assert named.title.encode()

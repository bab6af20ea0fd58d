"""Paths that are typed or pasted."""

import sys

import pytest

from nbd_tui.library.folders import meant_path, pasted_path

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="a backslash is a separator there")


@pytest.mark.parametrize(
    ("text", "offered", "meant"),
    [
        ("~/Music/", "~/Music/", "~/Music/"),
        ("~/Music/Heavy", "~/Music/", "~/Music/Heavy"),
        ("~//media/stick/rock", "~/", "/media/stick/rock"),
        ("~/~/Tunes", "~/", "~/Tunes"),
        ("~\\D:\\Music", "~\\", "D:\\Music"),
        ("/a//b", "/a/c/", "/a//b"),
        ("//", "/", "/"),
    ],
)
def test_a_whole_path_behind_the_one_that_was_offered_takes_its_place(text: str, offered: str, meant: str) -> None:
    assert meant_path(text, offered) == meant


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/music/rock\n", "/music/rock"),
        ("  '/music/hard rock' ", "/music/hard rock"),
        ('"C:\\Music"', "C:\\Music"),
        ("~/Tunes", "~/Tunes"),
        ("file:///music/hard%20rock", "/music/hard rock"),
        ("file:///C:/Music", "C:/Music"),
        ("Heavy", ""),
        ("", ""),
        ("'", ""),
    ],
)
def test_a_pasted_path_is_found_in_what_is_around_it(text: str, path: str) -> None:
    assert pasted_path(text) == path


@needs_posix
def test_a_path_dragged_into_a_terminal_has_its_escapes_taken_off() -> None:
    assert pasted_path(r"/music/hard\ rock\ \(live\)") == "/music/hard rock (live)"

import io
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbd_tui.errors import DecodeError
from nbd_tui.library.tags import parse_bpm, parse_gain, parse_year, read_track
from nbd_tui.media.sniff import Container, container_of
from nbd_tui.model.track import Track
from tests.unit.library.audio_files import FORMATS, flac, id3, id3v1, mp3, opus, wav

TAGS = {
    "TITLE": "Tïtle [/red]",
    "ARTIST": "Ärtist",
    "ALBUM": "Album",
    "GENRE": "Rock",
    "DATE": "2008-03-14",
    "BPM": "128,5",
    "REPLAYGAIN_TRACK_GAIN": "\u22127.34 dB",
}
LENGTHS_S = {"mp3": 40 * 1152 / 44_100, "flac": 44 * 4096 / 44_100, "opus": 2.0, "wav": 0.1}


def read(folder: Path, content: bytes, name: str = "Someone - File.mp3") -> Track:
    path = folder / name
    path.write_bytes(content)
    return read_track(path)


def outcome(folder: Path, content: bytes, name: str) -> Track | str:
    try:
        return read(folder, content, name)
    except DecodeError as error:
        return str(error)


def reason(folder: Path, content: bytes, name: str = "x.mp3") -> str:
    with pytest.raises(DecodeError) as caught:
        read(folder, content, name)
    return str(caught.value)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("picture", [b"", bytes(150_000)], ids=["plain", "picture"])
def test_reads_the_tags_of_each_format(tmp_path: Path, ending: str, picture: bytes) -> None:
    track = read(tmp_path, FORMATS[ending](TAGS, picture), f"x.{ending}")
    assert track.duration_s == pytest.approx(LENGTHS_S[ending], abs=0.02)
    expected = Track(track.path, "Tïtle [/red]", "Ärtist", "Album", "Rock", 2008, track.duration_s, 128.5, -7.34)
    assert track == expected


@pytest.mark.parametrize("ending", FORMATS)
def test_without_tags_the_file_name_tells(tmp_path: Path, ending: str) -> None:
    track = read(tmp_path, FORMATS[ending]({}, b""), f"03 - Someone - Song.{ending}")
    assert (track.title, track.artist) == ("Song", "Someone")
    assert track.duration_s == pytest.approx(LENGTHS_S[ending], abs=0.02)


def test_the_name_does_not_overrule_a_title(tmp_path: Path) -> None:
    track = read(tmp_path, mp3({"TITLE": "Song"}), "Someone - Else.mp3")
    assert (track.title, track.artist) == ("Song", "")


def test_id3_of_version_3_and_1(tmp_path: Path) -> None:
    assert read(tmp_path, mp3(TAGS, version=3)).title == "Tïtle [/red]"
    old = read(tmp_path, mp3({}) + id3v1("Old", "Band", 17))
    assert (old.title, old.artist, old.genre) == ("Old", "Band", "Rock")


def test_genre_numbers_are_resolved(tmp_path: Path) -> None:
    assert read(tmp_path, mp3({"GENRE": "(9)"})).genre == "Metal"
    assert read(tmp_path, flac({"GENRE": "Punk", "Genre": "Ska"})).genre == "Punk; Ska"


def test_opus_gain_is_moved_to_the_reference_of_replaygain(tmp_path: Path) -> None:
    assert read(tmp_path, opus({"R128_TRACK_GAIN": "-512"}), "x.opus").gain_db == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (mp3({"TITLE": "M"}), "x.flac"),
        (flac({"TITLE": "M"}), "x.mp3"),
        (wav({"TITLE": "M"}), "x.m4a"),
        (opus({"TITLE": "M"}), "x"),
    ],
)
def test_a_wrong_ending_does_not_matter(tmp_path: Path, content: bytes, name: str) -> None:
    assert read(tmp_path, content, name).title == "M"


@pytest.mark.parametrize(
    "content",
    [
        b"ID3\x04\x00\x00\x00\x0f\x7f\x7f" + b"TIT2\x7f\x7f\x7f\x7f" + mp3({}),
        b"ID3\x03\x00\x40\x00\x00\x00\x0a" + b"\x00" * 10 + mp3({}),
        b"fLaC" + struct.pack(">I", 4 << 24 | 20) + b"\xff" * 20 + flac({})[4:],
        b"garbage before the music" * 50 + mp3({}),
    ],
    ids=["id3 beyond the end", "id3 cut short", "flac comment", "leading garbage"],
)
def test_unreadable_tags_are_no_unreadable_file(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content).title == "File"


@pytest.mark.parametrize("head", [b"MAC \x96\x0f", b"wvpk\x00\x00", b"\x1a\x45\xdf\xa3", b"\xff\xf1\x50\x80"])
def test_formats_without_a_tag_reader_are_kept_by_name(tmp_path: Path, head: bytes) -> None:
    track = read(tmp_path, head + bytes(3000), "Someone - File.ape")
    assert (track.title, track.artist, track.duration_s) == ("File", "Someone", None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty file (0 bytes)"),
        (b"<html>not music</html>" * 500, "not audio"),
        (bytes(200_000), "not audio"),
        (b"\xff\xfe" + "text in UTF-16".encode("utf-16-le") * 100, "not audio"),
        (id3(TAGS), "not audio"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not audio"),
    ],
)
def test_what_is_no_audio_says_so(tmp_path: Path, content: bytes, expected: str) -> None:
    assert reason(tmp_path, content) == expected


def test_a_folder_or_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DecodeError):
        read_track(tmp_path)
    with pytest.raises(DecodeError, match="no such file"):
        read_track(tmp_path / "x.mp3")


def test_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DecodeError, match="permission denied"):
        read_track(tmp_path / "x.mp3")


def test_a_streamed_wav_has_the_length_of_its_file(tmp_path: Path) -> None:
    content = wav({}, frames=44_100)
    at = content.index(b"data") + 4
    track = read(tmp_path, content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :], "x.wav")
    assert track.duration_s == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("values", "bpm"),
    [
        (["128"], 128),
        (["128,5"], 128.5),
        (["128.00 BPM"], 128),
        ([" 140"], 140),
        (["0"], None),
        (["0", "96"], 96),
        (["19", "401"], None),
        (["20"], 20),
        (["fast"], None),
        (["nan", "inf", "1e2"], None),
        (["-120"], None),
        ([], None),
    ],
)
def test_tempos_as_people_write_them(values: list[str], bpm: float | None) -> None:
    assert parse_bpm(values) == bpm


@pytest.mark.parametrize(
    ("other", "gain_db"),
    [
        ({"replaygain_track_gain": ["-7.34 dB"]}, -7.34),
        ({"replaygain_track_gain": ["\u22127,34 dB"]}, -7.34),
        ({"replaygain_track_gain": ["+2.10"]}, 2.1),
        ({"replaygain_track_gain": ["junk"], "replaygain_album_gain": ["-3 dB"]}, -3),
        ({"replaygain_track_gain": ["999"]}, None),
        ({"r128_track_gain": ["-1280"]}, 0),
        ({"r128_track_gain": ["0"]}, 5),
        ({"replaygain_track_gain": ["1"], "r128_track_gain": ["0"]}, 1),
        ({}, None),
    ],
)
def test_gains_are_relative_to_minus_18_lufs(other: Mapping[str, list[str]], gain_db: float | None) -> None:
    assert parse_gain(other) == (None if gain_db is None else pytest.approx(gain_db))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2008", 2008),
        ("2008-03-14", 2008),
        ("14.03.1999", 1999),
        ("0000", None),
        ("20080314", 2008),
        ("200803", None),
        (None, None),
        ("", None),
    ],
)
def test_years(text: str | None, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (mp3({}), Container.MPEG),
        (mp3(TAGS), Container.MPEG),
        (id3(TAGS) + flac({}), Container.FLAC),
        (opus({}), Container.OGG),
        (wav({}), Container.WAV),
        (b"FORM\x00\x00\x00\x00AIFF", Container.AIFF),
        (b"\x00\x00\x00\x20ftypM4A ", Container.MP4),
        (b"\xff\xf1\x50\x80", Container.AAC),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_sniffing(content: bytes, container: Container | None) -> None:
    assert container_of(io.BytesIO(content)) is container


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.integers(0, 600), st.binary(min_size=1, max_size=40))
def test_damage_anywhere_gives_a_track_or_a_reason(tmp_path: Path, ending: str, at: int, damage: bytes) -> None:
    content = FORMATS[ending](TAGS, b"")
    result = outcome(tmp_path, content[:at] + damage + content[at + len(damage) :], f"x.{ending}")
    if isinstance(result, Track):
        assert result.title
        assert result.duration_s is None or result.duration_s > 0
    else:
        assert result == "not audio"

"""`nbd analyse` and `nbd tracks`, with real workers."""

import json
import signal
import sqlite3
from pathlib import Path

import pytest

from nbd_tui.cli import analysing
from nbd_tui.cli.explaining import as_json_object, beats_words, picture
from nbd_tui.library.analyse import AnalysisProgress
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.tui.text import ASCII, UNICODE
from tests import audio_files
from tests.unit.cli.conftest import Nbd


@pytest.fixture
def music(tmp_path: Path, config: Path) -> Path:
    """Two songs in a folder of the settings."""
    folder = tmp_path / "music"
    (config / "settings.toml").write_text(f'[music]\nfolders = ["{folder.as_posix()}"]\n', encoding="utf-8")
    folder.mkdir()
    for number in range(2):
        audio_files.write_wav(folder / f"song {number}.wav", audio_files.noise(1.5, seed=number))
    return folder


def test_a_folder_that_workouts_do_not_play_is_told_before_the_counts(nbd: Nbd, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    audio_files.write_wav(tmp_path / "else" / "song.wav", audio_files.noise(1.5))
    told = nbd("analyse", tmp_path / "else").out.splitlines()
    assert "is not one of your music folders" in told[0]
    assert told[1] == "1 track: 1 heard"


def test_a_folder_never_scanned_is_scanned_and_heard_once(nbd: Nbd, music: Path) -> None:
    first, second = nbd("analyse", music), nbd("analyse", music)
    assert (first.code, first.out) == (0, "2 tracks: 2 heard\n")
    assert (second.code, second.out) == (0, "2 tracks: nothing new to hear\n")
    (music / "song 1.wav").rename(music / "moved.wav")
    assert nbd("analyse", music).out == "2 tracks: 1 recognised\n"


def test_failures_are_told_each_time_with_their_reasons(nbd: Nbd, music: Path) -> None:
    audio_files.write_wav(music / "short.wav", audio_files.noise(0.3))
    first, second = nbd("analyse", music), nbd("analyse", music)
    assert first.code == second.code == 0
    assert first.out.splitlines()[1] == "3 tracks: 2 heard, 1 failed"
    assert second.out.splitlines()[1] == "3 tracks: nothing new to hear"
    for told in (first, second):
        assert told.out.splitlines()[0].endswith("short.wav: only 0.3 s of sound in the file")


def test_the_folders_of_the_settings_are_taken(nbd: Nbd, music: Path, config: Path) -> None:
    (config / "settings.toml").write_text(f"[music]\nfolders = ['{music.as_posix()}']\n", encoding="utf-8")
    assert nbd("analyse").out == "2 tracks: 2 heard\n"


def test_without_a_folder_it_says_what_to_do(nbd: Nbd, music: Path) -> None:
    told = nbd("analyse", music / "nowhere")
    assert told.code == 2
    assert "there is no such folder" in told.err


def test_an_interrupt_keeps_what_was_heard(nbd: Nbd, music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2, 8):
        audio_files.write_wav(music / f"song {number}.wav", audio_files.noise(1.5, seed=number))

    def interrupted(progress: AnalysisProgress) -> str:
        if progress.done == 1:
            signal.raise_signal(signal.SIGINT)
        return ""

    monkeypatch.setattr(analysing, "progress_words", interrupted)
    told = nbd("analyse", music)
    assert told.code == 130
    assert "what was heard is kept" in told.out
    heard = int(told.out.split(": ")[1].split()[0])
    assert 1 <= heard < 8
    assert f"8 tracks: {heard} heard, {8 - heard} still to hear\n" in told.out
    monkeypatch.setattr(analysing, "progress_words", lambda _: "")
    assert nbd("analyse", music).out == f"8 tracks: {8 - heard} heard\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_that_end_a_program_do_the_same(name: str) -> None:
    """Else the copies of what was being decoded would stay."""
    number = getattr(signal, name, signal.SIGTERM)
    before = signal.signal(number, signal.SIG_DFL)
    try:
        with analysing._interruptions() as asked:
            signal.raise_signal(number)
            assert asked.is_set()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminal hangs up here")
def test_under_nohup_a_terminal_may_be_closed() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with analysing._interruptions() as asked:
            signal.raise_signal(signal.SIGHUP)
            assert not asked.is_set()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_json_is_one_object_of_exactly_what_was_asked_for(nbd: Nbd, music: Path) -> None:
    (music / "text.mp3").write_text("no music " * 999)
    told = nbd("analyse", "--json", music / "song 0.wav", music / "text.mp3")
    found = json.loads(told.out)
    assert told.code == 1
    assert "text.mp3: " in told.err
    assert [*found] == [str(music / "song 0.wav")]
    keys = ["bpm", "confidence", "constant", "beats", "downbeats", "lufs", "true_peak_db", "drops", "energy"]
    assert [*found[str(music / "song 0.wav")]] == keys
    assert not (music.parent / "user" / "data" / "data" / "nbd.sqlite").exists()


HEARING = Hearing(
    44_100 * 60, 120.004, 0.951, True, (0.5, 1.0), (0.5,), -9.876, -0.123, 0.5,
    EnergyCurve(4.0, tuple(0.2 if number < 120 else 1.0 for number in range(240))),
    (Drop(30.01234, 2.0, Span(29.0, 30.01234), Span(20.0, 29.0)), Drop(45.0, 1.0)),
)  # fmt: skip


def test_the_json_of_a_hearing() -> None:
    told = as_json_object(HEARING)
    assert told["drops"] == [
        {"t": 30.0123, "score": 2.0, "gap": [29.0, 30.0123], "build": [20.0, 29.0]},
        {"t": 45.0, "score": 1.0, "gap": None, "build": None},
    ]
    assert (told["bpm"], told["lufs"], told["beats"]) == (120.004, -9.88, [0.5, 1.0])


def test_beats_and_bars_in_words() -> None:
    beats_s = tuple(0.5 + 0.5 * beat for beat in range(21))
    odd = Hearing(44_100 * 12, 120.0, 0.9, beats_s=beats_s, downbeats_s=beats_s[1::5])
    assert beats_words(odd) == "21, the first at 0.500 s, 4 bars of 5, the first at 1.000 s"
    assert beats_words(Hearing(44_100)) == "none"


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_picture_marks_build_up_gap_and_drops_where_they_are(glyphs: object) -> None:
    lines = [*picture(HEARING, 60, glyphs)]  # type: ignore[arg-type]
    marked, beats = lines[6], lines[7]
    assert {len(line) for line in lines[:6]} <= {0, 60}
    full = UNICODE if glyphs is UNICODE else ASCII
    assert marked.index(full.marker) == 30
    assert (marked.index("/"), marked.index("_"), marked.rindex(full.marker)) == (20, 29, 45)
    assert beats == f"{full.dot}{full.dot}"
    assert lines[0].strip() == full.bars[8] * len(lines[0].strip()), "the loud half reaches the top"


def test_one_file_is_explained_in_full(nbd: Nbd, music: Path) -> None:
    told = nbd("analyse", "--explain", music / "song 0.wav")
    assert told.code == 0
    assert "song 0.wav" in told.out
    for word in ("length     0:01.5", "tempo      ", "loudness   ", "beats      ", "drops      none"):
        assert word in told.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("--json",), "takes files"), (("--explain",), "takes files"), (("--json", "--explain", "x"), "choose one")],
)
def test_forms_without_files_and_two_at_once_are_refused(nbd: Nbd, arguments: tuple[str, ...], says: str) -> None:
    told = nbd("analyse", *arguments)
    assert told.code == 2
    assert says in told.err


class TestTracks:
    def test_there_are_none_at_first(self, nbd: Nbd) -> None:
        told = nbd("tracks")
        assert (told.code, told.out) == (0, "no tracks yet; nbd scan reads your music\n")

    def test_the_table_has_a_line_for_each_that_has_the_words(self, nbd: Nbd, music: Path) -> None:
        nbd("scan", music)
        lines = nbd("tracks").out.splitlines()
        assert [word for word in ("title", "artist", "BPM", "energy", "drops") if word in lines[0]] == [
            *("title", "artist", "BPM", "energy", "drops")
        ]
        assert [line.split()[:2] for line in lines[1:]] == [["song", "0"], ["song", "1"]]
        assert len(nbd("tracks", "song", "1").out.splitlines()) == 2
        assert nbd("tracks", "nothing like it").out == "no track has all of these words\n"

    def test_json_says_null_for_what_was_not_heard(self, nbd: Nbd, music: Path) -> None:
        nbd("scan", music)
        before = [json.loads(line) for line in nbd("tracks", "--json").out.splitlines()]
        assert [(track["title"], track["energy"], track["drops"]) for track in before] == [
            ("song 0", None, None),
            ("song 1", None, None),
        ]
        nbd("analyse", music)
        heard = [json.loads(line) for line in nbd("tracks", "--json", "1").out.splitlines()]
        assert [(track["title"], track["drops"], track["steady"]) for track in heard] == [("song 1", 0, False)]
        assert heard[0]["path"] == str(music / "song 1.wav")


@pytest.mark.parametrize("command", ["scan", "analyse", "tracks"])
def test_a_database_in_the_hands_of_another_program_is_a_message(
    nbd: Nbd, music: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    nbd("scan", music)

    def locked(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr("nbd_tui.store.tracks.TrackStore.known_files", locked)
    monkeypatch.setattr("nbd_tui.store.hearings.HearingStore.rows", locked)
    told = nbd(command, *([] if command == "tracks" else [music]))
    assert told.code == 2
    assert "the database cannot be used: database is locked" in told.err


def test_files_that_are_no_music_are_counted(nbd: Nbd, music: Path) -> None:
    (music / "text.mp3").write_text("no music " * 999)
    assert nbd("analyse", music).out.splitlines() == ["2 tracks: 2 heard", "1 file cannot be read: `nbd scan` says why"]


@pytest.mark.parametrize("flag", ["--json", "--explain"])
def test_a_form_without_a_file_says_how_it_is_meant(nbd: Nbd, flag: str) -> None:
    assert f"nbd analyse {flag} FILE" in " ".join(nbd("analyse", flag).err.split())

"""`nbd plan`."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from nbd_tui.model.sound import HEAD_BYTES, Sound
from nbd_tui.model.track import Track
from nbd_tui.paths import places
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore
from tests.unit.cli.conftest import Nbd
from tests.unit.soundtrack.planning import Library, drop, heard, random_library

MUSIC = Path("/music")


def keep(library: Library) -> None:
    """The library as if it had been scanned and analysed."""
    with closing(open_database(places().database).connect()) as connection:
        TrackStore(connection).save([ScannedTrack(song.track, FileStamp(1, 1)) for song in library.songs])
        store = HearingStore(connection)
        for number, file in enumerate(store.pending(1)):
            hearing = library.hearing(file.path)
            assert hearing is not None
            store.save(file, Sound(number.to_bytes(HEAD_BYTES), hearing.frames), hearing, 1)


@pytest.fixture
def library() -> Library:
    found = random_library(80)
    keep(found)
    return found


def test_a_plan_is_told_line_by_line_with_reasons_and_its_seed(nbd: Nbd, library: Library) -> None:
    told = nbd("plan", "boxing-3x2", "--library", MUSIC, "--seed", "7")
    assert told.code == 0
    assert "lands on the bell" in told.out
    assert "is the second wind" in " ".join(told.out.split())
    assert "bell of Round 1" in told.out
    assert max(map(len, told.out.splitlines())) <= 80
    assert told.out.splitlines()[-1] == "seed 7: the same with --seed 7"
    assert nbd("plan", "boxing-3x2", "--library", MUSIC, "--seed", "7").out == told.out
    assert nbd("plan", "boxing-3x2", "--library", MUSIC, "--seed", "8").out != told.out


def test_json_tells_where_each_drop_lands(nbd: Nbd, library: Library) -> None:
    told = json.loads(nbd("plan", "boxing-3x2", "--library", MUSIC, "--seed", "7", "--json").out)
    landed = [slot for slot in told["slots"] if slot["lands"] == "drop"]
    assert landed
    bells = {phase["label"]: phase["start_s"] for phase in told["phases"]}
    rounds = [slot for slot in landed if slot["bell"]]
    assert rounds
    assert all(slot["drop_s"] == slot["bell"]["at_s"] == bells[slot["bell"]["label"]] for slot in rounds)
    assert all(0 <= slot["band_fit"] <= 1 for slot in told["slots"] if slot["bpm"])
    assert all(slot["reason"] for slot in told["slots"])
    paths = {str(song.path): library.hearing(song.path) for song in library.songs}
    for slot in landed:
        hearing = paths[slot["path"]]
        assert hearing is not None
        in_track_s = slot["in_s"] + slot["landing_s"] - slot["start_s"]
        assert min(abs(found.at_s - in_track_s) for found in hearing.drops) < 0.001
    assert told["silences"] == []


def test_pins_of_the_settings_are_kept(nbd: Nbd, config: Path, tmp_path: Path) -> None:
    calm = tmp_path / "calm.mp3"
    calm.write_bytes(b"any")
    found = random_library(40)
    pinned = Library.of(calm=heard(300, 70, [drop(60.0)]))
    (one,) = pinned.songs
    keep(found)
    with closing(open_database(places().database).connect()) as connection:
        track = one.track.__class__(calm, "calm", duration_s=300.0)
        TrackStore(connection).save([ScannedTrack(track, FileStamp(1, 1))])
    (config / "settings.toml").write_text(
        f'[music]\nfolders = ["{MUSIC}", "{tmp_path}"]\npins = {{ work = "{calm}" }}\n'
    )
    told = json.loads(nbd("plan", "boxing-3x2", "--seed", "1", "--json").out)
    first = {slot["stretch"]: slot["title"] for slot in reversed(told["slots"]) if slot["kind"] == "work"}
    assert set(first.values()) == {"calm"}


def test_the_demo_and_who_has_chosen_no_folder_have_the_shipped_tracks_with_their_drops(nbd: Nbd) -> None:
    told = nbd("plan", "demo", "--seed", "1", "--json")
    assert told.code == 0, told.err
    work = [slot for slot in json.loads(told.out)["slots"] if slot["kind"] == "work"]
    assert [slot["lands"] for slot in work] == ["drop", "drop"]
    assert nbd("plan", "mma-3x5", "--seed", "1").code == 0


def test_of_a_folder_nobody_has_heard_it_says_what_to_do(nbd: Nbd, tmp_path: Path) -> None:
    told = nbd("plan", "tabata", "--library", tmp_path)
    assert told.code == 2
    assert "nothing is known of this folder" in told.err
    assert "nbd analyse" in told.err
    told = nbd("plan", "tabata", "--library", tmp_path / "none")
    assert told.code == 2
    assert "there is no such folder" in told.err


def test_an_unknown_arc_is_refused_with_those_there_are(nbd: Nbd, library: Library) -> None:
    told = nbd("plan", "tabata", "--library", "nowhere", "--arc", "zigzag")
    assert told.code == 2
    assert "montage, steady, pyramid, underdog" in told.err


def test_a_library_that_cannot_play_is_exit_code_1_with_the_reason(nbd: Nbd) -> None:
    keep(Library.of(short=heard(2.0, 120)))
    told = nbd("plan", "tabata", "--library", MUSIC)
    assert told.code == 1
    assert "no music from 0:00" in told.out
    assert "Round 1 of 8 at 0:10 has no music: no track" in told.err


PINNED = """
name = "Pinned"
[music]
arc = "pyramid"
second_wind_s = 0
[music.pins]
rest = { album = "Mezzanine" }
cool-down = { album = "Nobody's" }
[[blocks]]
repeat = 3
music = "gone.mp3"
round_music = { 2 = { path = "own.mp3", from = "1:02", drop = "1:23" } }
phases = [{ kind = "work", duration = 120 }, { kind = "rest", duration = 60 }]
[[blocks]]
phases = [{ kind = "cool-down", duration = 60 }]
"""


def test_a_preset_has_its_music_in_its_rounds_and_says_what_is_missing(
    nbd: Nbd, config: Path, tmp_path: Path, library: Library
) -> None:
    preset, own = tmp_path / "pinned.toml", tmp_path / "own.mp3"
    preset.write_text(PINNED, encoding="utf-8")
    own.write_bytes(b"any")
    with closing(open_database(places().database).connect()) as connection:
        tracks = [
            Track(own, "own", duration_s=300.0),
            Track(MUSIC / "m.mp3", "calm", album="MEZZANINE", duration_s=300.0),
        ]
        TrackStore(connection).save([ScannedTrack(track, FileStamp(1, 1)) for track in tracks])
    (config / "settings.toml").write_text(f'[music]\nfolders = ["{MUSIC}", "{tmp_path}"]\narc = "steady"\n')
    told = json.loads(nbd("plan", preset, "--seed", "1", "--json").out)
    assert told["arc"] == "pyramid"
    assert not any(slot["second_wind"] for slot in told["slots"])
    (chosen,) = [slot for slot in told["slots"] if slot["title"] == "own"]
    assert (chosen["bell"]["at_s"], chosen["drop_s"], chosen["in_s"]) == (180.0, 180.0, 62.0)
    assert chosen["pinned"]
    assert {slot["title"] for slot in told["slots"] if slot["kind"] == "rest"} == {"calm"}
    assert told["warnings"][:2] == [
        "work pin gone.mp3: there is no such file or folder; other music plays",
        "cool-down pin Nobody's: no track of it is in the library; other music plays",
    ]

"""What a desktop is told of a session: the contract of MPRIS, without a bus."""

import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.keymap import Action
from nbd_tui.model.track import Track
from nbd_tui.session.actions import Order
from nbd_tui.session.media_keys import MediaKeys
from nbd_tui.session.mpris import BUTTONS, ROOT_PROPERTIES, changed, metadata, player_properties, position
from nbd_tui.workout.engine import EngineState
from tests.screens.fake_session import HOSTILE, TRACK, builtin, moment

WORK, REST = 4, 5
NOW = moment(builtin("mma-5x5").preset, WORK, 91.0)

REQUIRED = {
    "PlaybackStatus": "s", "Rate": "d", "Metadata": "a{sv}", "Volume": "d", "MinimumRate": "d", "MaximumRate": "d",
    "CanGoNext": "b", "CanGoPrevious": "b", "CanPlay": "b", "CanPause": "b", "CanSeek": "b", "CanControl": "b",
}  # fmt: skip
"""Properties of org.mpris.MediaPlayer2.Player that are not optional, but Position, and their types."""


def test_every_property_of_the_specification_is_there_with_its_type() -> None:
    assert {name: kind for name, (kind, _) in player_properties(NOW).items()} == REQUIRED
    assert {name: kind for name, (kind, _) in ROOT_PROPERTIES.items()} == {
        "CanQuit": "b", "CanRaise": "b", "HasTrackList": "b", "Identity": "s",
        "SupportedUriSchemes": "as", "SupportedMimeTypes": "as",
    }  # fmt: skip
    assert ROOT_PROPERTIES["CanQuit"] == ("b", False)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (EngineState.IDLE, "Stopped"),
        (EngineState.RUNNING, "Playing"),
        (EngineState.PAUSED, "Paused"),
        (EngineState.FINISHED, "Stopped"),
    ],
)
def test_the_status_is_the_timers(state: EngineState, status: str) -> None:
    assert player_properties(replace(NOW, state=state))["PlaybackStatus"] == ("s", status)


def test_a_track_is_shown_with_its_phase() -> None:
    said = metadata(NOW)
    assert said["xesam:title"] == ("s", "Wolf Like Me")
    assert said["xesam:artist"] == ("as", ["TV on the Radio"])
    assert said["xesam:album"] == ("s", "WORK · Round 2 of 5")
    assert said["mpris:length"] == ("x", 300_000_000)
    assert position(NOW) == ("x", 91_000_000)


def test_without_music_the_phase_is_the_title() -> None:
    said = metadata(replace(moment(builtin("mma-5x5").preset, REST), track=None))
    assert said["xesam:title"] == ("s", "REST")
    assert said["xesam:artist"] == ("as", [])
    assert said["xesam:album"] == ("s", "MMA 5 × 5")


def test_an_open_phase_has_no_length() -> None:
    preset = builtin("strength").preset
    index = next(one.index for one in moment(preset, 0).segments if one.duration_s is None)
    assert "mpris:length" not in metadata(moment(preset, index, 47.0))


def test_every_track_in_every_phase_has_an_id_of_its_own() -> None:
    moments = [
        NOW,
        replace(NOW, index=REST),
        replace(NOW, track=None),
        replace(NOW, track=replace(TRACK, path=Path("b"))),
    ]
    ids = [metadata(one)["mpris:trackid"] for one in moments]
    assert len(set(ids)) == len(ids)
    assert metadata(replace(NOW, elapsed_s=99.0))["mpris:trackid"] == ids[0]


def test_only_what_has_changed_is_told() -> None:
    before = player_properties(NOW)
    assert changed({}, before) == before
    assert changed(before, player_properties(replace(NOW, elapsed_s=120.0, remaining_s=180.0))) == {}
    assert changed(before, player_properties(replace(NOW, state=EngineState.PAUSED))).keys() == {"PlaybackStatus"}
    assert changed(before, player_properties(replace(NOW, duration_s=315.0))).keys() == {"Metadata"}
    muted = replace(NOW, sound=replace(NOW.sound, muted=True))
    assert changed(before, player_properties(muted)) == {"Volume": ("d", 0.0)}


@given(st.text(max_size=400), st.text(max_size=20))
def test_any_text_can_go_over_the_bus(title: str, artist: str) -> None:
    said = metadata(replace(NOW, track=Track(path=Path("x"), title=title, artist=artist)))
    for _, value in said.values():
        for text in value if isinstance(value, list) else [value]:
            assert not isinstance(text, str) or text.encode("utf-8").decode().isprintable()


def test_hostile_titles_are_harmless() -> None:
    said = metadata(replace(NOW, track=HOSTILE))
    assert said["xesam:title"] == ("s", "[/foo]  [2J[Remix]  evil")


def test_no_button_ends_a_workout() -> None:
    assert BUTTONS["Stop"] is Order.HOLD
    assert BUTTONS["Next"] is Action.SKIP
    assert not set(BUTTONS.values()) & {Action.STOP, Action.RESTART}


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "mpris"]


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "nonsense", "tcp:host=localhost,port=1", "unix:"])
def test_without_a_bus_nothing_happens(address: str) -> None:
    keys = MediaKeys(lambda: NOW, lambda _: None, address)
    keys.start()
    for thread in threads():
        thread.join(10)
    assert not threads()
    keys.close()
    keys.close()


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is a thing of Linux")
def test_a_bus_that_does_not_answer_holds_nobody_up(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "bus"))
        deaf.listen()
        keys = MediaKeys(lambda: NOW, lambda _: None, f"unix:path={tmp_path / 'bus'}")
        keys.start()
        assert threads()
        keys.close()
    for thread in threads():
        thread.join(10)
    assert not threads()

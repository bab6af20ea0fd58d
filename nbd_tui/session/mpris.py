"""What a desktop's media controls see of a session, and what their buttons mean (MPRIS 2.2). Pure.

A D-Bus variant is a pair of signature and value, as jeepney takes it.
"""

import zlib
from collections.abc import Mapping
from typing import Final, TypeAlias

from nbd_tui.keymap import Action
from nbd_tui.model.units import Seconds
from nbd_tui.session.actions import Order
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Segment

Variant: TypeAlias = tuple[str, object]
Properties: TypeAlias = Mapping[str, Variant]

BUS_NAME: Final = "org.mpris.MediaPlayer2.nbd"
PATH: Final = "/org/mpris/MediaPlayer2"
ROOT: Final = "org.mpris.MediaPlayer2"
PLAYER: Final = "org.mpris.MediaPlayer2.Player"

LONGEST_TEXT: Final = 300
"""Characters of a text from a file; more is not shown anywhere."""

ROOT_PROPERTIES: Final[Properties] = {
    "CanQuit": ("b", False),
    "CanRaise": ("b", False),
    "HasTrackList": ("b", False),
    "Identity": ("s", "Never Back Down"),
    "SupportedUriSchemes": ("as", []),
    "SupportedMimeTypes": ("as", []),
}

FIXED: Final[Properties] = {
    "Rate": ("d", 1.0),
    "MinimumRate": ("d", 1.0),
    "MaximumRate": ("d", 1.0),
    "CanGoNext": ("b", True),
    "CanGoPrevious": ("b", True),
    "CanPlay": ("b", True),
    "CanPause": ("b", True),
    "CanSeek": ("b", False),
    "CanControl": ("b", True),
}
"""Properties of the player that never change."""

BUTTONS: Final[Mapping[str, Action | Order]] = {
    "PlayPause": Action.PAUSE,
    "Play": Order.GO_ON,
    "Pause": Order.HOLD,
    "Stop": Order.HOLD,
    "Next": Action.SKIP,
    "Previous": Action.BACK,
}
"""Methods of the player. Stop pauses: a slip on a headset ends no workout. Next and previous are phases, not tracks."""

WITHOUT_EFFECT: Final = frozenset({"Raise", "Quit", "Seek", "SetPosition", "OpenUri"})
"""Methods that the specification wants to be there, and to do nothing where the properties say they cannot."""

_STATUS: Final = {EngineState.RUNNING: "Playing", EngineState.PAUSED: "Paused"}


def player_properties(snapshot: SessionSnapshot) -> Properties:
    """Everything of a moment but the position, which clients ask for and are not told of."""
    sound = snapshot.sound
    return {
        "PlaybackStatus": ("s", _STATUS.get(snapshot.state, "Stopped")),
        "Metadata": ("a{sv}", metadata(snapshot)),
        "Volume": ("d", 0.0 if sound.muted else sound.music_volume / 100),
        **FIXED,
    }


def position(snapshot: SessionSnapshot) -> Variant:
    """How much of the phase is over."""
    return "x", _micros(snapshot.elapsed_s)


def metadata(snapshot: SessionSnapshot) -> Properties:
    """Title and artist of the track, the phase in place of an album, and the length of the phase: it is what runs out.

    Without music the phase is the title, and the preset the artist.
    """
    track, phase = snapshot.track, phase_text(snapshot.segment)
    title, artist, album = (track.title, track.artist, phase) if track else (phase, "", snapshot.preset_name)
    said: dict[str, Variant] = {
        "mpris:trackid": ("o", _track_id(snapshot)),
        "xesam:title": ("s", _shown(title)),
        "xesam:artist": ("as", [_shown(artist)] if artist else []),
        "xesam:album": ("s", _shown(album)),
    }
    if snapshot.duration_s is not None:
        said["mpris:length"] = ("x", _micros(snapshot.duration_s))
    return said


def phase_text(segment: Segment) -> str:
    """`WORK · Round 2 of 5`, `REST`."""
    kind = segment.kind.value.upper()
    is_named = segment.kind is PhaseKind.WORK and segment.label.casefold() != segment.kind.value
    return f"{kind} · {segment.label}" if is_named else kind


def changed(before: Properties, now: Properties) -> Properties:
    """What a client has to be told."""
    return {name: value for name, value in now.items() if before.get(name) != value}


def _track_id(snapshot: SessionSnapshot) -> str:
    """A D-Bus path of its own for every track in every phase."""
    place = f"/nbd/phase{snapshot.index}"
    track = snapshot.track
    return f"{place}/track{zlib.crc32(bytes(track.path)):08x}" if track else place


def _shown(text: str) -> str:
    """Text from tags as D-Bus and desktops can bear it: no control characters, no lone surrogates."""
    return "".join(char if char.isprintable() else " " for char in text[:LONGEST_TEXT]).strip()


def _micros(seconds: Seconds) -> int:
    return round(seconds * 1_000_000)

"""The user's settings: one frozen model of `settings.toml`; `config.example.toml` shows every key."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from nbd_tui.workout.phase import PhaseKind


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AudioSettings(_Frozen):
    """[audio]"""

    output: Literal["auto", "vlc", "device", "silent"] = "auto"
    """auto takes vlc, then device, then silent."""
    music_volume: int = Field(70, ge=0, le=100)
    cue_volume: int = Field(90, ge=0, le=100)
    cue_set: Literal["sharp", "soft"] = "sharp"
    """sharp cuts through rock, soft is for quiet mornings."""
    duck_db: float = Field(-12.0, ge=-40, le=0)
    """How far the music goes down under a bell."""
    latency_ms: int = Field(0, ge=-1000, le=1000)
    """Moves the screen against the sound (positive: later); the mix itself is exact."""
    fade_s: float = Field(1.5, ge=0, le=10)
    """Length of the cross-fade between two tracks."""


class MusicSettings(_Frozen):
    """[music]"""

    folders: tuple[Path, ...] = ()
    """Where your music is; empty: the demo tracks."""
    pins: dict[PhaseKind, Path] = Field(default_factory=dict)
    """A track, folder or M3U playlist for a kind of phase."""


class ScreenSettings(_Frozen):
    """[screen]"""

    keep_awake: bool = True
    """Keep the display awake from start to summary."""


class Settings(_Frozen):
    """The whole file."""

    audio: AudioSettings = AudioSettings()
    music: MusicSettings = MusicSettings()
    screen: ScreenSettings = ScreenSettings()
    keys: dict[str, str] = Field(default_factory=dict)
    """Binding id to keys, as `"workout.pause" = "space,p"`."""

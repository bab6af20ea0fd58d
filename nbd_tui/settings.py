"""The user's settings: one frozen model of `settings.toml`; `config.example.toml` shows every key."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from nbd_tui.errors import Problem, SettingsError, shown
from nbd_tui.keymap import keymap_problems
from nbd_tui.userfile import TomlFile, problems_of, read_toml
from nbd_tui.workout.music import Bands, Loudness, MusicPin, Percent, SecondWind, ShortRest
from nbd_tui.workout.phase import PhaseKind


def _user_path(value: object, info: ValidationInfo) -> object:
    """`~` is the home folder; a relative path begins at the folder of the settings file."""
    if not isinstance(value, str):
        return value
    if not value.strip() or "\0" in value:
        raise PydanticCustomError("refused", "{message}", {"message": f"{shown(value)} is not a path", "hint": ""})
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        message = f"{shown(value)}: there is no such home folder"
        raise PydanticCustomError(
            "refused", "{message}", {"message": message, "hint": "write the whole path"}
        ) from None
    return Path((info.context or {}).get("folder", "")) / path


def _flat_keys(value: object) -> object:
    """`workout.pause` is a binding's id, also where the quotes around it were forgotten."""
    if not isinstance(value, dict):
        return value
    flat: dict[Any, Any] = {}
    for key, inner in value.items():
        tables = inner.items() if isinstance(inner, dict) else ()
        flat.update({f"{key}.{name}": keys for name, keys in tables} if isinstance(inner, dict) else {key: inner})
    return flat


def _user_pin(value: object, info: ValidationInfo) -> object:
    """A path alone or in a table, made whole."""
    if isinstance(value, str):
        return {"path": str(_user_path(value, info))}
    if isinstance(value, dict) and isinstance(value.get("path"), str):
        return {**value, "path": str(_user_path(value["path"], info))}
    return value


UserPath = Annotated[Path, BeforeValidator(_user_path)]
UserPin = Annotated[MusicPin, BeforeValidator(_user_pin)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AudioSettings(_Frozen):
    """The table [audio]."""

    output: Literal["auto", "vlc", "device", "silent"] = "auto"
    """Where the sound goes: auto takes vlc, then device, then silent."""
    music_volume: int = Field(70, ge=0, le=100, strict=True)
    """The music, 0 to 100."""
    cue_volume: int = Field(90, ge=0, le=100, strict=True)
    """Bells and beeps, 0 to 100, apart from the music."""
    cue_set: Literal["sharp", "soft"] = "sharp"
    """sharp cuts through rock, soft is for quiet mornings."""
    announcer: Literal["off", "words", "labels"] = "off"
    """A voice beside the bells: words says rounds and phases, labels your own labels too (by the system's speech)."""
    duck_db: float = Field(-12.0, ge=-40, le=0, strict=True)
    """How far the music goes down under a bell, in decibels, 0 to -40."""
    latency_ms: int = Field(0, ge=-1000, le=1000, strict=True)
    """Moves the screen against the sound in milliseconds (positive: later); the mix itself is exact."""
    fade_s: float = Field(1.5, ge=0, le=10, strict=True)
    """Length of the cross-fade between two tracks in seconds, 0 to 10."""


class MusicSettings(_Frozen):
    """The table [music]."""

    folders: tuple[UserPath, ...] = ()
    """Where your music is, as ["~/Music"]; empty: the demo tracks."""
    pins: dict[PhaseKind, UserPin] = Field(default_factory=dict)
    """A track, folder, M3U playlist or album by kind of phase, as { work = "~/heavy", rest = { album = "Calm" } }."""
    analyse: StrictBool = True
    """Find tempo, loudness and drops of your music in the background, while the app is open and no workout runs."""
    arc: Literal["montage", "steady", "pyramid", "underdog"] = "montage"
    """How hard the rounds drive: montage climbs to the last, pyramid to the middle, underdog stays low for long."""
    second_wind_s: SecondWind = 45.0
    """The strongest drop comes so many seconds before the end of the last round, 0 to 600; 0: no second wind."""
    short_rest_s: ShortRest = 20.0
    """In rests shorter than this, 0 to 120 seconds, the music of the round goes on, softer."""
    outliers: Percent = 20
    """So many per cent of the places, 0 to 100, are for other genres than the one you have most of."""
    target_lufs: Loudness = -14.0
    """The loudness that all tracks are brought to, -30 to -8 LUFS."""
    tempo_fit: StrictBool = False
    """Bring the tracks of the rounds to the tempo of their band, up to 6 % faster or slower, at the same pitch."""
    bands: Bands = Field(default_factory=dict)
    """Tempo (BPM) and energy (0 calm, 1 hard) by kind of phase, { work = { bpm = [125, 142], energy = [0.5, 1] } }."""


class ScreenSettings(_Frozen):
    """The table [screen]."""

    theme: Literal["ring", "colour-blind", "16-colours", "mono"] = "ring"
    """ring as gym timers, colour-blind safe for every eye, 16-colours, mono without any (as with NO_COLOR set)."""
    keep_awake: StrictBool = True
    """Keep the display awake from start to summary."""
    glove: StrictBool = False
    """Begin in glove mode: two keys at once, or one of the big ones, are one press; the key g turns it on and off."""


class HomeSettings(_Frozen):
    """The table [home]."""

    favourites: tuple[str, ...] = ()
    """Presets that come first on the home screen, by id: a file's name without .toml (f on the home screen)."""


class Settings(_Frozen):
    """The whole file."""

    audio: AudioSettings = AudioSettings()
    music: MusicSettings = MusicSettings()
    screen: ScreenSettings = ScreenSettings()
    home: HomeSettings = HomeSettings()
    keys: Annotated[dict[str, str], BeforeValidator(_flat_keys)] = Field(default_factory=dict)
    """Binding id to keys, as `"workout.pause" = "space,p"`."""


def load_settings(path: Path) -> Settings:
    """The settings of a file; the defaults where there is none.

    Raises:
        SettingsError: the file cannot be used; every problem with its key, its line where that is certain, and a hint.
    """
    return Settings() if is_absent(path) else settings_of(read_toml(path, SettingsError))


def settings_of(source: TomlFile) -> Settings:
    """The settings that a file's text makes.

    Raises:
        SettingsError: as `load_settings`.
    """
    try:
        settings = Settings.model_validate(source.tables, context={"folder": source.file.parent})
    except ValidationError as error:
        problems = problems_of(error, Settings, source)
    else:
        problems = tuple(_with_place(problem, source) for problem in keymap_problems(settings.keys))
        if not problems:
            return settings
    raise SettingsError("these settings cannot be used", file=source.file, problems=problems)


def is_absent(path: Path) -> bool:
    """There is nothing at `path`, not even a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _with_place(problem: Problem, source: TomlFile) -> Problem:
    return replace(problem, key=f"keys.{problem.key}", line=source.line_meant(("keys", problem.key)))

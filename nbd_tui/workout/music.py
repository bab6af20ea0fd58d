"""What may be wished of the music, as it is written in the settings and in presets: checked here for both."""

from functools import partial
from typing import Annotated, Any, Final, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nbd_tui.errors import shown
from nbd_tui.model.units import Bpm, Decibels, Seconds
from nbd_tui.workout.duration import DurationError, exact_duration, parse_duration
from nbd_tui.workout.phase import PhaseKind

SLOWEST_BPM: Final[Bpm] = 30.0
FASTEST_BPM: Final[Bpm] = 300.0
NARROWEST_BPM: Final[Bpm] = 1.0
MOST_ROUNDS: Final = 999


def _refused(message: str, hint: str = "") -> PydanticCustomError:
    """An error whose message and hint reach the user word for word."""
    return PydanticCustomError("refused", "{message}", {"message": message, "hint": hint})


def _pair(value: object, example: str) -> object:
    """Two values, whatever they are."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _refused("must be two numbers", f"the least and the most, as {example}")
    return value


def _within(pair: tuple[float, float], least: float, most: float, example: str) -> tuple[float, float]:
    low, high = pair
    if not least <= min(pair) <= max(pair) <= most:
        raise _refused(f"must be between {least:g} and {most:g}", f"the least and the most, as {example}")
    if low > high:
        raise _refused("the lower number comes first", f"write [{high:g}, {low:g}]")
    return pair


def _bpm(pair: tuple[Bpm, Bpm]) -> tuple[Bpm, Bpm]:
    low, high = _within(pair, SLOWEST_BPM, FASTEST_BPM, "[125, 142]")
    if high - low < NARROWEST_BPM:
        raise _refused("is too narrow", f"at least {NARROWEST_BPM:g} BPM wide, as [{low:g}, {low + 10:g}]")
    return pair


def _energy(pair: tuple[float, float]) -> tuple[float, float]:
    return _within(pair, 0.0, 1.0, "[0.5, 1.0]")


_Number: TypeAlias = Annotated[float, Field(strict=True)]


class BandWish(BaseModel):
    """Tempo and energy of a kind of phase; what is left out is as usual."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    bpm: (
        Annotated[tuple[_Number, _Number], BeforeValidator(partial(_pair, example="[125, 142]")), AfterValidator(_bpm)]
        | None
    ) = None
    energy: (
        Annotated[
            tuple[_Number, _Number], BeforeValidator(partial(_pair, example="[0.5, 1.0]")), AfterValidator(_energy)
        ]
        | None
    ) = None


SecondWind: TypeAlias = Annotated[Seconds, Field(ge=0, le=600, strict=True)]
ShortRest: TypeAlias = Annotated[Seconds, Field(ge=0, le=120, strict=True)]
Percent: TypeAlias = Annotated[int, Field(ge=0, le=100, strict=True)]
Loudness: TypeAlias = Annotated[Decibels, Field(ge=-30, le=-8, strict=True)]
Bands: TypeAlias = dict[PhaseKind, BandWish]


_SPACE: Final = 32
"""What comes before is no sign of a text of one line."""
_EXAMPLE: Final = 'as { path = "x.mp3", from = "1:02", drop = "1:23" }'


_BEGINNING: Final = frozenset({0, "0", "0:00", "00:00"})


def _position(value: object) -> Seconds | None:
    """A point in a track, as lengths are written; its beginning too."""
    if value is None:
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool) and value in _BEGINNING:
        return 0.0
    try:
        return parse_duration(value)
    except DurationError as error:
        raise _refused(str(error)) from None


def _text(value: object) -> object:
    if isinstance(value, str) and (not value.strip() or any(ord(char) < _SPACE for char in value)):
        raise _refused("must be text on one line, and not empty")
    return value


_Text: TypeAlias = Annotated[str | None, BeforeValidator(_text)]
_Position: TypeAlias = Annotated[Seconds | None, BeforeValidator(_position)]


class PinWish(BaseModel):
    """Chosen music: a track, folder or playlist, or an album of the library; of a track also where in it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, allow_inf_nan=False
    )

    path: _Text = None
    """As written: may start with `~` or at the preset's folder."""
    album: _Text = None
    """The name of an album in the library."""
    from_s: _Position = Field(None, alias="from")
    """Where in the track its place begins."""
    drop_s: _Position = Field(None, alias="drop")
    """What of the track falls on the bell."""

    @model_validator(mode="after")
    def _one_thing(self) -> "PinWish":
        if (self.path is None) == (self.album is None):
            raise _refused("must name a path or an album", _EXAMPLE)
        if self.album is not None and (self.from_s is not None or self.drop_s is not None):
            raise _refused("from and drop are of one track, not of an album", "give its path")
        if self.from_s is not None and self.drop_s is not None and self.drop_s <= self.from_s:
            raise _refused("the drop comes after from", "from is where the music begins, drop what the bell meets")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, dump: SerializerFunctionWrapHandler) -> str | dict[str, Any]:
        """A path alone as text, times as people write them."""
        table: dict[str, Any] = {key: value for key, value in dump(self).items() if value is not None}
        if list(table) == ["path"]:
            return str(table["path"])
        return {key: value if isinstance(value, str) else _clock(value) for key, value in table.items()}


def _clock(position_s: Seconds) -> str:
    return exact_duration(position_s) if position_s else "0:00"


def _wish(value: object) -> object:
    """A path alone, or a table."""
    if isinstance(value, str):
        return {"path": _text(value)}
    if not isinstance(value, dict | PinWish):
        raise _refused(f"must be a path in quotes or a table, not {shown(value)}", _EXAMPLE)
    return value


def _round(value: object) -> object:
    """The number of a round; keys of a file are text."""
    if not str(value).isdecimal() or not 1 <= int(str(value)) <= MOST_ROUNDS:
        raise _refused("is not the number of a round", 'as { 1 = "first.mp3", 12 = "last.mp3" }')
    return int(str(value))


MusicPin: TypeAlias = Annotated[PinWish, BeforeValidator(_wish)]
RoundPins: TypeAlias = dict[Annotated[int, BeforeValidator(_round)], MusicPin]

"""What may be wished of the music, as it is written in the settings and in presets: checked here for both."""

from functools import partial
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from nbd_tui.model.units import Bpm, Decibels, Seconds
from nbd_tui.workout.phase import PhaseKind

SLOWEST_BPM: Final[Bpm] = 30.0
FASTEST_BPM: Final[Bpm] = 300.0
NARROWEST_BPM: Final[Bpm] = 1.0


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

"""A preset: the workout as the user writes it. `compile.py` turns it into a timeline."""

import string
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nbd_tui.model.arc import Arc
from nbd_tui.model.units import Seconds
from nbd_tui.workout.duration import LONGEST_S, DurationError, format_duration, parse_duration, parse_duration_or_open
from nbd_tui.workout.music import Bands, Loudness, MusicPin, Percent, RoundPins, SecondWind, ShortRest
from nbd_tui.workout.phase import PhaseKind

SCHEMA_VERSION: Final = 1
"""The newest schema this version knows."""

MOST_SEGMENTS: Final = 2_000
"""Phases of a whole workout, all rounds and sets counted."""

PLACEHOLDERS: Final = ("n", "total", "set", "sets")
"""What a label may hold in braces: round n of total, set of sets."""

_Path: TypeAlias = tuple[int | str, ...]


def _refused(message: str, hint: str = "") -> PydanticCustomError:
    """An error whose message and hint reach the user word for word."""
    return PydanticCustomError("refused", "{message}", {"message": message, "hint": hint})


def _length(value: object) -> Seconds:
    try:
        return parse_duration(value)
    except DurationError as error:
        raise _refused(str(error)) from None


def _length_or_open(value: object) -> Seconds | None:
    try:
        return parse_duration_or_open(value)
    except DurationError as error:
        raise _refused(str(error)) from None


def _optional_length(value: object) -> Seconds | None:
    return None if value is None else _length(value)


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise _refused("must be one line without control characters")
    return text


def _lines(text: str) -> str:
    if not all(line.isprintable() for line in text.replace("\t", " ").split("\n")):
        raise _refused("must be text without control characters")
    return text


def _with_known_placeholders(label: str) -> str:
    choices = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    try:
        fields = [part[1:] for part in string.Formatter().parse(label) if part[1] is not None]
    except ValueError:
        raise _refused(
            "a brace is not closed, or stands alone", f"placeholders are {choices}; a brace itself is {{{{ or }}}}"
        ) from None
    for name, spec, conversion in fields:
        if name not in PLACEHOLDERS or spec or conversion:
            raise _refused(f"{{{name}}} is not a placeholder", f"placeholders are {choices}")
    return label


Line = Annotated[str, AfterValidator(_one_line)]


class _Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, allow_inf_nan=False
    )


class Phase(_Frozen):
    """One phase of a round."""

    kind: PhaseKind
    duration_s: Annotated[Seconds | None, BeforeValidator(_length_or_open)] = Field(alias="duration")
    """None: open, until the user presses done."""
    label: Annotated[Line, AfterValidator(_with_known_placeholders)] = Field("", max_length=60)
    """May hold `{n}`, `{total}`, `{set}` and `{sets}`; empty: the kind's own words."""
    music: MusicPin | None = None
    """Played in this phase."""


class Block(_Frozen):
    """Phases done `repeat` times over, and that `sets` times."""

    repeat: int = Field(1, ge=1, le=999, strict=True)
    sets: int = Field(1, ge=1, le=999, strict=True)
    set_break_s: Annotated[Seconds | None, BeforeValidator(_optional_length)] = Field(None, alias="set_break")
    """Length of the break between two sets; None: no break."""
    skip_last_rest: StrictBool = True
    """The rest or break that ends the last round of each set is left out (a block of rests only keeps it)."""
    music: MusicPin | None = None
    """Played in all of the block but its rests."""
    round_music: RoundPins = Field(default_factory=dict)
    """The same for single rounds, by their number in the block; before that of the phase."""
    phases: tuple[Phase, ...] = Field(min_length=1)

    @property
    def drops_last_rest(self) -> bool:
        """The last round of each set ends without its rest."""
        idle = (PhaseKind.REST, PhaseKind.BREAK)
        has_others = any(phase.kind not in idle for phase in self.phases)
        return self.skip_last_rest and has_others and self.phases[-1].kind in idle

    @property
    def segment_count(self) -> int:
        """Phases the block makes, set breaks counted."""
        in_set = self.repeat * len(self.phases) - self.drops_last_rest
        return self.sets * in_set + (self.sets - 1 if self.set_break_s is not None else 0)

    @property
    def total_s(self) -> Seconds:
        """Length of the block, open phases counted as 0."""
        round_s = sum(phase.duration_s or 0.0 for phase in self.phases)
        dropped_s = (self.phases[-1].duration_s or 0.0) if self.drops_last_rest else 0.0
        return self.sets * (self.repeat * round_s - dropped_s) + (self.sets - 1) * (self.set_break_s or 0.0)


class CueSettings(_Frozen):
    """Which cues a workout has besides the bells."""

    countdown: StrictBool = True
    """3-2-1 before the next phase."""
    clapper_s: Seconds = Field(10.0, ge=0, le=60, strict=True)
    """The clapper sounds so long before the end of work; 0: off."""
    halfway: StrictBool = False


class PresetMusic(_Frozen):
    """Music the preset asks for, before what the settings ask for; None: as these say."""

    arc: Arc | None = None
    """How the energy of the rounds goes."""
    second_wind_s: SecondWind | None = None
    """Before the end of the last round; 0: none."""
    short_rest_s: ShortRest | None = None
    """Shorter rests have no music of their own."""
    outliers: Percent | None = None
    """Places for other genres than the dominant one."""
    target_lufs: Loudness | None = None
    tempo_fit: StrictBool | None = None
    bands: Bands = Field(default_factory=dict)
    """Tempo and energy by kind of phase."""
    pins: dict[PhaseKind, MusicPin] = Field(default_factory=dict)
    """For all phases of a kind that have no music of their own."""


class Preset(_Frozen):
    """A whole workout as the user writes it."""

    name: Annotated[Line, AfterValidator(str.strip)] = Field(min_length=1, max_length=60, pattern=r"\S")
    description: Annotated[str, AfterValidator(_lines)] = Field("", max_length=2_000)
    schema_version: int = Field(SCHEMA_VERSION, ge=1, strict=True)
    cues: CueSettings = CueSettings()
    music: PresetMusic = PresetMusic()
    blocks: tuple[Block, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _bounded(self) -> "Preset":
        segments = sum(block.segment_count for block in self.blocks)
        if segments > MOST_SEGMENTS:
            raise _refused(
                f"the workout has {segments:,} phases, and {MOST_SEGMENTS:,} is the most", "lower repeat or sets"
            )
        if self.total_s > LONGEST_S:
            length = format_duration(self.total_s) if self.total_s < 100 * LONGEST_S else "more than 100 days"
            raise _refused(f"the workout lasts {length}, and 24 hours is the most", "lower repeat or sets")
        return self

    @property
    def total_s(self) -> Seconds:
        """Length of the workout, open phases counted as 0."""
        return sum(block.total_s for block in self.blocks)


def parse_preset(data: Mapping[str, Any]) -> tuple[Preset, dict[str, object]]:
    """The preset of a file's tables, and what of a newer schema this version does not know (key path to value).

    Raises:
        pydantic.ValidationError: keys that are not known in a schema we know, or values that cannot be used.
    """
    try:
        return Preset.model_validate(data, by_alias=True, by_name=False), {}
    except ValidationError as error:
        if not _is_newer(data.get("schema_version")):
            raise
        paths = _unknown_paths(error)
        known = _without(data, paths)
        unknown = {".".join(map(str, path)): _value_at(data, path) for path in paths}
        return Preset.model_validate(known, by_alias=True, by_name=False), unknown


def _is_newer(version: object) -> bool:
    return isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION


def _unknown_paths(error: ValidationError) -> list[_Path]:
    return [found["loc"] for found in error.errors(include_url=False) if found["type"] == "extra_forbidden"]


def _without(node: Any, paths: list[_Path]) -> Any:  # noqa: ANN401 - tables, lists and values of a TOML file
    """A copy of `node` that lacks what lies at `paths`."""
    if not paths:
        return node
    children = node.items() if isinstance(node, Mapping) else enumerate(node)
    kept = {
        step: _without(child, [path[1:] for path in paths if path[0] == step])
        for step, child in children
        if (step,) not in paths
    }
    return kept if isinstance(node, Mapping) else list(kept.values())


def _value_at(node: Any, path: _Path) -> object:  # noqa: ANN401 - as above
    for step in path:
        node = node[step]
    return node

"""The journal of a session as text: one JSON object a line, the first of which opens it and each later one is a mark.

Every mark says where the session stands; of the rest it says only what has changed since the mark before it, and says
it whole. So any first part of a journal is a journal, and a line that cannot be read costs no more than its own news.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nbd_tui.errors import JournalError, NewerJournalError
from nbd_tui.model.units import Seconds
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import HeardTrack, Outcome
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset

JOURNAL_VERSION: Final = 1

BEGAN: Final = "began"
"""Among what happened: the workout began, or began again, and nothing it had come to before counts."""

_IF_ANY: Final = frozenset({"fresh", "totals", "heard", "happened", "over"})


@dataclass(frozen=True, slots=True)
class Opening:
    """What of a session is known when it begins, and stays."""

    id: str
    preset: LoadedPreset
    """Whole: the session can go on when the file is gone, or says something else by then."""
    began_utc: datetime
    utc_offset_s: int
    """Of the local time at the start, east positive."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment of a session, and all that it had come to by then."""

    utc: datetime
    at: Checkpoint
    totals: Mapping[PhaseKind, Seconds] = field(default_factory=dict)
    """Time spent in each kind of phase, without the pauses."""
    heard: tuple[HeardTrack, ...] = ()
    """By place, which counts from 0."""
    happened: tuple[str, ...] = ()
    """What made this a moment to note, for people who read journals; empty when only time has passed."""
    over: Outcome | None = None
    """How the session ended; `interrupted` when the program had to end before it."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What a file tells of a session."""

    opening: Opening
    last: Mark | None
    """The newest moment; None where the session was only opened."""


class _Said(BaseModel):
    """A line of a file, in which anything may stand."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class _FirstLine(_Said):
    id: Annotated[str, Field(min_length=1, max_length=100)]
    preset_id: str
    preset_file: str
    builtin: bool
    preset: dict[str, Any]
    began: float
    offset_s: Annotated[int, Field(gt=-86_400, lt=86_400)]


class _TrackSaid(_Said):
    place: Annotated[int, Field(ge=0)]
    heard_s: Annotated[float, Field(ge=0)]
    path: str = ""
    title: str = ""
    artist: str = ""


class _MarkLine(_Said):
    utc: float
    index: int
    elapsed_s: float
    duration_s: float | None
    worked_s: float
    paused_s: float
    fresh: bool = False
    done: list[int] | None = None
    totals: dict[str, float] = {}
    heard: list[_TrackSaid] = []
    happened: list[str] = []
    over: str | None = None


def opening_line(opening: Opening) -> str:
    """The first line."""
    preset = opening.preset
    return _json(
        {
            "journal": JOURNAL_VERSION,
            "id": opening.id,
            "began": opening.began_utc.timestamp(),
            "offset_s": opening.utc_offset_s,
            "preset_id": preset.id,
            "preset_file": _path_text(preset.file),
            "builtin": preset.builtin,
            "preset": preset.preset.model_dump(mode="json", by_alias=True),
        }
    )


def mark_line(mark: Mark, before: Mark | None) -> str:
    """A later line.

    Args:
        mark: what it says.
        before: what the lines up to here have said; None has it say everything.
    """
    at = mark.at
    said: dict[str, object] = {
        "utc": mark.utc.timestamp(),
        "index": at.index,
        "elapsed_s": round(at.elapsed_s, 6),
        "duration_s": at.duration_s,
        "worked_s": round(at.worked_s, 6),
        "paused_s": round(at.paused_s, 6),
    }
    if before is None or before.at.done != at.done:
        said["done"] = sorted(at.done)
    fresh = before is None or BEGAN in mark.happened
    known = before.totals if before and not fresh else {}
    said["totals"] = {str(kind): round(s, 3) for kind, s in mark.totals.items() if known.get(kind) != s}
    said["heard"] = list(_news_of_tracks(mark.heard, before.heard if before else ()))
    said |= {"fresh": fresh, "happened": mark.happened, "over": mark.over}
    return _json({key: value for key, value in said.items() if value or key not in _IF_ANY})


def read_journal(lines: Iterable[bytes]) -> Journal:
    """What a journal tells; lines that cannot be read are passed over, as is one that was not written to its end.

    Raises:
        NewerJournalError: it is of a version that is not known here.
        JournalError: it does not even say which session it is of.
    """
    remaining = iter(lines)
    opening = _find_opening(remaining)
    last: Mark | None = None
    for line in remaining:
        last = _after(last, line) or last
    return Journal(opening, last)


def _news_of_tracks(heard: tuple[HeardTrack, ...], before: tuple[HeardTrack, ...]) -> Iterator[dict[str, object]]:
    known = {track.place: track.heard_s for track in before}
    for track in heard:
        heard_s = round(track.heard_s, 3)
        if track.place not in known:
            names = {"path": _path_text(track.path), "title": _text(track.title), "artist": _text(track.artist)}
            yield {"place": track.place, "heard_s": heard_s, **names}
        elif known[track.place] != track.heard_s:
            yield {"place": track.place, "heard_s": heard_s}


def _find_opening(lines: Iterator[bytes]) -> Opening:
    """The first line, or a later one where that was written only in part and then again."""
    trouble = JournalError("there is nothing in it")
    for line in lines:
        try:
            return _read_opening(line)
        except NewerJournalError:
            raise
        except JournalError as error:
            trouble = error
    raise trouble


def _read_opening(line: bytes) -> Opening:
    said = _object(line)
    version = said.get("journal")
    if isinstance(version, int) and version > JOURNAL_VERSION:
        raise NewerJournalError(f"written by a newer nbd-tui (journal version {version})")
    if version != JOURNAL_VERSION:
        raise JournalError("no journal of a session")
    try:
        first = _FirstLine.model_validate(said)
        preset, _ = parse_preset(first.preset)
        began = datetime.fromtimestamp(first.began, UTC)
        timezone(timedelta(seconds=first.offset_s))
    except (ValidationError, ValueError, OverflowError, OSError) as error:
        raise JournalError("its first line is damaged") from error
    loaded = LoadedPreset(first.preset_id, preset, first.builtin, _path(first.preset_file))
    return Opening(first.id, loaded, began, first.offset_s)


def _after(before: Mark | None, line: bytes) -> Mark | None:
    """The mark that a line makes of the one before it; None where it cannot be read."""
    try:
        said = _MarkLine.model_validate(_object(line))
        done = (before.at.done if before else frozenset()) if said.done is None else frozenset(said.done)
        totals = {PhaseKind(kind): seconds for kind, seconds in said.totals.items()}
        return Mark(
            utc=datetime.fromtimestamp(said.utc, UTC),
            at=Checkpoint(said.index, said.elapsed_s, said.duration_s, said.worked_s, said.paused_s, done),
            totals=totals if before is None or said.fresh else {**before.totals, **totals},
            heard=_heard_by_then(before.heard if before else (), said.heard),
            happened=tuple(said.happened),
            over=None if said.over is None else Outcome(said.over),
        )
    except (ValidationError, ValueError, OverflowError, OSError, JournalError):
        return None


def _heard_by_then(before: tuple[HeardTrack, ...], news: list[_TrackSaid]) -> tuple[HeardTrack, ...]:
    tracks = {track.place: track for track in before}
    for one in news:
        if one.path:
            tracks[one.place] = HeardTrack(one.place, _path(one.path), one.title, one.artist, one.heard_s)
        elif one.place in tracks:
            tracks[one.place] = replace(tracks[one.place], heard_s=one.heard_s)
    return tuple(tracks[place] for place in sorted(tracks))


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line.strip(b"\0"))  # what a file system leaves where nothing was written yet
    except (ValueError, RecursionError) as error:
        raise JournalError("a line is damaged") from error
    if not isinstance(said, dict):
        raise JournalError("a line is damaged")
    return said


def _json(said: Mapping[str, object]) -> str:
    return json.dumps(said, ensure_ascii=True, separators=(",", ":"))


def _path_text(path: Path) -> str:
    """Names of files need not be text: what is not is written as `%FF`."""
    return quote_from_bytes(os.fsencode(path), safe="/\\: ()[]&',!+=@~#$;")


def _path(text: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(text)))


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

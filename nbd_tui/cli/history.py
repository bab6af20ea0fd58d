"""`nbd history`: the sessions kept, as lines, CSV or JSON."""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from nbd_tui.model.units import Seconds
from nbd_tui.paths import places
from nbd_tui.store.database import open_database
from nbd_tui.store.history import History
from nbd_tui.store.records import HeardTrack, SessionRecord
from nbd_tui.workout.duration import format_duration

FEW: Final = 20
"""So many sessions are told as lines, unless more are asked for."""

COLUMNS: Final = (
    "began", "ended_utc", "preset", "preset_id", "outcome", "planned_s", "worked_s", "paused_s", "rounds_done",
    "rounds", "effort", "note", "tracks",
)  # fmt: skip
"""Of the CSV."""

Teller: TypeAlias = Callable[[Iterator[SessionRecord]], None]


def list_history(last: int | None, *, as_csv: bool, as_json: bool) -> int:
    """Prints the sessions, the newest first.

    Args:
        last: at most so many; None: all, or as lines a few.
        as_csv: a table for spreadsheets, with a heading.
        as_json: one JSON object a line, with the tracks.

    Raises:
        HistoryError: they cannot be read.
    """
    where = places().database
    tell: Teller = _tell_csv if as_csv else _tell_json if as_json else partial(_tell_lines, most=last or FEW)
    every = _every(History(partial(open_database, where))) if where.exists() else iter(())
    tell(islice(every, last) if as_csv or as_json else every)
    return 0


def _every(history: History) -> Iterator[SessionRecord]:
    page = history.sessions()
    while page:
        yield from page
        page = history.sessions(before=page[-1])


def _tell_lines(records: Iterator[SessionRecord], most: int) -> None:
    first = [as_line(record) for record in islice(records, most)]
    print(*first, sep="\n", end="\n" if first else "")
    if not first:
        print("no sessions yet; every workout you end is kept")
    elif next(records, None):
        print(f"there are more: nbd history --last {most * 10}")


def _tell_csv(records: Iterator[SessionRecord]) -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(map(_csv_row, records))


def _tell_json(records: Iterator[SessionRecord]) -> None:
    for record in records:
        print(json.dumps(as_json_object(record), ensure_ascii=True))


def as_line(record: SessionRecord) -> str:
    """A session in a sentence, for people and screen readers."""
    planned = "" if record.planned_s is None else f" of {_length(record.planned_s)}"
    parts = [
        f"{record.outcome} after {_length(record.worked_s)}{planned}",
        f"{record.rounds_done} of {record.rounds} rounds" if record.rounds else "",
        f"effort {record.effort}" if record.effort else "",
        f"{len(record.heard)} track{'' if len(record.heard) == 1 else 's'}",
        f"note: {_harmless(record.note)}" if record.note else "",
    ]
    words = ", ".join(part for part in parts if part)
    return f"{record.began:%Y-%m-%d %H:%M}  {_harmless(record.preset_name)}: {words}"


def as_json_object(record: SessionRecord) -> dict[str, object]:
    """Everything that is kept of a session; times are local with their offset, lengths in seconds."""
    return {
        "id": record.id,
        "began": record.began.isoformat(timespec="seconds"),
        "ended_utc": record.ended_utc.isoformat(timespec="seconds"),
        "preset": record.preset_name,
        "preset_id": record.preset_id,
        "outcome": str(record.outcome),
        "planned_s": record.planned_s,
        "worked_s": record.worked_s,
        "paused_s": record.paused_s,
        "rounds_done": record.rounds_done,
        "rounds": record.rounds,
        "totals_s": {str(kind): spent_s for kind, spent_s in record.totals.items()},
        "effort": record.effort,
        "note": record.note,
        "tracks": [_track(track) for track in record.heard],
    }


def _track(track: HeardTrack) -> dict[str, object]:
    verdict = str(track.verdict) if track.verdict else None
    names = {"title": track.title, "artist": track.artist, "path": str(track.path)}
    return {**names, "heard_s": track.heard_s, "verdict": verdict}


def _csv_row(record: SessionRecord) -> list[object]:
    """Texts that a spreadsheet would take for a formula are kept from it by an apostrophe."""
    told = as_json_object(record) | {"tracks": len(record.heard)}
    return [_no_formula(value) if isinstance(value := told[name], str) else value for name in COLUMNS]


def _no_formula(text: str) -> str:
    shown = _harmless(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


def _harmless(text: str) -> str:
    """Foreign text in a line, without what a terminal would obey."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _length(seconds: Seconds) -> str:
    return format_duration(int(seconds))

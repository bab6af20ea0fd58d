"""A session of an evening that is kept, for the tests of keeping."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbd_tui.session.journalist import Journalist
from nbd_tui.store.journal_lines import Mark, Opening
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import SessionRecord
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import START, Stage

PATIENCE_S = 20.0
BLOCKS: list[dict[str, object]] = [
    {"phases": [{"kind": "warm-up", "duration": 10}]},
    {"repeat": 2, "phases": [{"kind": "work", "duration": 20}, {"kind": "rest", "duration": 10}]},
]
"""warm-up 0–10, work 10–30, rest 30–40, work 40–60."""
PRESET = parse_preset({"name": "Test", "blocks": BLOCKS})[0]
LOADED = LoadedPreset("test", PRESET, False, Path("/x/test.toml"))
EVENING = datetime(2026, 11, 21, 18, 4, tzinfo=UTC)


class Shelf:
    """Where a journalist puts things."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.records: list[SessionRecord] = []
        self.trouble = ""

    def write(self, mark: Mark) -> None:
        self.marks.append(mark)

    def file(self, record: SessionRecord) -> None:
        self.records.append(record)

    def news(self) -> str:
        trouble, self.trouble = self.trouble, ""
        return trouble


def kept(since: Mark | None = None, **options: object) -> tuple[Stage, Shelf]:
    """A session over a journalist, begun."""
    shelf = Shelf()
    stage: Stage
    opening = Opening("one", LOADED, EVENING, 3600)
    journalist = Journalist(opening, shelf, lambda: EVENING + timedelta(seconds=stage.clock.now - START), since)
    stage = Stage(BLOCKS, journalist=journalist, since=since.at if since else None, **options)  # type: ignore[arg-type]
    return stage.begin(), shelf


def mark(worked_s: float, *happened: str) -> Mark:
    return Mark(EVENING, Checkpoint(0, worked_s, 60.0, worked_s, 0.0), happened=happened)

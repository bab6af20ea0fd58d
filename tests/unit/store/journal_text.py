"""A journal as text, for tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbd_tui.store.journal_lines import Mark, Opening, mark_line, opening_line
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.preset import Preset, parse_preset

EVENING = datetime(2026, 11, 21, 18, 4, tzinfo=UTC)


PRESET = parse_preset({"name": "Two", "blocks": [{"repeat": 2, "phases": [{"kind": "work", "duration": 60}]}]})[0]


def opening(session_id: str = "20261121T180400Z-abc", preset: Preset = PRESET) -> Opening:
    return Opening(session_id, LoadedPreset("two", preset, False, Path("/x/two.toml")), EVENING, 3600)


def mark(worked_s: float, **changes: object) -> Mark:
    made = Mark(EVENING + timedelta(seconds=worked_s), Checkpoint(0, worked_s, 60.0, worked_s, 0.0))
    return replace(made, **changes)  # type: ignore[arg-type]


def written(start: Opening, marks: list[Mark]) -> bytes:
    lines, before = [opening_line(start)], None
    for one in marks:
        lines.append(mark_line(one, before))
        before = one
    return "".join(f"{line}\n" for line in lines).encode("ascii")

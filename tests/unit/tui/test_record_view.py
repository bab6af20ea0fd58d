from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nbd_tui.store.records import HeardTrack, SessionRow, Verdict
from nbd_tui.tui.record_view import (
    columns_of,
    done_text,
    drawn_totals,
    effort_parts,
    heading,
    kind_items,
    named,
    packed,
    row_parts,
    track_parts,
    when,
)
from nbd_tui.tui.text import ASCII, UNICODE
from nbd_tui.workout.phase import PhaseKind
from tests.unit.store.history_records import NOON, record

ANY_TEXT = st.text(max_size=60)


def row(**changes: Any) -> SessionRow:  # noqa: ANN401  fields of SessionRow
    kept = record()
    plain = SessionRow(
        "a", "Boxing", kept.began_utc, 3600, 600.0, 599.0, 2, 3, kept.outcome, None, 7,
    )  # fmt: skip
    return plain._replace(**changes)


def text(parts: tuple[tuple[str, str], ...]) -> str:
    return "".join(part for part, _ in parts)


@given(st.integers(30, 100), ANY_TEXT, st.none() | st.floats(0, 360_000))
def test_a_row_fills_its_cells_under_the_heading_whatever_the_preset_is_called(
    width: int, name: str, planned_s: float | None
) -> None:
    for glyphs in (UNICODE, ASCII):
        shown = text(row_parts(row(preset_name=name, planned_s=planned_s), width, glyphs))
        assert cell_len(shown) == width == cell_len(heading(width))
        assert not any(ord(char) < 32 for char in shown)


@given(ANY_TEXT, ANY_TEXT, st.floats(0, 9000), st.none() | st.sampled_from(Verdict), st.integers(30, 100))
def test_a_track_fills_its_line_whatever_it_is_called(
    title: str, artist: str, heard_s: float, verdict: Verdict | None, width: int
) -> None:
    track = HeardTrack(0, Path("x"), title, artist, heard_s, verdict)
    assert cell_len(text(track_parts(track, width, UNICODE))) == width
    assert text(track_parts(track, width, ASCII)).isascii()


def test_a_narrow_table_keeps_date_preset_planned_and_done() -> None:
    assert list(columns_of(90)) == ["date", "preset", "planned", "done", "outcome", "rounds", "effort", "tracks"]
    assert list(columns_of(74)) == list(columns_of(90))
    assert list(columns_of(54)) == ["date", "preset", "planned", "done", "outcome"]
    assert list(columns_of(34)) == ["date", "preset", "done"]


def test_a_row_tells_the_local_time_it_began_at() -> None:
    late = row(began_utc=NOON + timedelta(hours=11, minutes=30))
    assert "2026-11-19 00:30" in text(row_parts(late, 95, UNICODE))
    assert "2026-11-19 " in text(row_parts(late, 60, UNICODE))
    assert "open" in text(row_parts(row(planned_s=None), 80, UNICODE))


@given(ANY_TEXT, st.integers(50, 100))
def test_a_long_name_leaves_room_for_outcome_and_day(name: str, width: int) -> None:
    left, day = named(record(preset_name=name), width, UNICODE)
    assert cell_len(left) + 2 + cell_len(day) <= width
    assert left.endswith(" · COMPLETED")


def test_the_session_is_told_in_words() -> None:
    assert when(record(), 100) == "Wednesday 18 November 2026, 12:00"
    assert when(record(), 58) == "Wed 18 Nov 2026, 12:00"
    assert done_text(record()) == "rounds 2 of 2   workout 10:00 of 10:00 planned   paused 1:00"
    assert done_text(record(planned_s=None, rounds=0)) == "workout 10:00   paused 1:00"


@pytest.mark.parametrize(("effort", "shown"), [(None, " 7  8 "), (7, "[7] 8 "), (10, " 9 [10]"), (1, "[1] 2 ")])
def test_the_effort_stands_in_brackets(effort: int | None, shown: str) -> None:
    assert shown in text(effort_parts(effort))
    assert ("[" in text(effort_parts(effort))) is (effort is not None)


def test_kinds_are_told_in_the_order_of_a_workout() -> None:
    totals = {PhaseKind.REST: 240.0, PhaseKind.WORK: 61.9, PhaseKind.BREAK: 0.4}
    assert kind_items(totals) == [(PhaseKind.WORK, "1:01"), (PhaseKind.REST, "4:00")]
    assert [phase.kind for phase in drawn_totals(totals)] == [PhaseKind.WORK, PhaseKind.REST, PhaseKind.BREAK]


@given(st.lists(st.integers(1, 30), max_size=8), st.integers(30, 80))
def test_items_are_packed_in_order_without_running_over(widths: list[int], width: int) -> None:
    lines = packed(widths, width)
    assert [place for line in lines for place in line] == list(range(len(widths)))
    assert all(sum(widths[place] for place in line) + 3 * (len(line) - 1) <= width for line in lines)

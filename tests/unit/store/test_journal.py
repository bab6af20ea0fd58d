"""What a journal says of a session, whatever has happened to its text."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.errors import JournalError, NewerJournalError
from nbd_tui.store.journal_lines import BEGAN, Journal, Mark, mark_line, opening_line, read_journal
from nbd_tui.store.records import HeardTrack, Outcome
from nbd_tui.workout.checkpoint import Checkpoint
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import Preset
from tests.unit.store.journal_text import EVENING, mark, opening, written
from tests.unit.workout.strategies import FULL_PRESETS, presets


def read(data: bytes) -> Journal:
    return read_journal(data.split(b"\n"))


seconds = st.integers(0, 10**10).map(lambda micros: micros / 1_000_000)


tracks = st.lists(
    st.builds(
        HeardTrack,
        place=st.just(0),
        path=st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name).map(os.fsdecode).map(Path),
        title=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
        artist=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
        heard_s=st.integers(0, 10**7).map(lambda ms: ms / 1000),
    ),
    max_size=4,
).map(lambda found: tuple(replace(track, place=place) for place, track in enumerate(found)))


@st.composite
def sessions(draw: st.DrawFn) -> list[Mark]:
    """Marks as a session makes them: rounds and tracks are added, only a restart takes rounds and totals away."""
    made: list[Mark] = []
    heard = draw(tracks)
    done: frozenset[int] = frozenset()
    totals: Mapping[PhaseKind, float] = {}
    for at_s in sorted(draw(st.lists(seconds, min_size=1, max_size=6))):
        restarts = draw(st.booleans()) and draw(st.booleans())
        done = frozenset() if restarts else done | draw(st.frozensets(st.integers(0, 9), max_size=2))
        more = draw(st.dictionaries(st.sampled_from(list(PhaseKind)), st.integers(0, 10**6).map(lambda ms: ms / 1000)))
        totals = more if restarts else {**totals, **more}
        place = Checkpoint(draw(st.integers(0, 9)), at_s, draw(st.none() | seconds), at_s, draw(seconds), done)
        happened = ((BEGAN,) if restarts else ()) + draw(st.just(()) | st.just(("phase 1",)))
        over = draw(st.none() | st.sampled_from(Outcome))
        made.append(Mark(EVENING + timedelta(seconds=at_s), place, totals, heard[: len(made)], happened, over))
    return made


@given(sessions())
@settings(max_examples=60)
def test_what_was_written_is_read(marks: list[Mark]) -> None:
    for length in range(len(marks) + 1):
        told = read(written(opening(), marks[:length]))
        assert told == Journal(opening(), marks[length - 1] if length else None)


@given(presets() | st.sampled_from(FULL_PRESETS))
@settings(max_examples=50)
def test_the_whole_workout_is_in_it(preset: Preset) -> None:
    assert read(written(opening(preset=preset), [])).opening.preset.preset == preset


@given(sessions(), st.data())
@settings(max_examples=60)
def test_a_file_cut_off_anywhere_tells_what_was_whole(marks: list[Mark], data: st.DataObject) -> None:
    """As after a power cut; the rest may also be zeros."""
    text = written(opening(), marks)
    ends = [place for place, byte in enumerate(text) if byte == ord("\n")]
    length = data.draw(st.integers(ends[0], len(text)) | st.sampled_from(ends))
    whole = sum(end <= length for end in ends) - 1
    for cut in (text[:length], text[:length] + bytes(40)):
        assert read(cut).last == (marks[whole - 1] if whole else None)


@given(sessions(), st.binary(max_size=30), st.data())
@settings(max_examples=40)
def test_garbage_between_the_lines_is_passed_over(marks: list[Mark], garbage: bytes, data: st.DataObject) -> None:
    lines = written(opening(), marks).splitlines(keepends=True)
    place = data.draw(st.integers(1, len(lines)))
    told = read(b"".join([*lines[:place], garbage, b"\n", *lines[place:]]))
    assert told.last == marks[-1]


@pytest.mark.parametrize(
    "line",
    [
        b"", b"garbage", b"[]", b"null", b"{}", b'{"journal": true}', b'{"journal": 0}', b'{"journal": 1}',
        b"[" * 100_000, b"\xff\xfe", b'{"journal": 1, "id": 5}',
    ],
)  # fmt: skip
def test_a_file_that_does_not_say_what_it_is_of_is_no_journal(line: bytes) -> None:
    with pytest.raises(JournalError):
        read(line + b"\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"preset": {"name": "x"}}, {"began": "now"}, {"began": 1e300}, {"began": float("nan")}, {"offset_s": 10**9},
        {"id": ""}, {"preset_file": 3}, {"builtin": "yes"},
    ],
)  # fmt: skip
def test_a_first_line_with_a_wrong_value_is_no_journal(changes: dict[str, object]) -> None:
    line = json.dumps({**json.loads(opening_line(opening())), **changes})
    with pytest.raises(JournalError, match="damaged"):
        read(line.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"index": "0"}, {"index": True}, {"elapsed_s": None}, {"worked_s": float("inf")}, {"utc": 1e300},
        {"over": "won"}, {"totals": {"jogging": 1.0}}, {"done": [1.5]}, {"heard": [{"place": -1, "heard_s": 1.0}]},
    ],
)  # fmt: skip
def test_a_mark_with_a_wrong_value_is_passed_over(changes: dict[str, object]) -> None:
    first, second = mark(1.0), mark(2.0)
    wrong = json.dumps({**json.loads(mark_line(second, first)), **changes}).encode()
    assert read(written(opening(), [first]) + wrong + b"\n").last == first


def test_a_journal_of_a_newer_version_is_told_apart() -> None:
    line = opening_line(opening()).replace('"journal":1', '"journal":2')
    with pytest.raises(NewerJournalError):
        read(line.encode())


def test_a_beat_costs_few_bytes() -> None:
    heard = tuple(HeardTrack(n, Path(f"/music/{n}.mp3"), f"Title {n}", f"Artist {n}", 60.0) for n in range(30))
    first = mark(1.0, heard=heard, totals={PhaseKind.WORK: 1.0})
    second = replace(first, at=replace(first.at, elapsed_s=1.5), totals={PhaseKind.WORK: 1.5})
    assert len(mark_line(second, first)) < 160

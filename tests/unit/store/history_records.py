"""Sessions for the tests of the history: any there may be, and plain ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from nbd_tui.store.records import EFFORTS, HeardTrack, Outcome, SessionRecord, Verdict
from nbd_tui.workout.phase import PhaseKind

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SECONDS = st.floats(0, 1e6, allow_nan=False)
OFFSETS = st.integers(-14 * 3600, 14 * 3600)
HEARD = st.lists(
    st.builds(
        HeardTrack,
        place=st.just(0),
        path=st.from_regex(r"/[a-zé \[\]]{1,12}\.mp3", fullmatch=True).map(Path),
        title=TEXTS,
        artist=TEXTS,
        heard_s=SECONDS,
        verdict=st.none() | st.sampled_from(Verdict),
    ),
    max_size=4,
).map(lambda tracks: tuple(replace(track, place=place) for place, track in enumerate(tracks)))
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RECORDS = st.builds(
    SessionRecord,
    id=st.uuids().map(str),
    preset_id=TEXTS,
    preset_name=TEXTS,
    began_utc=MOMENTS,
    utc_offset_s=OFFSETS,
    ended_utc=MOMENTS,
    planned_s=st.none() | SECONDS,
    worked_s=SECONDS,
    paused_s=SECONDS,
    rounds_done=st.integers(0, 99),
    rounds=st.integers(0, 99),
    outcome=st.sampled_from(Outcome),
    totals=st.dictionaries(st.sampled_from(PhaseKind), SECONDS),
    heard=HEARD,
    effort=st.none() | st.sampled_from(EFFORTS),
    note=TEXTS,
)


def heard(*titles: str) -> tuple[HeardTrack, ...]:
    """Tracks of half a minute each."""
    return tuple(HeardTrack(place, Path(f"/m/{title}.mp3"), title, "", 30.0) for place, title in enumerate(titles))


def record(session_id: str = "a", began: datetime = NOON, **changes: object) -> SessionRecord:
    """A completed session of ten minutes, begun at a moment with its own offset."""
    offset = began.utcoffset() or timedelta()
    plain = SessionRecord(
        id=session_id,
        preset_id="boxing",
        preset_name="Boxing",
        began_utc=began.astimezone(UTC),
        utc_offset_s=int(offset.total_seconds()),
        ended_utc=began.astimezone(UTC) + timedelta(minutes=11),
        planned_s=600.0,
        worked_s=600.0,
        paused_s=60.0,
        rounds_done=2,
        rounds=2,
        outcome=Outcome.COMPLETED,
        totals={PhaseKind.WORK: 360.0, PhaseKind.REST: 240.0},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]

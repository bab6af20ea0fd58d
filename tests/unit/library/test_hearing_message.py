"""What a worker says of a file arrives, and is kept, as it was heard."""

import json
import math
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbd_tui.library.hearing_message import as_message, from_message
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.sound import HEAD_BYTES, Sound
from nbd_tui.model.track import Track
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.tracks import FileStamp, ScannedTrack, TrackStore

FINITE = st.floats(-1e6, 1e6)
TIMES = st.lists(st.floats(0.0, 11_000.0), max_size=30).map(lambda times: tuple(sorted(times)))
SPANS = st.builds(Span, FINITE, FINITE)
DROPS = st.builds(Drop, FINITE, FINITE, st.none() | SPANS, st.none() | SPANS)
HEARINGS = st.builds(
    Hearing,
    frames=st.integers(0, 2**40),
    bpm=st.none() | st.floats(20, 400),
    confidence=st.floats(0, 1),
    is_constant=st.booleans(),
    beats_s=TIMES,
    downbeats_s=TIMES,
    lufs=st.none() | FINITE,
    true_peak_db=st.none() | FINITE,
    intensity=st.floats(0, 1),
    energy=st.builds(EnergyCurve, st.floats(0.1, 50), st.lists(st.floats(0, 1), max_size=30).map(tuple)),
    drops=st.lists(DROPS, max_size=5).map(tuple),
)


@given(HEARINGS)
def test_a_message_says_it_all(hearing: Hearing) -> None:
    assert from_message(json.loads(json.dumps(as_message(hearing)))) == hearing


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(HEARINGS)
def test_it_is_kept_to_half_a_tick(tmp_path: Path, hearing: Hearing) -> None:
    path = Path("/m/song.mp3")
    with closing(open_database(tmp_path / "nbd.sqlite").connect()) as connection:
        TrackStore(connection).save([ScannedTrack(Track(path, "song"), FileStamp(1, 1))])
        store = HearingStore(connection)
        file = next(iter(store.pending(10**9)))
        store.save(file, Sound(bytes(HEAD_BYTES), hearing.frames), hearing, 1)
        found = store.hearing(path)
        row = store.rows()[0]
    assert found is not None
    assert found.beats_s == pytest.approx(hearing.beats_s, abs=6e-6)
    assert found.downbeats_s == pytest.approx(hearing.downbeats_s, abs=6e-6)
    assert found.energy.values == pytest.approx(hearing.energy.values, abs=0.002)
    exact = replace(found, beats_s=hearing.beats_s, downbeats_s=hearing.downbeats_s, energy=hearing.energy)
    assert exact == hearing
    assert (row.drops, row.lufs, row.intensity) == (len(hearing.drops), hearing.lufs, hearing.intensity)
    assert row.is_steady is hearing.is_steady


def test_numbers_of_numpy_are_plain_numbers_afterwards() -> None:
    hearing = Hearing(np.int64(44_100), np.float32(120.5), np.float64(0.5), np.True_, tuple(np.arange(3.0)))  # type: ignore[arg-type]
    assert json.loads(json.dumps(as_message(hearing)))["beats"] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(nonsense: float) -> None:
    for hearing in (
        Hearing(1, bpm=nonsense),
        Hearing(1, lufs=nonsense),
        Hearing(1, energy=EnergyCurve(4.0, (0.5, nonsense))),
        Hearing(1, drops=(Drop(1.0, 1.0, Span(nonsense, 1.0)),)),
    ):
        with pytest.raises(ValueError, match="no number"):
            as_message(hearing)

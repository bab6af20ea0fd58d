"""Any workout over any library, with any keys: music or a reason at every instant, and never a wrong sample.

That no voice is asked for samples outside its file is looked at by the player of the stage, in every test.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nbd_tui.audio.limiter import CEILING
from nbd_tui.keymap import Action
from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.units import Seconds, to_frames
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.workout.engine import EngineState
from tests.unit.session.offline import START
from tests.unit.session.test_session_properties import (
    LONGEST_SILENCE,
    Blocks,
    Keys,
    Watched,
    audible,
    blocks,
    keys,
    longest_silence,
)

TASTE: Final = MusicTaste(second_wind_s=6.0)
ROUNDS: Final[Blocks] = [
    {"phases": [{"kind": "rest", "duration": 21}, {"kind": "work", "duration": 31}]},
    {"repeat": 2, "phases": [{"kind": "work", "duration": 31}, {"kind": "rest", "duration": 5.5}]},
]


@pytest.fixture(autouse=True)
def short_second_winds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds of twelve seconds have room for one."""
    monkeypatch.setattr("nbd_tui.soundtrack.wants.SHORTEST_WIND_S", 12.0)


TO_FIND: Final = 10
"""Turns in which a track is found, checked and begun."""


class Looked(Watched):
    """A session that looks at every moment whether there is music or a reason."""

    without = 0
    """Moments since there was either."""

    def look(self) -> None:
        now = self.conductor.snapshot()
        nothing = now.state is EngineState.RUNNING and now.track is None and not now.track_note
        self.without = self.without + 1 if nothing else 0
        assert self.without <= TO_FIND
        assert now.track_at_s is None or now.track_at_s >= 0.0
        super().look()


@st.composite
def hearings(draw: st.DrawFn, track_s: Seconds) -> Hearing | None:
    """What may be heard in a track: nothing yet, no beat, no drop, or drops anywhere."""
    if not draw(st.booleans()):
        return None
    bpm = draw(st.sampled_from([61.0, 119.9, 120.0, 174.0]))
    beats = tuple(np.arange(draw(st.floats(0.0, 1.0)), track_s, 60.0 / bpm).tolist())
    at_s = st.floats(0.0, track_s - 0.01)
    drops = tuple(
        Drop(at, draw(st.floats(1.0, 30.0)), build=Span(max(0.0, at - long), at) if long else None)
        for at in sorted(draw(st.lists(at_s, max_size=2)))
        for long in [draw(st.sampled_from([0.0, 0.5, 8.0]))]
    )
    energy = EnergyCurve(4.0, tuple(draw(st.sampled_from([0.0, 0.5, 1.0])) for _ in range(4)) * int(track_s))
    is_steady = draw(st.booleans())
    return Hearing(to_frames(track_s), bpm, 0.9, is_steady, beats, beats[:: draw(st.sampled_from([3, 4]))],
                   energy=energy, drops=drops)  # fmt: skip


@st.composite
def libraries(draw: st.DrawFn) -> dict[str, object]:
    """Tracks of one length, that of jingles or of songs, with anything heard in them."""
    tracks, track_s = draw(st.sampled_from([1, 2, 4])), draw(st.sampled_from([2.0, 15.0, 40.0]))
    heard = {number: hearing for number in range(tracks) if (hearing := draw(hearings(track_s)))}
    return {"tracks": tracks, "track_s": track_s, "hearings": heard}


NO_TRACK: Final = [{"tracks": 0}, {"tracks": 2, "banned": True}, {"tracks": 2, "broken": (0, 1)}]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(ROUNDS, [(7.0, Action.ADD_TIME), (7.0, Action.REMOVE_TIME), (7.0, Action.OTHER_TRACK)], {"tracks": 1})
@given(blocks, keys, libraries())
def test_whatever_is_in_the_library_the_music_goes_on(blocks: Blocks, keys: Keys, library: dict[str, object]) -> None:
    stage = Looked(blocks, taste=TASTE, **library).play(keys, rest_s=12.0)
    heard = stage.player.heard
    assert float(np.abs(heard).max(initial=0.0)) <= CEILING
    spans = [] if Action.BAN in stage.pressed else audible(stage)
    for start, end in spans:
        part = heard[to_frames(start - START) : to_frames(end - START), 0]
        assert longest_silence(part) <= LONGEST_SILENCE, (start - START, end - START, stage.pressed)
    begun = [report.at for report in stage.of("track")]
    assert all(before <= after + 1e-9 for before, after in pairwise(begun))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, keys, st.sampled_from(NO_TRACK))
def test_without_a_track_that_may_play_the_reason_is_told(
    blocks: Blocks, keys: Keys, library: dict[str, object]
) -> None:
    stage = Looked(blocks, taste=TASTE, **library).play(keys)
    assert not stage.of("track")
    assert float(np.abs(stage.player.heard).max(initial=0.0)) <= CEILING
    if stage.conductor.snapshot().state is EngineState.RUNNING:
        assert stage.conductor.snapshot().track_note

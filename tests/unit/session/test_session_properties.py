"""Any workout, any keys, at any time: what must hold of what is heard and seen."""

from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.keymap import Action
from nbd_tui.model.units import RATE, Seconds, to_frames
from nbd_tui.session.arranger import ATTACK, PAUSE_FADE
from nbd_tui.session.report import Report
from nbd_tui.session.snapshot import SessionSnapshot
from nbd_tui.workout.engine import EngineState
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import LATENCY_S, START, TURN_S, Stage, level

Blocks = list[dict[str, object]]
Keys = list[tuple[Seconds, Action]]

TRACKS: Final = 4
TURN_AND_LATENCY_S: Final = LATENCY_S + TURN_S + 0.01
LONGEST_SILENCE: Final = to_frames(0.060)
SILENT: Final = 2e-4
"""Below this a sample counts as silence: 48 dB under the quietest track."""

phases = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([str(kind) for kind in PhaseKind]),
        "duration": st.sampled_from([3, 5.5, 8, 12, 21, 31, "open"]),
    }
)
blocks = st.lists(
    st.fixed_dictionaries({"repeat": st.integers(1, 3), "phases": st.lists(phases, min_size=1, max_size=3)}),
    min_size=1,
    max_size=2,
)
keys = st.lists(st.tuples(st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0, 2.5, 7.0]), st.sampled_from(Action)), max_size=12)


class Watched(Stage):
    """A session that checks every snapshot, and notes when keys were pressed."""

    def __init__(self, blocks: Blocks, **options: object) -> None:
        super().__init__(blocks, **options)  # type: ignore[arg-type]
        self.presses: list[Seconds] = [START]
        self.pressed: list[Action] = []
        self.before: SessionSnapshot | None = None

    def play(self, keys: Keys, rest_s: Seconds = 4.0) -> "Watched":
        self.begin()
        for wait_s, action in keys:
            self.run(wait_s)
            self.presses.append(self.clock.now)
            self.pressed.append(action)
            self.before = None
            self.press(action)
            self.look()
        self.run(rest_s)
        self.player.poll()
        return self

    def run(self, seconds: Seconds) -> None:
        end = self.clock.now + seconds
        while self.clock.now < end - 1e-9:
            super().run(min(TURN_S, end - self.clock.now))
            self.look()

    def look(self) -> None:
        now, before = self.conductor.snapshot(), self.before
        assert 0 <= now.index < len(now.segments)
        assert now.remaining_s is None or now.remaining_s >= 0
        assert now.total_remaining_s >= 0
        assert now.elapsed_s >= 0
        assert now.pause_s >= 0
        if before and before.state is now.state is EngineState.RUNNING:
            assert now.total_remaining_s <= before.total_remaining_s
            assert now.worked_s >= before.worked_s
            assert now.index >= before.index
        self.before = now

    def by_key(self, at: Seconds) -> bool:
        """Whether a key was pressed so shortly before that the output was ahead of it."""
        return any(-1e-6 <= at - press <= TURN_AND_LATENCY_S for press in self.presses)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, keys)
def test_every_cue_is_heard_once_and_on_time(blocks: Blocks, keys: Keys) -> None:
    stage = Watched(blocks, tracks=TRACKS).play(keys)
    heard = Counter(report.cue_id for report in stage.of("heard"))
    assert not [cue_id for cue_id, count in heard.items() if count > 1]
    assert not stage.of("cue-missed")
    at = {report.cue_id: report.at for report in stage.of("heard")}
    for cue in stage.of("cue"):
        assert cue.cue_id in at, cue
        late = at[cue.cue_id] - cue.at
        revised = any(-TURN_AND_LATENCY_S <= press - at[cue.cue_id] <= 0.01 + LATENCY_S for press in stage.presses)
        assert abs(late) <= 0.005 or (stage.by_key(cue.at) and 0 <= late <= 0.25) or revised, (cue, late)
    due = {report.cue_id for report in stage.of("cue")}
    for report in stage.of("heard"):
        near = any(abs(report.at - press) <= TURN_AND_LATENCY_S for press in stage.presses)
        to_come = report.at > stage.clock.now - TURN_AND_LATENCY_S
        assert report.cue_id in due or near or to_come, report


INTO_A_DIP: Final[Blocks] = [
    {"phases": [{"kind": "prepare", "duration": 3}]},
    {"repeat": 2, "phases": [{"kind": "warm-up", "duration": "open"}, {"kind": "rest", "duration": 3}]},
]
"""A short rest after an open phase: its dip begins with the key, when the track already plays."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(INTO_A_DIP, [(0.0, Action.SKIP), (0.3, Action.DONE)], 6.0)
@given(blocks, keys, st.sampled_from([6.0, 60.0]))
def test_the_music_neither_stops_nor_clicks(blocks: Blocks, keys: Keys, track_s: Seconds) -> None:
    stage = Watched(blocks, tracks=TRACKS, track_s=track_s).play(keys)
    heard = stage.player.heard[:, 0]
    assert float(np.max(np.abs(np.diff(heard)), initial=0.0)) < steepest(), "a click"
    for start, end in audible(stage):
        part = heard[to_frames(start - START) : to_frames(end - START)]
        assert longest_silence(part) <= LONGEST_SILENCE, (start - START, end - START, stage.pressed)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, keys)
def test_pauses_are_silent(blocks: Blocks, keys: Keys) -> None:
    stage = Watched(blocks, tracks=TRACKS).play([*keys, (1.0, Action.PAUSE)], rest_s=2.0)
    for start, end in paused(stage):
        first = start + TURN_AND_LATENCY_S + PAUSE_FADE / RATE + 0.05
        part = stage.player.heard[to_frames(first - START) : to_frames(end - START)]
        assert not part.any(), (start - START, end - START)


@pytest.mark.parametrize("pause_s", [0.05, 0.1, 0.2, 0.5, 3.0, 40.0])
@pytest.mark.parametrize("played_s", [0.3, 1.0, 10.0])
def test_after_a_pause_the_music_goes_on_at_the_sample_where_it_stopped(played_s: Seconds, pause_s: Seconds) -> None:
    stage = Watched([{"phases": [{"kind": "work", "duration": 100}]}]).begin()
    stage.run(played_s)
    stopped = stage.player.mixer.frame
    began = stage.of("track")[-1]
    stage.press(Action.PAUSE)
    stage.run(pause_s)
    stage.press(Action.PAUSE)
    stage.run(1.0)
    again = stage.of("track")[-1]
    assert again.path == began.path
    assert began.in_point_s is not None
    assert again.in_point_s is not None
    began_at = to_frames(began.at - START)
    assert again.in_point_s - began.in_point_s == pytest.approx((stopped - began_at) / RATE, abs=0.003)


def steepest() -> float:
    """The largest step between two samples that fades of this music make: the quickest are 5 ms."""
    return level(TRACKS) * np.pi / 2 / 220 * 2


def longest_silence(samples: Samples) -> int:
    quiet = np.flatnonzero(np.abs(samples) >= SILENT)
    edges = np.concatenate(([-1], quiet, [len(samples)]))
    return int(np.max(np.diff(edges))) - 1


def audible(stage: Watched) -> list[tuple[Seconds, Seconds]]:
    """The times in which music must be heard: running, not muted, fades at both ends left out."""
    spans = []
    since: Seconds | None = None
    muted = False
    for report in [*stage.reports, Report("finished", 0, stage.clock.now)]:
        if report.event in ("session", "resumed", "paused", "finished", "key"):
            if since is not None:
                spans.append((since + 0.4, report.at))
            muted = report.text == "music off" or (muted and not report.text.startswith("music "))
            running = report.event in ("session", "resumed") or (report.event == "key" and since is not None)
            running = running or (report.event == "key" and is_running(stage, report))
            since = report.at if running and not muted else None
    return [(start, end) for start, end in spans if end - start > 0.1]


def is_running(stage: Watched, until: Report) -> bool:
    """Whether the workout runs after a report."""
    states = [r.event for r in stage.reports[: stage.reports.index(until)]]
    last = next((event for event in reversed(states) if event in ("session", "resumed", "paused", "finished")), "")
    return last in ("session", "resumed")


def paused(stage: Watched) -> list[tuple[Seconds, Seconds]]:
    told = [r for r in stage.reports if r.event in ("session", "resumed", "paused", "finished")]
    told.append(Report("finished", 0, stage.clock.now))
    return [(one.at, other.at) for one, other in pairwise(told) if one.event == "paused"]


assert ATTACK > 220

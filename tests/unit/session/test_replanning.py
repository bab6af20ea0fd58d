"""Plans made anew in a running session: open phases, another track, files that break; heard through the real mixer."""

from collections.abc import Sequence

import numpy as np
import pytest

from nbd_tui.audio.source import Samples
from nbd_tui.keymap import Action
from nbd_tui.model.units import Seconds, to_frames
from nbd_tui.workout.phase import PhaseKind
from tests.unit.session.offline import Stage, level
from tests.unit.session.test_landing import (
    BUILD_S,
    CLICK,
    DROP_S,
    PINS,
    ROUNDS,
    TRACK_S,
    assert_landed,
    bells,
    clicking,
    heard_in,
    tracks,
)  # fmt: skip

OTHER = 4
"""Another track for the rounds, with a drop at the same second."""
TWO: dict[PhaseKind, int | Sequence[int]] = {**PINS, PhaseKind.WORK: (1, OTHER)}


OTHER_LEVEL = 0.08


def softly_clicking() -> Samples:
    samples = np.full((to_frames(TRACK_S), 2), OTHER_LEVEL, np.float32)
    samples[to_frames(DROP_S)] = CLICK
    return samples


def stage(blocks: list[dict[str, object]] = ROUNDS) -> Stage:
    """Two tracks with drops for all rounds."""
    clips = {1: clicking(), OTHER: softly_clicking()}
    hearings = {1: heard_in(), OTHER: heard_in()}
    return Stage(blocks, tracks=5, pins=TWO, track_s=TRACK_S, clips=clips, hearings=hearings).begin()


def rounds_tracks(played: Stage) -> list[tuple[int, Seconds, Seconds]]:
    return [track for track in tracks(played) if track[0] in (1, OTHER)]


def test_the_end_of_an_open_phase_jumps_to_the_drop_with_the_bell() -> None:
    blocks: list[dict[str, object]] = [
        {"phases": [{"kind": "warm-up", "duration": "open"}, {"kind": "work", "duration": 40}]},
        {"phases": [{"kind": "rest", "duration": "open"}, {"kind": "work", "duration": 40}]},
    ]
    played = stage(blocks)
    for wait_s in (20, 70):
        played.run(wait_s)
        played.press(Action.DONE)
    played.run(5)
    assert_landed(played, 2)
    assert bells(played) == pytest.approx([20.1, 90.1], abs=0.11)


def test_another_track_in_a_rest_leaves_the_build_up_where_it_is() -> None:
    played = stage()
    played.run(74)
    played.press(Action.OTHER_TRACK)
    played.run(40)
    assert_landed(played, 2)
    _, at, in_s = rounds_tracks(played)[-1]
    assert (round(at, 2), in_s) == (79.0, BUILD_S)


def test_another_track_in_a_build_up_builds_up_to_the_same_bell() -> None:
    played = stage()
    played.run(83)
    before = rounds_tracks(played)[-1][0]
    played.press(Action.OTHER_TRACK)
    played.run(40)
    number, _, in_s = rounds_tracks(played)[-1]
    assert number != before
    assert BUILD_S < in_s < DROP_S
    assert in_s in heard_in().downbeats_s
    assert_landed(played, 2)


def test_another_track_in_a_round_begins_with_its_drop() -> None:
    played = stage()
    played.run(50)
    before = rounds_tracks(played)[-1][0]
    played.press(Action.OTHER_TRACK)
    played.run(3)
    number, at, in_s = rounds_tracks(played)[-1]
    assert number != before
    assert at == pytest.approx(50.1, abs=0.1)
    assert in_s == pytest.approx(DROP_S, abs=0.001)


@pytest.mark.parametrize("at_s", [74.0, 83.0, 94.5])
def test_a_file_that_breaks_before_the_bell_leaves_it_another_drop(at_s: Seconds) -> None:
    played = stage()
    played.run(at_s)
    waiting = played.parts.playlist.pieces(2)[0]
    played.player.fail(waiting.source.path, "broken")
    played.run(100 - at_s)
    assert_landed(played, 2)
    number, _, _ = rounds_tracks(played)[-1]
    assert str(played.tracks[number].path) != waiting.source.path
    assert abs(played.level_at(99)) == pytest.approx(OTHER_LEVEL if number == OTHER else level(1), abs=1e-3)


def test_when_every_file_has_broken_the_reason_is_told_and_the_bells_ring() -> None:
    played = stage()
    played.run(80)
    for track in played.tracks:
        played.player.fail(str(track.path), "broken")
        played.run(0.1)
    played.run(40)
    assert len(bells(played)) == 2
    assert "broken" in played.conductor.snapshot().track_note

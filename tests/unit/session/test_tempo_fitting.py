"""Tracks that a session plays at another tempo: their drops still land on the bell."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.library.probe import Fitted
from nbd_tui.media import stretching
from nbd_tui.media.stretching import HEADROOM_DB
from nbd_tui.model.speed import Copy, Speed
from nbd_tui.model.units import Seconds, to_frames, to_gain
from nbd_tui.session.taste import feasible
from nbd_tui.soundtrack.taste import USUAL_TASTE
from tests.unit.session.offline import START, Stage, level
from tests.unit.session.test_landing import BUILD_S, CLICK, DROP_S, PINS, ROUNDS, TRACK_S, bells, clicking, heard_in

FITTED = replace(USUAL_TASTE, tempo_fit=True)
COPY = "/copies/1.wav"


def stage(copy_after_s: Seconds) -> tuple[Stage, Fitted]:
    """A session whose rounds have a track of 120 BPM, and the copy of it that was asked for, there so much later."""
    played = Stage(
        ROUNDS, pins=PINS, track_s=TRACK_S, clips={1: clicking()}, hearings={1: heard_in()}, taste=FITTED
    ).begin()
    played.run(copy_after_s)
    copy = played.prober.copies[0]
    samples = np.full((copy.copy.speed.frame(to_frames(TRACK_S)), 2), level(1) * to_gain(-HEADROOM_DB), np.float32)
    samples[copy.copy.speed.frame(to_frames(DROP_S))] = CLICK * to_gain(-HEADROOM_DB)
    played.lend(COPY, samples)
    played.prober.answer(copy, Path(COPY), len(samples))
    return played, copy


def clicks(played: Stage) -> list[Seconds]:
    heard = np.flatnonzero(np.abs(played.player.heard[:, 0]) > 0.5 * CLICK)
    return [float(frame) / 44_100 for frame in heard]


def test_the_drop_of_a_faster_copy_lands_on_every_bell() -> None:
    played, copy = stage(1)
    assert copy == Fitted(played.tracks[1].path, Copy(Speed.of(1.06), (to_frames(DROP_S),)))
    played.run(225)
    assert bells(played) == pytest.approx([30.0, 95.0, 160.0], abs=0.001)
    assert clicks(played) == pytest.approx(bells(played), abs=0.001)
    begun = [(r.at - START, r.in_point_s) for r in played.of("track") if r.path.endswith("1.wav")]
    lead_s = (DROP_S - BUILD_S) / 1.06
    assert [at for at, _ in begun] == pytest.approx([bell - lead_s for bell in bells(played)], abs=0.06)
    assert [in_s for _, in_s in begun] == pytest.approx([BUILD_S] * 3, abs=0.001)


def test_a_copy_is_as_loud_as_the_track() -> None:
    played, _ = stage(1)
    played.run(50)
    slow = Stage(ROUNDS, pins=PINS, track_s=TRACK_S, clips={1: clicking()}, hearings={1: heard_in()}).begin()
    slow.run(51)
    assert played.level_at(45) == pytest.approx(slow.level_at(45), rel=0.01)


def test_a_copy_that_comes_too_late_waits_for_the_next_round() -> None:
    played, _ = stage(35)
    played.run(190)
    assert clicks(played) == pytest.approx(bells(played), abs=0.001)
    starts = [r.at - START for r in played.of("track") if r.path.endswith("1.wav")]
    assert starts[0] == pytest.approx(bells(played)[0] - (DROP_S - BUILD_S), abs=0.06)
    assert starts[1] == pytest.approx(bells(played)[1] - (DROP_S - BUILD_S) / 1.06, abs=0.06)


def test_the_screen_is_told_where_the_track_itself_is() -> None:
    played, _ = stage(1)
    played.run(39)
    at_s = played.conductor.snapshot().track_at_s
    assert at_s == pytest.approx(DROP_S + 10 * 1.06, abs=0.3)


def test_without_the_library_tracks_are_not_stretched_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretching, "find_spec", lambda _: None)
    taste, said = feasible(FITTED)
    assert not taste.tempo_fit
    assert "python-stretch" in said[0]
    assert feasible(USUAL_TASTE) == (USUAL_TASTE, ())

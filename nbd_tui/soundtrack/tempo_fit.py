"""Tempo fit: tracks of work played a little faster or slower, so that all rounds have one tempo. Pure.

Only tracks with a clear and even beat, by at most `MOST`, and only to come nearer to what the work asks for.
"""

from dataclasses import replace
from typing import Final

from nbd_tui.model.hearing import Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.speed import AS_RECORDED, Copy, Speed
from nbd_tui.model.tempo import SURE, in_octave_of
from nbd_tui.model.units import Bpm, to_frames
from nbd_tui.soundtrack.landing import enter
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.phase import PhaseKind

MOST: Final = 0.06
"""Six per cent, about a semitone's worth: more is heard."""
LEAST: Final = 0.001
"""A smaller change is worth no copy: a tenth of a second in two minutes."""


def speed_for(want: Want, hearing: Hearing | None, before_bpm: Bpm | None = None) -> Speed:
    """How fast a track is to be played in a place.

    Args:
        want: the place.
        hearing: what was heard in the track; None where nobody has listened.
        before_bpm: the tempo at which the track before it in the same phase is heard: the same is best, so that beats
            can meet, as long as that is not farther from what the place asks for than the track is by itself.
    """
    if want.kind is not PhaseKind.WORK or hearing is None or not is_stretchable(hearing) or not hearing.bpm:
        return AS_RECORDED
    target = target_bpm(want)
    bpm = in_octave_of(target, hearing.bpm) if want.intent.octave_free else hearing.bpm
    speed = None if before_bpm is None else _meeting(bpm, in_octave_of(bpm, before_bpm), target)
    speed = speed or Speed.of(min(1 + MOST, max(1 - MOST, target / bpm)))
    return AS_RECORDED if abs(speed.factor - 1) < LEAST else speed


def ordered(want: Want, hearing: Hearing, before_bpm: Bpm | None = None) -> Copy | None:
    """The copy of a track to be made for a place, exact at its drops and at what lands on the bell.

    None: the track is played as recorded. For the arguments see `speed_for`.
    """
    speed = speed_for(want, hearing, before_bpm)
    if speed == AS_RECORDED:
        return None
    exact = {to_frames(drop.at_s) for drop in hearing.drops}
    at = played(hearing, speed)
    if landing := enter(asked(want, speed), at, at.duration_s).landing:
        exact.add(to_frames(speed.track_s(landing.at_s)))
    return Copy(speed, tuple(sorted(exact)))


def asked(want: Want, speed: Speed) -> Want:
    """The place for a track at another speed: what its pin says of the track is then elsewhere."""
    if want.pin is None:
        return want
    from_s, drop_s = (None if at_s is None else speed.played_s(at_s) for at_s in (want.pin.from_s, want.pin.drop_s))
    return replace(want, pin=replace(want.pin, from_s=from_s, drop_s=drop_s))


def is_stretchable(hearing: Hearing) -> bool:
    """Whether a track has one tempo all through, and surely this one."""
    return hearing.bpm is not None and hearing.is_constant and hearing.confidence >= SURE


def target_bpm(want: Want) -> Bpm:
    """The tempo that tracks are brought to: the middle of the best."""
    return (want.intent.best_low_bpm + want.intent.best_high_bpm) / 2


def played(hearing: Hearing, speed: Speed) -> Hearing:
    """What would be heard in the track at another speed."""
    if speed == AS_RECORDED:
        return hearing
    at = speed.played_s
    return replace(
        hearing,
        frames=speed.frame(hearing.frames),
        bpm=None if hearing.bpm is None else hearing.bpm * speed.factor,
        beats_s=tuple(map(at, hearing.beats_s)),
        downbeats_s=tuple(map(at, hearing.downbeats_s)),
        energy=EnergyCurve(hearing.energy.rate_hz * speed.factor, hearing.energy.values),
        drops=tuple(_played_drop(drop, speed) for drop in hearing.drops),
    )


def _meeting(bpm: Bpm, before_bpm: Bpm, target: Bpm) -> Speed | None:
    """The speed at which a track has the tempo of the one before; None where that is too far, or the wrong way."""
    if abs(before_bpm / bpm - 1) > MOST or abs(before_bpm - target) > abs(bpm - target):
        return None
    return Speed.of(before_bpm / bpm)


def _played_drop(drop: Drop, speed: Speed) -> Drop:
    return replace(
        drop, at_s=speed.played_s(drop.at_s), gap=_played_span(drop.gap, speed), build=_played_span(drop.build, speed)
    )


def _played_span(span: Span | None, speed: Speed) -> Span | None:
    return Span(speed.played_s(span.start_s), speed.played_s(span.end_s)) if span else None

"""Tracks from a kind and a seed."""

from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nbd_tui.model.hearing import Span
from nbd_tui.model.units import Bpm, Seconds
from tests.accuracy.generator.band import Band, choose_playing
from tests.accuracy.generator.beatless import BEATLESS, ORCHESTRAL
from tests.accuracy.generator.canvas import Canvas
from tests.accuracy.generator.clock import BeatClock, changing_clock, drifting_clock, ramping_clock, steady_clock
from tests.accuracy.generator.drums import make_kit
from tests.accuracy.generator.form import Section, song_form
from tests.accuracy.generator.master import mastered
from tests.accuracy.generator.styles import STYLE_OF, STYLES, Style
from tests.accuracy.generator.truth import DropKind, Track, TrueDrop, Truth
from tests.accuracy.generator.twists import (
    NONE,
    Twists,
    choose_twists,
    filter_section,
    own_grooves,
    poor_recording,
    twisted_form,
)

KINDS: Final = ("song", "live", "change", "ramp", "waltz", "odd", "beatless", "orchestral", "hard")
"""What `make_track` makes: 4/4 on a grid, with a drummer's drift, with two tempi, with a moving one; 3/4; 6/8, 5/4 and
7/8; no beat; orchestral without a steady beat; 4/4 with twists (see `twists`)."""
_SHARES: Final = (0.32, 0.11, 0.05, 0.03, 0.08, 0.06, 0.08, 0.06, 0.21)

Starts: TypeAlias = npt.NDArray[np.int64]
"""First beat of each section, and the end of the last."""

FORGIVEN_RISE_DB: Final = 3.0
"""From here on a new section may be taken for a drop: the level of two bars against the two before."""

_LATE_START_S: Final[Seconds] = 2.0
"""A band that comes in after so much noise may be taken for a drop."""

TUNING: Final = 0
HELD_OUT: Final = 5_000_000
"""First seeds of the two sets. Tune on the one, report the other: those from 1,000,000, 4,000,000 and 6,000,000 on were
listened to before and are spent."""


def kind_of(seed: int) -> str:
    """What kind of track a seed of a set is."""
    return str(np.random.default_rng([seed, 1]).choice(KINDS, p=_SHARES))


def make_track(seed: int, kind: str | None = None, *, is_short: bool = False, drops: int | None = None) -> Track:
    """A whole track, 60 to 150 seconds, in well under a second of CPU; a short one has parts of half the length.

    Args:
        seed: another one makes another track.
        kind: one of `KINDS`; None: any.
        is_short: to save time.
        drops: as many, in music with a beat; None: none to three.
    """
    kind = kind or kind_of(seed)
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    if kind in {"beatless", "orchestral"}:
        return _beatless(seed, kind, rng, 40.0 if is_short else float(rng.uniform(50, 100)))
    style = _style(kind, rng)
    bpm = float(np.exp(rng.uniform(*np.log(style.bpm))))
    form = song_form(rng, _drop_kinds(rng, drops), 60 / bpm, has_stops=bool(rng.random() < 0.15))
    if is_short:
        form = tuple(
            section if section.drop or section.has_stops else replace(section, bars=section.bars // 2)
            for section in form
        )
    if style.meter == 2:
        form = tuple(replace(section, bars=section.bars * 2) for section in form)
    twists = choose_twists(rng) if kind == "hard" else NONE
    return _song(seed, kind, style, bpm, twisted_form(form, twists, rng), twists, rng)


def _style(kind: str, rng: np.random.Generator) -> Style:
    if kind == "waltz":
        return STYLE_OF["waltz"]
    if kind == "odd":
        return STYLE_OF[str(rng.choice(["six-eight", "five", "seven"], p=[0.5, 0.25, 0.25]))]
    weights = np.array([0.0 if kind == "live" and style.is_electronic else style.weight for style in STYLES])
    return STYLES[int(rng.choice(len(STYLES), p=weights / weights.sum()))]


def _drop_kinds(rng: np.random.Generator, wanted: int | None) -> tuple[DropKind, ...]:
    count = int(rng.choice([0, 1, 2, 3], p=[0.25, 0.35, 0.25, 0.15])) if wanted is None else wanted
    kinds = rng.choice([DropKind.GAP, DropKind.BREAK, DropKind.CRESCENDO], count, p=[0.42, 0.33, 0.25])
    return tuple(DropKind(str(kind)) for kind in kinds)


def _clock(kind: str, starts: Starts, bpm: Bpm, rng: np.random.Generator, lead_in_s: Seconds) -> BeatClock:
    beats = int(starts[-1])
    start_s = float(rng.uniform(0.02, 1.5)) + lead_in_s
    if kind == "live":
        return drifting_clock(start_s, beats, bpm, rng)
    if kind == "change":
        factor = float(rng.choice([factor for factor in (0.75, 0.85, 1.12, 1.25, 1.33) if 58 <= bpm * factor <= 202]))
        change_at = starts[np.argmin(np.abs(starts - beats * rng.uniform(0.3, 0.7)))]
        return changing_clock(start_s, beats, bpm, int(change_at), factor)
    if kind == "ramp":
        return ramping_clock(start_s, beats, bpm, float(rng.choice([0.85, 0.9, 1.1, 1.2])))
    return steady_clock(start_s, beats, bpm)


def _song(
    seed: int,
    kind: str,
    style: Style,
    bpm: Bpm,
    form: tuple[Section, ...],
    twists: Twists,
    rng: np.random.Generator,
) -> Track:
    starts: Starts = np.cumsum([0] + [section.bars * style.meter for section in form])
    clock = _clock(kind, starts, bpm, rng, twists.lead_in_s)
    canvas = Canvas(clock.at(float(starts[-1])) + 2.0)
    playing = choose_playing(style, rng, _jitter_s(kind, rng))
    playing = own_grooves(playing, style, rng) if twists.has_own_grooves else playing
    band = Band(canvas, clock, playing, make_kit(rng, is_electronic=style.is_electronic), rng)
    for part in (band.play, band.cut):
        for section, start in zip(form, starts[:-1], strict=True):
            part(section, int(start))
    if twists.has_filters:
        for section, start, end in zip(form, starts[:-1], starts[1:], strict=True):
            filter_section(canvas, section, clock.at(float(start)), clock.at(float(end)), rng)
    truth = _truth(clock, style.meter, form, starts, canvas)
    samples, way = mastered(canvas.samples if twists == NONE else poor_recording(canvas.samples, twists, rng), rng)
    words = f"{style.name} {clock.bpm:.2f} BPM guitar={playing.guitar} bass={playing.bass} {way}" + (
        f" {twists.words}" if twists != NONE else ""
    )
    parts = (f"{clock.at(float(start)):.2f} {section.words}" for section, start in zip(form, starts[:-1], strict=True))
    return Track(kind, seed, words, samples, truth, tuple(parts))


def _jitter_s(kind: str, rng: np.random.Generator) -> Seconds:
    is_human = kind == "live" or rng.random() < 0.2
    return float(rng.uniform(0.003, 0.01)) if is_human else 0.0


def _truth(clock: BeatClock, meter: int, form: tuple[Section, ...], starts: Starts, canvas: Canvas) -> Truth:
    drops: list[TrueDrop] = []
    forgiven_s: list[Seconds] = [clock.at(0)] if clock.at(0) > _LATE_START_S else []
    for section, start, end in zip(form, starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        end_s = clock.at(end)
        if section.drop:
            build = Span(clock.at(start), clock.at(end - section.gap_beats)) if section.has_build else None
            drops.append(TrueDrop(end_s, section.drop, build))
        elif canvas.rise_db(end_s, 2 * (end_s - clock.at(end - meter))) > FORGIVEN_RISE_DB:
            forgiven_s.append(end_s)
        if section.stops_once_beats:
            forgiven_s.append(clock.at(start + section.bars // 2 * meter))
    beats_s = clock.beats_s
    return Truth(
        clock.bpm,
        beats_s,
        beats_s[::meter],
        meter,
        clock.is_constant,
        tuple(drops),
        tuple(forgiven_s),
        clock.other_bpms,
        (Span(0.0, float(beats_s[0]) - 0.1),) if beats_s[0] > 0.1 else (),
    )


def _beatless(seed: int, kind: str, rng: np.random.Generator, end_s: Seconds) -> Track:
    makers = BEATLESS if kind == "beatless" else ORCHESTRAL
    name = str(rng.choice(list(makers)))
    canvas = Canvas(end_s)
    makers[name](canvas, rng, end_s)
    samples, way = mastered(canvas.samples, rng)
    nothing = np.zeros(0)
    return Track(kind, seed, f"{name} {way}", samples, Truth(None, nothing, nothing, is_constant=False))

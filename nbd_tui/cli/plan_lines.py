"""How `nbd plan` tells a plan: as lines for people, or as one JSON object for other programs."""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.plan import Soundtrack
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.telling import clock, in_band, why
from nbd_tui.soundtrack.tempo_scores import tempo_scores
from nbd_tui.soundtrack.wants import OPEN_PHASE_S, Want
from nbd_tui.tui.text import clean, fit
from nbd_tui.workout.timeline import Segment, Timeline

WIDEST: Final = 100
"""Lines are no wider, whatever the terminal is: they are read."""
USUAL_WIDTH: Final = 80
_INDENT: Final = " " * 19


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """A plan with what there is to say of it."""

    timeline: Timeline
    soundtrack: Soundtrack
    taste: MusicTaste
    seed: int
    warnings: Sequence[str]
    """What of the wishes could not be had."""

    @property
    def spans(self) -> tuple[tuple[Segment, Seconds, Seconds], ...]:
        """The phases with their start and end in the session; open ones are taken to last a while."""
        spans, at_s = [], 0.0
        for segment in self.timeline.segments:
            end_s = at_s + (OPEN_PHASE_S if segment.duration_s is None else segment.duration_s)
            spans.append((segment, at_s, end_s))
            at_s = end_s
        return tuple(spans)

    @property
    def silent(self) -> tuple[str, ...]:
        """The phases that have no music at all, and why."""
        return tuple(
            f"{clean(segment.label)} at {clock(start_s)} has no music: {silence.reason}"
            for segment, start_s, end_s in self.spans
            for silence in self.soundtrack.silences
            if silence.start_s <= start_s + _BIT_S and silence.end_s >= end_s - _BIT_S
        )


_BIT_S: Final[Seconds] = 0.5


def print_lines(plan: ToldPlan) -> None:
    """A few lines a track, no wider than the terminal."""
    width = min(WIDEST, shutil.get_terminal_size((USUAL_WIDTH, 24)).columns - 1 if sys.stdout.isatty() else USUAL_WIDTH)
    length = clock(plan.soundtrack.length_s)
    print(fit(f"{clean(plan.timeline.name)} · {length} · {plan.taste.arc}", width))
    for slot in plan.soundtrack.slots:
        print("\n".join(_lines(slot, plan, width)))
    if plan.timeline.has_open:
        print(f"! open phases are taken to last {clock(OPEN_PHASE_S)}")
    for text in plan.warnings:
        print("\n".join(textwrap.wrap(f"! {clean(text)}", width, subsequent_indent="  ")))
    print(f"seed {plan.seed}: the same with --seed {plan.seed}")


def _lines(slot: Slot, plan: ToldPlan, width: int) -> Iterator[str]:
    want, track = plan.soundtrack.places[slot.place], slot.song.track
    by = f" · {track.artist}" if track.artist else ""
    yield fit(f"{clock(slot.start_s):>6}  {want.kind.value:9}  {clean(f'{track.title}{by}')}", width)
    cut = f"from {clock(slot.in_s)} to {clock(slot.out_s)}, {slot.gain_db:+.1f} dB{_bell(slot, plan)}"
    for text in (cut, why(slot, want)):
        yield from textwrap.wrap(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT)


def _bell(slot: Slot, plan: ToldPlan) -> str:
    """`; bell of Round 2 at 3:10`; empty where nothing of the track lands on one."""
    if slot.bell_segment is None or slot.landing_s is None:
        return ""
    return f"; bell of {clean(plan.timeline.segments[slot.bell_segment].label)} at {clock(slot.landing_s)}"


def print_json(plan: ToldPlan) -> None:
    """Everything, times in seconds; session times count from the start of the workout."""
    soundtrack = plan.soundtrack
    told = {
        "preset": plan.timeline.name,
        "seed": plan.seed,
        "arc": plan.taste.arc.value,
        "length_s": round(soundtrack.length_s, 3),
        "target_lufs": round(soundtrack.target_lufs, 2),
        "phases": [
            {"kind": segment.kind.value, "label": segment.label, "start_s": round(start_s, 3), "end_s": round(end_s, 3),
             "open": segment.duration_s is None}
            for segment, start_s, end_s in plan.spans
        ],
        "slots": [_as_object(slot, plan) for slot in soundtrack.slots],
        "silences": [
            {"start_s": round(one.start_s, 3), "end_s": round(one.end_s, 3), "reason": one.reason}
            for one in soundtrack.silences
        ],
        "warnings": list(plan.warnings),
    }  # fmt: skip
    json.dump(told, sys.stdout, indent=1)
    print()


def _as_object(slot: Slot, plan: ToldPlan) -> dict[str, Any]:
    """A track in its place."""
    want, track = plan.soundtrack.places[slot.place], slot.song.track
    return {
        "stretch": slot.stretch,
        "kind": want.kind.value,
        "start_s": round(slot.start_s, 6),
        "end_s": round(slot.end_s, 6),
        "path": str(track.path),
        "title": track.title,
        "artist": track.artist,
        "in_s": round(slot.in_s, 6),
        "out_s": round(slot.out_s, 6),
        "speed": slot.speed.factor,
        "gain_db": round(slot.gain_db, 2),
        "fade_in_s": round(slot.fade_in_s, 3),
        "fade_out_s": round(slot.fade_out_s, 3),
        **_landing_of(slot, want, plan),
        **_fit_of(slot, want),
        "pinned": want.pin is not None,
        "reason": why(slot, want),
    }


def _landing_of(slot: Slot, want: Want, plan: ToldPlan) -> dict[str, Any]:
    """What of it lands where."""
    bell = None
    if slot.bell_segment is not None:
        segment, start_s, _ = plan.spans[slot.bell_segment]
        bell = {"phase": segment.index, "label": segment.label, "at_s": round(start_s, 6)}
    landing_s = None if slot.landing_s is None else round(slot.landing_s, 6)
    on = slot.landing.on if slot.landing else None
    return {
        "lands": on.value if on else None,
        "landing_s": landing_s,
        "drop_s": landing_s if on is On.DROP else None,
        "bell": bell,
        "second_wind": want.is_second_wind and slot.landing is not None,
    }


def _fit_of(slot: Slot, want: Want) -> dict[str, Any]:
    """How well it fits."""
    tempo, energy = slot.song.tempo, slot.song.energy
    score = float(tempo_scores(np.array([tempo.bpm * slot.speed.factor]), want.intent)[0]) if tempo else None
    return {
        "bpm": round(tempo.bpm, 2) if tempo else None,
        "band": [round(want.intent.low_bpm, 1), round(want.intent.high_bpm, 1)],
        "in_band": tempo is not None and in_band(tempo.bpm * slot.speed.factor, want.intent),
        "band_fit": None if score is None else round(score, 3),
        "energy": None if energy is None else round(energy, 3),
        "wanted_energy": round(want.energy, 3),
    }

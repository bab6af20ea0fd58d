"""The envelopes of voices as corner points: made, multiplied, moved, ended. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import TypeAlias

from nbd_tui.audio.score import EnvelopePoint, VoiceSpan
from nbd_tui.model.units import Frames

Envelope: TypeAlias = tuple[EnvelopePoint, ...]


def ramp(start: Frames, end: Frames, level: float, target: float) -> Envelope:
    """From one level to another, at least a frame long."""
    return (EnvelopePoint(start, level), EnvelopePoint(max(start + 1, end), target))


def product(end: Frames, *envelopes: Envelope) -> Envelope:
    """One envelope with the corners of all up to `end`, its level the product of theirs."""
    frames = sorted({min(point.frame, end) for envelope in envelopes for point in envelope})
    return tuple(EnvelopePoint(frame, prod(level_at(envelope, frame) for envelope in envelopes)) for frame in frames)


def faded_out(span: VoiceSpan, frame: Frames, fade: Frames) -> VoiceSpan:
    """The span faded out from `frame` on, unless it ends before."""
    frame = max(frame, span.start)
    end = frame + fade
    if span.end is not None and span.end <= end:
        return span
    level = level_at(span.envelope, frame)
    return replace(span, end=end, envelope=(EnvelopePoint(frame, level), EnvelopePoint(end, 0.0)))


def level_at(envelope: Sequence[EnvelopePoint], frame: Frames) -> float:
    """The level an envelope has at `frame`: linear between its points, held outside them."""
    if not envelope or frame >= envelope[-1].frame:
        return envelope[-1].level if envelope else 1.0
    before = envelope[0]
    for point in envelope:
        if point.frame > frame:
            span = point.frame - before.frame
            return (
                before.level + (point.level - before.level) * (frame - before.frame) / span if span > 0 else point.level
            )
        before = point
    return before.level


def shifted(span: VoiceSpan, frames: Frames) -> VoiceSpan:
    """The span moved with its end and its envelope."""
    envelope = tuple(replace(point, frame=point.frame + frames) for point in span.envelope)
    return replace(
        span, start=span.start + frames, end=None if span.end is None else span.end + frames, envelope=envelope
    )

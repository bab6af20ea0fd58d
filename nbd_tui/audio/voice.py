"""One voice: a source under an envelope, on the frame axis."""

from typing import Final

import numpy as np

from nbd_tui.audio.envelope import DECLICK, NEPERS, Gain, Line, envelope_line, equal_power, glide, scale
from nbd_tui.audio.muffle import REACH, Muffler, dip_depth, dip_gain_db
from nbd_tui.audio.reader import Reader
from nbd_tui.audio.score import VoiceEnded, VoiceSpan
from nbd_tui.audio.source import FrameSource, Samples
from nbd_tui.model.units import Decibels, Frames, to_gain

LOUDEST_DB: Final[Decibels] = 24.0
"""No track needs more gain; a broken loudness tag must not bring the limiter to its knees."""
INAUDIBLE: Final = 0.001


class VoiceGain:
    """The gain of a voice at every frame: level, loudness, a ramp at a sudden end, and a glide after a change."""

    def __init__(self, span: VoiceSpan, start: Frames) -> None:
        self._glide = Line.level(0.0)
        self._shape(span, start)

    def change(self, span: VoiceSpan, start: Frames, frame: Frames) -> None:
        """Takes the gains of another span from `frame` on, without a step."""
        before = self.at(frame)
        self._shape(span, start)
        self._glide_from(before, frame)

    def silence(self, frame: Frames) -> None:
        """Goes to nothing within `DECLICK` frames."""
        before = self.at(frame)
        self._factor = 0.0
        self._glide_from(before, frame)

    def at(self, frame: Frames) -> float:
        """The gain at one frame."""
        return float(np.max(self.over(frame, 1)))

    def over(self, frame: Frames, count: Frames) -> Gain:
        """The gains of `count` frames from `frame`."""
        shaped = self._shaped(frame, count) + self._glide.over(frame, count)
        return np.maximum(shaped, 0.0) if isinstance(shaped, np.ndarray) else max(shaped, 0.0)

    def _shape(self, span: VoiceSpan, start: Frames) -> None:
        shift = _shift(span, start)
        self._level = envelope_line(span.envelope, shift)
        self._dip_db = dip_gain_db(span.dips, shift)
        self._factor = to_gain(min(span.gain_db, LOUDEST_DB))
        self._tail = Line.level(1.0)
        if span.end is not None and self._level.at(span.end + shift - 1) > INAUDIBLE:
            self._tail = glide(1.0, 0.0, max(start, span.end + shift - DECLICK), min(DECLICK, span.end + shift - start))

    def _glide_from(self, before: float, frame: Frames) -> None:
        self._glide = Line.level(0.0)
        self._glide = glide(before - self.at(frame), 0.0, frame, DECLICK)

    def _shaped(self, frame: Frames, count: Frames) -> Gain:
        gain = equal_power(self._level.over(frame, count)) * self._factor * self._tail.over(frame, count)
        dip_db = self._dip_db.over(frame, count)
        return gain * np.exp(dip_db * NEPERS) if isinstance(dip_db, np.ndarray) or dip_db else gain


class Voice:
    """A span that has begun.

    Args:
        span: what to play.
        source: opened at the span's in-point.
        frame: the first frame not rendered yet. A span whose start lies before it joins in late: the source is moved on
            and fades in; a `snap` span begins here, and its end and envelope shift as much as its start did.
    """

    def __init__(self, span: VoiceSpan, source: FrameSource, frame: Frames) -> None:
        self.span = span
        self.start = frame if span.snap else max(frame, span.start)
        self.end = self._end_of(span)
        self.over = False
        """Nothing more will come from this voice."""
        self._reader = Reader(source)
        self._gain = VoiceGain(span, self.start)
        self._muffler: Muffler | None = None
        self._muffle(span, frame)
        self._stopping = False
        if not span.snap and span.start < frame:
            self.skip(frame - span.start)

    @property
    def underruns(self) -> int:
        """How often the source was not ready."""
        return self._reader.underruns

    def follow(self, span: VoiceSpan, frame: Frames) -> None:
        """Takes over end, envelope and gain of a new span of the same id; the source stays."""
        if self._stopping or span == self.span:
            return
        end = self._end_of(span)
        if end is not None and end < frame + DECLICK:
            self.stop(frame)
            return
        self.span, self.end = span, end
        self._gain.change(span, self.start, frame)
        self._muffle(span, frame)

    def stop(self, frame: Frames) -> None:
        """Ends within 5 ms."""
        if not self._stopping:
            self._stopping = True
            self.end = frame + DECLICK
            self._gain.silence(frame)

    def skip(self, frames: Frames) -> None:
        """Goes on later, as if `frames` had been rendered."""
        (self._muffler or self._reader).skip(frames)

    def close(self) -> None:
        """Gives up the source."""
        self._reader.close()

    def add_to(self, bus: Samples, frame: Frames, scratch: Samples) -> VoiceEnded | None:
        """Adds the frames from `frame` on to the bus; tells when the voice ended.

        Args:
            bus: music so far, changed in place.
            frame: of the first frame of the bus; not before the voice's start.
            scratch: at least as long as the bus; overwritten.
        """
        count = len(bus) if self.end is None else min(len(bus), max(0, self.end - frame))
        already_ended = self._reader.ended
        samples = scratch[:count]
        got = self._read(samples, frame) if count else 0
        scale(samples, self._gain.over(frame, count))
        bus[:count] += samples
        end = self.end if self.end is not None and self.end <= frame + len(bus) else None
        self.over = end is not None or self._is_silent()
        if already_ended:
            return None
        if self._reader.ended:
            return VoiceEnded(self.span.id, frame + got, early=self._is_early())
        return VoiceEnded(self.span.id, end, early=False) if end is not None else None

    def _read(self, samples: Samples, frame: Frames) -> Frames:
        return self._muffler.read(samples, frame) + REACH if self._muffler else self._reader.read(samples)

    def _muffle(self, span: VoiceSpan, frame: Frames) -> None:
        depth = dip_depth(span.dips, _shift(span, self.start))
        if self._muffler:
            self._muffler.change(depth, frame)
        elif span.dips:
            self._muffler = Muffler(self._reader, depth, frame)

    def _is_silent(self) -> bool:
        """Whether the source has run out and all of it was heard."""
        ahead = self._muffler is not None and self._muffler.pending
        return self._reader.ended and not self._reader.fading and not ahead

    def _is_early(self) -> bool:
        return not self._stopping and (self.end is not None or self._reader.frames_read == 0)

    def _end_of(self, span: VoiceSpan) -> Frames | None:
        return None if span.end is None else span.end + _shift(span, self.start)


def _shift(span: VoiceSpan, start: Frames) -> Frames:
    """By how much the frames of a span are moved whose voice begins at `start`."""
    return start - span.start if span.snap else 0

"""All voices of a mixer: those to come, those sounding, and the ids of those that have been."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from nbd_tui.audio.score import MixerReport, SourceRef, VoiceSpan, VoiceStarted
from nbd_tui.audio.source import FrameSource, OpenSource, Samples
from nbd_tui.audio.voice import Voice
from nbd_tui.model.units import RATE, Frames

OPEN_AHEAD: Final[Frames] = 2 * RATE
"""A source is opened so long before its voice begins, so that its first frames are ready."""


class Ensemble:
    """Starts, steers and ends voices as the spans of the newest score say.

    Args:
        open_source: opens the source of a voice; must not block.
        reports: what happens is appended here.
    """

    def __init__(self, open_source: OpenSource, reports: list[MixerReport]) -> None:
        self._open_source = open_source
        self._reports = reports
        self._coming: list[VoiceSpan] = []
        self._opened: dict[str, tuple[SourceRef, FrameSource]] = {}
        self._voices: list[Voice] = []
        self._begun: set[str] = set()
        self._past_underruns = 0
        self._scratch: Samples = np.zeros((0, 2), np.float32)

    @property
    def underruns(self) -> int:
        """How often a voice had to wait for frames."""
        return self._past_underruns + sum(voice.underruns for voice in self._voices)

    def set_spans(self, spans: Iterable[VoiceSpan], frame: Frames) -> None:
        """Replaces all that is not rendered yet; `frame` is the first that is not."""
        wanted = {span.id: span for span in reversed(tuple(spans))}
        for voice in self._voices:
            if voice.span.id in wanted:
                voice.follow(wanted[voice.span.id], frame)
            else:
                voice.stop(frame)
        coming = (span for span in wanted.values() if span.id not in self._begun)
        self._coming = sorted(coming, key=lambda span: frame if span.snap else span.start)
        self._close_unwanted()

    def render(self, bus: Samples, frame: Frames) -> None:
        """Adds the frames from `frame` on to the bus."""
        if len(self._scratch) < len(bus):
            self._scratch = np.zeros((len(bus), 2), np.float32)
        self._open_ahead(frame + len(bus) + OPEN_AHEAD)
        self._begin_due(frame, len(bus))
        for voice in self._voices:
            offset = max(0, voice.start - frame)
            ended = voice.add_to(bus[offset:], frame + offset, self._scratch)
            if ended:
                self._reports.append(ended)
        self._drop_over()

    def skip(self, frames: Frames) -> None:
        """Goes on later, as if `frames` had been rendered; ends inside them are reported by the next `render`."""
        for voice in self._voices:
            voice.skip(frames)

    def close(self) -> None:
        """Gives up all sources."""
        self._coming = []
        self._close_unwanted()
        for voice in self._voices:
            voice.close()
        self._voices = []

    def _begin_due(self, frame: Frames, count: Frames) -> None:
        while self._coming and (self._coming[0].snap or self._coming[0].start < frame + count):
            span = self._coming.pop(0)
            if span.snap or span.end is None or span.end > frame:
                self._begin(span, frame)
            else:
                self._close_unwanted()

    def _begin(self, span: VoiceSpan, frame: Frames) -> None:
        self._begun.add(span.id)
        voice = Voice(span, self._source_of(span), frame)
        self._voices.append(voice)
        self._reports.append(VoiceStarted(span.id, voice.start))

    def _source_of(self, span: VoiceSpan) -> FrameSource:
        _, source = self._opened.pop(span.id, (None, None))
        return source or self._open_source(span.source)

    def _open_ahead(self, until: Frames) -> None:
        for span in self._coming:
            if span.start >= until:
                break
            if span.id not in self._opened:
                self._opened[span.id] = (span.source, self._open_source(span.source))

    def _close_unwanted(self) -> None:
        coming = {span.id: span.source for span in self._coming}
        for name, (place, source) in tuple(self._opened.items()):
            if coming.get(name) != place:
                source.close()
                del self._opened[name]

    def _drop_over(self) -> None:
        for voice in self._voices:
            if voice.over:
                self._past_underruns += voice.underruns
                voice.close()
        self._voices = [voice for voice in self._voices if not voice.over]

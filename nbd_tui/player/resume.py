"""What a new player is to play of the score that the old one was playing when it died. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from nbd_tui.audio.score import CueMissed, CueSounded, MixerReport, Score, VoiceEnded, VoiceSpan, VoiceStarted
from nbd_tui.model.units import Frames


class Progress:
    """How far the parts of a score have come, by the mixer's reports."""

    def __init__(self) -> None:
        self._started: dict[str, Frames] = {}
        self._over: set[str] = set()

    def note(self, report: MixerReport) -> None:
        """Takes in one report."""
        match report:
            case VoiceStarted(id=name, frame=frame):
                self._started[name] = frame
            case VoiceEnded(id=name) | CueSounded(id=name) | CueMissed(id=name):
                self._over.add(name)

    def forget_all_but(self, score: Score) -> None:
        """Ids that no score names any more are of no use."""
        ids = {span.id for span in score.voices} | {cue.id for cue in score.cues}
        self._started = {name: frame for name, frame in self._started.items() if name in ids}
        self._over &= ids

    def rest_of(self, score: Score) -> Score:
        """`score` without what is over; voices that had begun join in where they would be, also those that snapped."""
        voices = tuple(self._as_begun(span) for span in self._not_over(score.voices))
        return replace(score, voices=voices, cues=tuple(cue for cue in score.cues if cue.id not in self._over))

    def _not_over(self, spans: Iterable[VoiceSpan]) -> Iterable[VoiceSpan]:
        return (span for span in spans if span.id not in self._over)

    def _as_begun(self, span: VoiceSpan) -> VoiceSpan:
        start = self._started.get(span.id)
        return span if start is None or not span.snap else replace(span, start=start, snap=False)

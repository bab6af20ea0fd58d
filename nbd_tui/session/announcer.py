"""The announcer of a session: keeps in mind what has just happened and been said, and has the rest planned."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from nbd_tui.audio.score import CueHit, CueMissed, CueSounded
from nbd_tui.model.units import Frames, Monotonic, Seconds
from nbd_tui.session.voice_book import VoiceBook
from nbd_tui.workout.engine import DueCue, Upcoming
from nbd_tui.workout.events import CueDue, Event, Paused, Resumed, SegmentStarted, SessionFinished
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.phrases import GO, PAUSE, PAUSED, Label, Phrase, labels_of, names, names_at_start
from nbd_tui.workout.speech import Occasion, Remark, Span, Utterance, Voice, plan_speech, say_key
from nbd_tui.workout.timeline import Segment, Timeline

RECENT_S: Final[Seconds] = 4.0
"""So long after a cue something may still be said of it."""
REMEMBERED_S: Final[Seconds] = 20.0
"""So long what has been said is kept in mind: longer than a cue is announced ahead."""
AHEAD_S: Final[Seconds] = 300.0
"""So far what is said is planned; bells reach further."""
AGAIN_S: Final[Seconds] = 120.0
"""After so long it is planned on."""
NEARLY_S: Final[Seconds] = 0.01
"""A bell heard so near to when it was thought to be changes nothing."""

FrameAt = Callable[[Monotonic], Frames]


class AnnouncerPort(Protocol):
    """What the conductor needs of an announcer."""

    def stale(self, now: Monotonic) -> bool:
        """Something else would be said than was planned, or what is planned nears its end."""
        ...

    def take(self, events: Sequence[Event], heard_from: Monotonic | None = None) -> None:
        """Takes in what the engine says; `heard_from`: a key caused it, and nothing can be heard before."""
        ...

    def hits(self, upcoming: Upcoming, begin: Monotonic, frame_at: FrameAt) -> tuple[CueHit, ...]:
        """All that is to be said of what comes (nothing: the workout stands), from `begin` on."""
        ...

    def heard(self, report: CueSounded | CueMissed, at: Monotonic) -> str | None:
        """Takes in what became of a cue; if it was something said, the words."""
        ...

    def close(self) -> None:
        """Nothing will be said any more."""
        ...


class NoAnnouncer:
    """Says nothing."""

    def stale(self, now: Monotonic) -> bool:  # noqa: ARG002
        """There is never anything new."""
        return False

    def take(self, events: Sequence[Event], heard_from: Monotonic | None = None) -> None:
        """Nothing is kept in mind."""

    def hits(self, upcoming: Upcoming, begin: Monotonic, frame_at: FrameAt) -> tuple[CueHit, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def heard(self, report: CueSounded | CueMissed, at: Monotonic) -> str | None:  # noqa: ARG002
        """No cue is an utterance."""
        return None

    def close(self) -> None:
        """There is nothing to end."""


class Announcer:
    """Says the phases of one timeline. Owned by the conductor's thread, but for `close`.

    Args:
        timeline: the workout.
        book: what can be said; closed with the announcer.
        labels: whether the user's own labels are said.
    """

    def __init__(self, timeline: Timeline, book: VoiceBook, *, labels: bool) -> None:
        self._segments = timeline.segments
        self._book = book
        self._voice = Voice(book.length_of, labels)
        self._recent: dict[str, DueCue] = {}
        self._asked: set[str] = set()
        """Keys of the utterances that a key has caused."""
        self._remarks: tuple[Remark, ...] = ()
        self._remarked = 0
        self._running = timeline.segments[0]
        self._planned: dict[str, Utterance] = {}
        self._heard: dict[str, Span] = {}
        self._known = 0
        self._moved = False
        self._plan_again_at: Monotonic = float("inf")

    def stale(self, now: Monotonic) -> bool:
        """More can be said than before, the bell of a key was heard at another time, or it is time to plan on."""
        return self._moved or self._book.size != self._known or now > self._plan_again_at

    def take(self, events: Sequence[Event], heard_from: Monotonic | None = None) -> None:
        """A key that leads elsewhere takes back what has not been said; then its own cues count."""
        if heard_from is not None and any(isinstance(event, _ELSEWHERE) for event in events):
            self._recent, self._remarks = {}, ()
        for event in events:
            if isinstance(event, SegmentStarted):
                self._running = event.segment
            elif isinstance(event, CueDue):
                at = event.at if heard_from is None else max(event.at, heard_from)
                self._recent[event.key] = DueCue(at, event.key, event.segment, event.cue)
                self._asked |= {say_key(event.key)} if heard_from is not None else set()
        if heard_from is not None and (phrases := self._remark(events)):
            self._remarked += 1
            self._remarks = (Remark(say_key(f"remark.{self._remarked}"), heard_from, phrases),)
            self._asked |= {self._remarks[0].key}

    def hits(self, upcoming: Upcoming, begin: Monotonic, frame_at: FrameAt) -> tuple[CueHit, ...]:
        """What is to be said, each at its frame; all that has not begun is planned anew."""
        self._forget(begin, upcoming.cues)
        self._known, self._moved = self._book.size, False
        coming = [cue for cue in upcoming.cues if cue.at <= begin + AHEAD_S and cue.key not in self._recent]
        self._plan_again_at = begin + AGAIN_S if len(coming) < len(upcoming.cues) else float("inf")
        occasion = Occasion(
            self._segments, upcoming.segments, (*self._recent.values(), *coming), begin,
            frozenset(self._asked), self._heard, self._remarks,
        )  # fmt: skip
        said = plan_speech(occasion, self._voice)
        self._planned |= {one.key: one for one in said}
        return tuple(CueHit(one.key, "", frame_at(one.at), clips=self._book.clips(one.phrase)) for one in said)

    def heard(self, report: CueSounded | CueMissed, at: Monotonic) -> str | None:
        """Of an utterance: when it is heard, so that nothing is said into it, and its words."""
        if (bell := self._recent.get(report.id)) and say_key(report.id) in self._asked and abs(bell.at - at) > NEARLY_S:
            self._recent[report.id] = DueCue(at, bell.key, bell.segment, bell.cue)
            self._moved = True
        if (said := self._planned.pop(report.id, None)) is None:
            return None
        self._heard[said.key] = (at, at + (said.length_s if isinstance(report, CueSounded) else 0.0))
        return in_words(said.phrase)

    def close(self) -> None:
        """Ends the rendering of labels."""
        self._book.close()

    def _remark(self, events: Iterable[Event]) -> tuple[Phrase, ...]:
        """What is said of a pause; going on has no bell of its own unless another phase begins with it."""
        if any(isinstance(event, Paused) for event in events):
            return (PAUSED,)
        if any(isinstance(event, CueDue) for event in events):
            return ()
        if not any(isinstance(event, Resumed) for event in events):
            return ()
        return (GO,) if self._running.kind is PhaseKind.WORK else names(self._running, labels=False)

    def _forget(self, begin: Monotonic, coming: Sequence[DueCue]) -> None:
        """What is too long ago to matter."""
        self._recent = {key: cue for key, cue in self._recent.items() if cue.at > begin - RECENT_S}
        self._remarks = tuple(remark for remark in self._remarks if remark.at > begin - RECENT_S)
        kept = (
            {remark.key for remark in self._remarks}
            | {say_key(cue.key) for cue in coming}
            | {say_key(key) for key in self._recent}
        )
        self._heard = {k: span for k, span in self._heard.items() if k in kept or span[1] > begin - REMEMBERED_S}
        self._asked &= kept | self._heard.keys()
        self._planned = {k: one for k, one in self._planned.items() if k in kept or one.end > begin - REMEMBERED_S}


_ELSEWHERE: Final = (SegmentStarted, Paused, Resumed, SessionFinished)


def labels_said(segments: Sequence[Segment]) -> tuple[str, ...]:
    """The texts of all labels that might be said in a workout, in the order in which they come."""
    following = (*segments[1:], None)
    said = [
        names(one, labels=True) + names_at_start(one, other, labels=True)
        for one, other in zip(segments, following, strict=True)
    ]
    return tuple(dict.fromkeys(text for phrases in said for text in sorted(labels_of(phrases))))


def in_words(phrase: Phrase) -> str:
    """A phrase as text: `set 2, round 1`."""
    words = (word.text if isinstance(word, Label) else word.replace("-", " ") for word in phrase)
    return " ".join(words).replace(f" {PAUSE}", PAUSE)

"""What the user says of one track, as it is being said: every change can be taken back. Pure."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from nbd_tui.model.corrected import corrected
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import tempo_of
from nbd_tui.model.units import Bpm, to_frames
from nbd_tui.tui.drop_edit import DropAnswer, as_heard
from nbd_tui.tui.tempo_edit import TempoAnswer, bpm_text
from nbd_tui.tui.track_view import tag_bpm

_OPINION_WORDS: Final = {Opinion.LIKED: "liked", Opinion.BANNED: "kept out of workouts", None: "no opinion any more"}


class Said(NamedTuple):
    """All that the user says of a track."""

    correction: Correction = Correction()
    opinion: Opinion | None = None


class Change(NamedTuple):
    """A step from one state to another."""

    said: Said
    words: str
    """For the line that answers keys."""


NOTHING_SAID: Final = Said()


@dataclass(frozen=True)
class TrackEditor:
    """One track with what is said of it; a change gives another editor, which remembers this one."""

    row: LibraryRow
    hearing: Hearing | None = None
    """As it was heard; None: it was not."""
    said: Said = NOTHING_SAID
    past: tuple[Change, ...] = ()
    """What was said before each change, with the words of the change."""

    @cached_property
    def heard(self) -> Hearing:
        """As it was heard; of a track that was not, its length."""
        return self.hearing or Hearing(to_frames(self.row.duration_s or 0.0))

    @cached_property
    def found(self) -> Hearing:
        """The track as the user says it is."""
        return corrected(self.heard, self.said.correction)

    @cached_property
    def beats_per_bar(self) -> int:
        """As most bars have it."""
        return self.found.beats_per_bar

    @property
    def bpm(self) -> Bpm | None:
        """The tempo that counts."""
        return self._tempo(self.said.correction.bpm)

    def with_tempo(self, answer: TempoAnswer) -> Change | None:
        """Another tempo; the one that counts without the user is no correction."""
        if answer.bpm is None:
            return None
        plain = self._tempo(None)
        bpm = None if plain is not None and abs(answer.bpm / plain - 1) < 1e-9 else answer.bpm
        words = answer.words or f"{bpm_text(answer.bpm)} BPM"
        if bpm is None:
            words += ", as it was before"
        return self._corrected(replace(self.said.correction, bpm=bpm), words)

    def with_drops(self, answer: DropAnswer) -> Change | None:
        """Other drops; those that were heard are no correction."""
        if answer.drops_s is None:
            return None
        drops_s = None if as_heard(answer.drops_s, self.heard.drops) else answer.drops_s
        return self._corrected(replace(self.said.correction, drops_s=drops_s), answer.words)

    def as_heard(self) -> Change | None:
        """Without any correction; None: there is none."""
        if self.said.correction == Correction():
            return None
        return self._corrected(Correction(), "tempo and drops as heard")

    def judged(self, opinion: Opinion) -> Change:
        """Liked or kept out; the same again takes it back."""
        new = None if self.said.opinion is opinion else opinion
        return Change(self.said._replace(opinion=new), _OPINION_WORDS[new])

    def after(self, change: Change) -> "TrackEditor":
        """With a change made."""
        return replace(self, said=change.said, past=(*self.past, Change(self.said, change.words)))

    def before(self) -> "tuple[TrackEditor, str] | None":
        """Without the last change, and the words for that; None: there was none."""
        if not self.past:
            return None
        last = self.past[-1]
        return replace(self, said=last.said, past=self.past[:-1]), f"taken back: {last.words}"

    def _corrected(self, correction: Correction, words: str) -> Change:
        return Change(self.said._replace(correction=correction), words)

    def _tempo(self, mine: Bpm | None) -> Bpm | None:
        bpm, confidence = (self.hearing.bpm, self.hearing.confidence) if self.hearing else (None, 0.0)
        tempo = tempo_of(tag_bpm(self.row), bpm, confidence, mine)
        return tempo.bpm if tempo else None

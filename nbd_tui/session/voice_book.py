"""What the announcer can say, and with which clips: the shipped words, and the labels once they are rendered."""

import logging
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Protocol

from nbd_tui.audio.score import Clip
from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.media.cue_files import clip_length_s
from nbd_tui.model.units import RATE, Frames, Seconds, to_seconds
from nbd_tui.workout.phrases import PAUSE, Label, Phrase, Word

log = logging.getLogger(__name__)

WORD_GAP: Final[Frames] = RATE * 30 // 1000
"""Between two words: the clips begin and end close to what is to be heard of them."""
PAUSE_GAP: Final[Frames] = RATE * 200 // 1000
MOST_LABELS: Final = 500
"""A workout has at most so many labels that are said; the first ones."""


class SpeechPort(Protocol):
    """What is needed of `media.speech.Speech`."""

    def clip(self, label: str) -> Path:
        """The clip of a label; blocks while it is made."""
        ...

    def stop(self) -> None:
        """Ends what is being made."""
        ...


class VoiceBook:
    """The clips of one session.

    The thread `announcer` looks at the shipped clips and has the labels rendered, one after another; started by
    `start`, it ends by itself, or within a moment of `close`. What has been found may be read at any time.

    Args:
        folder: the shipped clips, a word each; None: there are none.
        labels: what is to be rendered, the first to be said first.
        speech: renders it; None: labels are not said.
    """

    def __init__(self, folder: Path | None, labels: Iterable[str] = (), speech: SpeechPort | None = None) -> None:
        self._folder = folder
        self._labels = tuple(dict.fromkeys(labels))[:MOST_LABELS]
        self._speech = speech
        self._clips: Mapping[Word, tuple[str, Seconds]] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    @property
    def size(self) -> int:
        """How many clips are known; grows as more can be said."""
        return len(self._clips)

    def start(self) -> None:
        """Starts looking and rendering."""
        self._thread.start()

    def close(self) -> None:
        """Ends the rendering; what has been rendered stays in the cache."""
        self._closed.set()
        if self._speech is not None:
            self._speech.stop()

    def join(self, timeout: Seconds | None = None) -> None:
        """Waits until all is known that can be."""
        self._thread.join(timeout)

    def clips(self, phrase: Phrase) -> tuple[Clip, ...]:
        """The clips of a phrase, each with the silence before it; nothing where one is missing."""
        if self.length_of(phrase) is None:
            return ()
        said = [(word, index) for index, word in enumerate(phrase) if word != PAUSE]
        return tuple(Clip(self._clips[word][0], _gap(phrase, index)) for word, index in said)

    def length_of(self, phrase: Phrase) -> Seconds | None:
        """How long a phrase is; None where one of its clips is missing."""
        known = [self._clips.get(word) for word in phrase if word != PAUSE]
        if not known or not all(known):
            return None
        gaps = sum(_gap(phrase, index) for index, word in enumerate(phrase) if word != PAUSE)
        return to_seconds(gaps) + sum(clip[1] for clip in known if clip)

    def _run(self) -> None:
        self._clips = {file.stem: (str(file), length) for file in _files(self._folder) if (length := _length_s(file))}
        for label in self._labels if self._speech is not None else ():
            if self._closed.is_set() or not self._render(label):
                return

    def _render(self, label: str) -> bool:
        """Renders one label; false when no other can be rendered either."""
        assert self._speech is not None  # noqa: S101 - asked by the caller
        try:
            file = self._speech.clip(label)
        except CircumstanceError as error:
            log.warning("labels are not said: %s", error)
            return False
        except DecodeError as error:
            log.warning("a label is not said: %s", error)
            return True
        if length := _length_s(file):
            self._clips = {**self._clips, Label(label): (str(file), length)}
        return True


def _gap(phrase: Phrase, index: int) -> Frames:
    if index == 0:
        return 0
    return PAUSE_GAP if phrase[index - 1] == PAUSE else WORD_GAP


def _files(folder: Path | None) -> list[Path]:
    try:
        return sorted(folder.glob("*.wav")) if folder else []
    except OSError:
        return []


def _length_s(file: Path) -> Seconds:
    try:
        return clip_length_s(file)
    except DecodeError as error:
        log.warning("a clip cannot be said: %s", error)
        return 0.0

"""A library and a listening post kept in memory."""

import math
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbd_tui.errors import LibraryError, NbdError
from nbd_tui.model.hearing import STEADY, Drop, EnergyCurve, Hearing, Span
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import tempo_of
from nbd_tui.model.units import to_frames
from nbd_tui.tui.ports_library import PreviewState
from nbd_tui.tui.track_view import tag_bpm

ARTISTS = (
    "The Red Jumpsuit Apparatus", "TV on the Radio", "Björk", "Sigur Rós", "日本語", "Mötley Crüe", "[bold]evil[/foo]",
)  # fmt: skip
WORDS = ("False", "Pretense", "Wolf", "Orange", "Above", "Below", "Ærø", "Fire", "Café", "Run", "Night", "[Remix]")
GENRES = ("Rock", "Ambient", "Drum & Bass", "Metal", "", "Folk")


def hearing(bpm: float = 138.0, length_s: float = 180.0, confidence: float = 0.9, drops: int = 2) -> Hearing:
    """A track on one grid of beats, with build-ups and gaps before evenly spaced drops."""
    beat_s = 60.0 / bpm
    beats = tuple(beat_s * n for n in range(int(length_s / beat_s)))
    places = [beats[int(len(beats) * (n + 1) / (drops + 1)) // 4 * 4] for n in range(drops)]
    found = tuple(
        Drop(at, 3.0 - n, Span(at - 2 * beat_s, at), Span(at - 18 * beat_s, at - 2 * beat_s))
        for n, at in enumerate(places)
    )
    return Hearing(
        to_frames(length_s), bpm, confidence, True, beats, beats[::4],
        -9.0, -0.3, 0.8, _curve(length_s, found), found,
    )  # fmt: skip


def _curve(length_s: float, drops: tuple[Drop, ...]) -> EnergyCurve:
    """Swells towards each drop, falls into the gap, stays up for twenty seconds after it."""

    def value(at_s: float) -> float:
        for drop in drops:
            if drop.gap and drop.gap.start_s <= at_s < drop.gap.end_s:
                return 0.05
            if drop.build and drop.build.start_s <= at_s < drop.build.end_s:
                return 0.35 + 0.3 * (at_s - drop.build.start_s) / (drop.build.end_s - drop.build.start_s)
            if drop.at_s <= at_s < drop.at_s + 20.0:
                return 0.95
        return 0.5 + 0.1 * math.sin(at_s / 5.0)

    return EnergyCurve(4.0, tuple(value(n / 4.0) for n in range(int(length_s * 4.0))))


def row(number: int, **changes: object) -> LibraryRow:
    """One of many tracks of all sorts; the same number gives the same one."""
    words = [WORDS[(number * step) % len(WORDS)] for step in (1, 5, 7)]
    is_heard = number % 5 != 4
    confidence = (number * 37 % 100) / 100 if number % 7 else 0.1
    heard_bpm = 60.0 + number * 53 % 140 if is_heard else None
    tag_bpm = (None, None, 92.0)[number % 3]
    plain = LibraryRow(
        Path(f"/music/{number % 97}/{number}.mp3"), f"{' '.join(words)} {number}", ARTISTS[number % 7],
        f"Album {number % 211}", GENRES[number % 6], 90.0 + number * 31 % 400,
        tempo_of(tag_bpm, heard_bpm, confidence), is_heard, is_heard and confidence >= STEADY,
        (number * 13 % 100) / 100 if is_heard else 0.0, -5.0 - number % 18 if is_heard else None,
        number % 6 if is_heard else 0, (None, None, Opinion.LIKED, None, Opinion.BANNED)[number % 5],
    )  # fmt: skip
    return plain._replace(**changes)  # type: ignore[arg-type]


def many(count: int) -> list[LibraryRow]:
    """So many tracks of all sorts."""
    return [row(number) for number in range(count)]


def wolf(**changes: object) -> LibraryRow:
    """The usual track, whose tag has another tempo than is heard."""
    plain = LibraryRow(
        Path("/music/wolf.flac"), "Wolf Like Me", "TV on the Radio", "Return to Cookie Mountain", "Indie Rock", 279.0,
        tempo_of(92.0, 138.0, 0.9), True, True, 0.8, -9.0, 2,
    )  # fmt: skip
    return plain._replace(**changes)  # type: ignore[arg-type]


@dataclass
class FakeLibrary:
    """Answers at once, or with `trouble`; what is written bumps the version."""

    tracks: list[LibraryRow] = field(default_factory=list)
    hearings: dict[Path, Hearing] = field(default_factory=dict)
    corrections: dict[Path, Correction] = field(default_factory=dict)
    state: str = ""
    trouble: str = ""
    refusal: str = ""
    """Why nothing can be written."""
    number: int = 1
    reads: int = 0
    """How often all rows were asked for."""
    asked: list[Path] = field(default_factory=list)
    """Whose hearing was."""

    def rows(self) -> list[LibraryRow]:
        if self.trouble:
            raise LibraryError(self.trouble)
        self.reads += 1
        return list(self.tracks)

    def version(self) -> int:
        return self.number

    def hearing(self, path: Path) -> Hearing | None:
        self.asked.append(path)
        return self.hearings.get(path)

    def correction(self, path: Path) -> Correction:
        return self.corrections.get(path, Correction())

    def opinions(self, paths: Iterable[Path]) -> dict[Path, Opinion]:
        wanted = set(paths)
        return {one.path: one.opinion for one in self.tracks if one.path in wanted and one.opinion}

    def correct(self, path: Path, correction: Correction) -> "Future[None]":
        if not self.refusal:
            self.corrections[path] = correction
            self._change(path, lambda old: self._corrected(old, correction))
        return self._done()

    def judge(self, path: Path, opinion: Opinion | None) -> "Future[None]":
        if not self.refusal:
            self._change(path, lambda old: old._replace(opinion=opinion))
        return self._done()

    def progress(self) -> str:
        return self.state

    def set_rows(self, rows: Iterable[LibraryRow]) -> None:
        """Other tracks from now on."""
        self.tracks = list(rows)
        self.number += 1

    def opinion(self, path: Path) -> Opinion | None:
        """What is thought of a track."""
        return next(track.opinion for track in self.tracks if track.path == path)

    def _corrected(self, old: LibraryRow, correction: Correction) -> LibraryRow:
        heard = self.hearings.get(old.path)
        bpm, confidence = (heard.bpm, heard.confidence) if heard else (None, 0.0)
        drops = len(correction.drops_s) if correction.drops_s is not None else len(heard.drops) if heard else old.drops
        return old._replace(tempo=tempo_of(tag_bpm(old), bpm, confidence, correction.bpm), drops=drops)

    def _change(self, path: Path, change: Callable[[LibraryRow], LibraryRow]) -> None:
        self.tracks = [change(one) if one.path == path else one for one in self.tracks]
        self.number += 1

    def _done(self) -> "Future[None]":
        done: Future[None] = Future()
        if self.refusal:
            done.set_exception(NbdError(self.refusal))
        else:
            done.set_result(None)
        return done


@dataclass
class FakePreview:
    """Plays at once, in silence; the moment is set by hand."""

    now: PreviewState = field(default_factory=PreviewState)
    played: list[tuple[Path, float]] = field(default_factory=list)
    stops: int = 0
    problem: str = ""
    around: tuple[float | None, float | None] = (None, None)
    """Where the last one was to end, and to have its bell."""

    def play(self, path: Path, at_s: float = 0.0, *, until_s: float | None = None, bell_s: float | None = None) -> None:
        self.played.append((path, at_s))
        self.around = (until_s, bell_s)
        self.now = PreviewState(path, at_s, is_playing=not self.problem, problem=self.problem)

    def stop(self) -> None:
        self.stops += 1
        self.now = PreviewState()

    def state(self) -> PreviewState:
        return self.now

    def advance(self, seconds: float) -> None:
        """What is heard now is further on."""
        self.now = replace(self.now, at_s=self.now.at_s + seconds)

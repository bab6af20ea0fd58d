"""Chooses the next track for a stretch of the workout. Pure: the same question has the same answer.

The order is made of rules first and taste second: a track not played yet comes before every played one, then the artist
changes where a reasonable track by another one is left, then tempo, genre and length count, and among nearly equal
ones `tie` decides, so that a large library does not play the same best track every day. Once everything has been
played, those that fit come again, least recently played first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise, repeat
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nbd_tui.model.track import Track
from nbd_tui.model.units import Bpm, Seconds
from nbd_tui.soundtrack.genre import genre_energy, is_spoken
from nbd_tui.soundtrack.intent import USUAL, Bands, Intent, intent_for
from nbd_tui.workout.phase import PhaseKind

SHORTEST_S: Final[Seconds] = 30.0
"""Shorter files are jingles and samples."""
LONGEST_S: Final[Seconds] = 900.0
"""Longer files are mixes, podcasts and audio books."""
OPEN_PHASE_S: Final[Seconds] = 180.0
"""The length a phase of unknown length is taken to have."""

UNKNOWN_TEMPO: Final = 0.5
"""Score of a track without a tempo: better than a clear miss, worse than a hit."""
UNKNOWN_GENRE: Final = 0.6
UNKNOWN_LENGTH: Final = 0.7
REASONABLE: Final = 0.4
"""From this score on, a track may be taken to keep the artist from playing twice in a row."""

EDGE: Final = 0.85
"""Tempo score at the edge of the band; 1 in its best part."""
_FALL_OCTAVES: Final = 0.12
"""Outside the band the tempo score falls by a factor e for each of these."""
_WEIGHTS: Final = (1.0, 0.35, 0.2)
"""Of tempo, genre and length."""
_STEP: Final = 0.05
"""Scores within one step count as equal, and `tie` decides."""
_LIKED_STEPS: Final = 2
"""A liked track comes before others that fit better by less than so many steps."""

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a stretch of the workout asks for."""

    kind: PhaseKind
    duration_s: Seconds | None = None
    """None: open."""
    place: float = 0.5
    """0 to 1 among consecutive stretches of this kind."""
    bands: Bands = USUAL

    @property
    def intent(self) -> Intent:
        """The tempo band and energy wished for."""
        return intent_for(self.kind, self.duration_s, self.place, self.bands)


@dataclass(frozen=True, slots=True)
class Used:
    """What the session has played or planned before this choice, in order."""

    tracks: Sequence[Path] = ()
    artists: Sequence[str] = ()
    """Of the same tracks; where it is empty, the artist of the last track is looked up in the pool."""


class Choice(NamedTuple):
    """A track and how well it fits a wish."""

    track: Track
    score: float
    """0 to 1."""
    wish: Wish

    @property
    def why(self) -> str:
        """One line for people, as "132 BPM for work 125–142"; text of the genre is as hostile as its tag."""
        return f"{_tempo_reason(self.track.bpm, self.wish)}{_length_reason(self.track, self.wish)}"


def choose(wish: Wish, pool: Sequence[Track], used: Used, tie: Callable[[Track], float]) -> Choice | None:
    """The best track of the pool for the wish; None only for an empty pool. See `rank`."""
    if not pool:
        return None
    scores, order = _ordered(wish, pool, used, tie)
    return Choice(pool[order[0]], float(scores[order[0]]), wish)


def rank(wish: Wish, pool: Sequence[Track], used: Used, tie: Callable[[Track], float]) -> tuple[Choice, ...]:
    """The whole pool, best first.

    Args:
        wish: what the stretch asks for.
        pool: the tracks to choose from, in any order.
        used: what was played before.
        tie: a fixed number per track that orders nearly equal ones; another function makes another session.
    """
    if not pool:
        return ()
    scores, order = _ordered(wish, pool, used, tie)
    return tuple(map(Choice, [pool[i] for i in order], scores[order].tolist(), repeat(wish)))


def tempo_scores(bpm: _Floats, intent: Intent) -> _Floats:
    """How well tempos fit: 1 in the best part of the band, falling softly outside it; NaN is an unknown tempo."""
    if intent.octave_free:
        octaves = np.stack([_own_octave(bpm * factor, intent) for factor in (0.5, 1.0, 2.0)])
        return np.asarray(octaves.max(axis=0), dtype=np.float64)
    return _own_octave(bpm, intent)


def _own_octave(bpm: _Floats, intent: Intent) -> _Floats:
    """Piecewise in log2 of tempo, so that 5 % too fast is as bad as 5 % too slow."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pitch = np.log2(bpm)
    low, best_low, best_high, high = np.log2(
        (intent.low_bpm, intent.best_low_bpm, intent.best_high_bpm, intent.high_bpm)
    )
    inside = np.interp(pitch, (low, best_low, best_high, high), (EDGE, 1.0, 1.0, EDGE))
    outside = np.maximum(0.0, np.maximum(low - pitch, pitch - high))
    scores = inside * np.exp(-outside / _FALL_OCTAVES)
    return np.where(np.isnan(pitch), UNKNOWN_TEMPO, scores)


def _length_scores(length_s: _Floats, wish: Wish) -> _Floats:
    """1 for a track that lasts the whole phase, else the part of it that it lasts."""
    needed = max(wish.duration_s or OPEN_PHASE_S, 1.0)
    return np.where(np.isnan(length_s), UNKNOWN_LENGTH, np.minimum(1.0, length_s / needed))


def _genre_scores(genres: Sequence[str], energy: float) -> _Floats:
    table = {genre: _genre_score(genre, energy) for genre in set(genres)}
    return np.array([table[genre] for genre in genres])


def _genre_score(genre: str, wanted: float) -> float:
    known = genre_energy(genre)
    return UNKNOWN_GENRE if known is None else 1.0 - abs(known - wanted)


def _floats(values: Sequence[float | None]) -> _Floats:
    """None becomes NaN."""
    return np.array(values, dtype=np.float64)


def _ordered(wish: Wish, pool: Sequence[Track], used: Used, tie: Callable[[Track], float]) -> tuple[_Floats, list[int]]:
    """The score of each track, and the places in the pool best first."""
    length_s = _floats([track.duration_s for track in pool])
    scores = _scores(wish, pool, length_s)
    back = _at_the_back(pool, length_s)
    reasonable = (scores >= REASONABLE) & ~back
    last_use = _last_uses(pool, used)
    rule = _rules(reasonable, back, _same_artist(pool, used), last_use, len(used.tracks))
    liked = np.array([track.is_liked for track in pool])
    steps = -np.floor(scores / _STEP) - _LIKED_STEPS * liked
    recency = np.maximum(last_use, 0)
    ties = np.array([tie(track) for track in pool], dtype=np.float64)
    order = np.lexsort((ties, steps, recency, rule)).tolist()
    return scores, _settle(order, pool, np.column_stack((rule, recency, steps, ties)))


def _scores(wish: Wish, pool: Sequence[Track], length_s: _Floats) -> _Floats:
    intent = wish.intent
    parts = (
        tempo_scores(_floats([track.bpm for track in pool]), intent),
        _genre_scores([track.genre for track in pool], intent.energy),
        _length_scores(length_s, wish),
    )
    total = sum((weight * part for weight, part in zip(_WEIGHTS, parts, strict=True)), np.zeros(len(pool)))
    return np.asarray(total / sum(_WEIGHTS))


def _at_the_back(pool: Sequence[Track], length_s: _Floats) -> NDArray[np.bool_]:
    """What is no song: jingles, whole mixes, talk."""
    spoken = {genre: is_spoken(genre) for genre in {track.genre for track in pool}}
    talk = np.array([spoken[track.genre] for track in pool])
    return np.asarray((length_s < SHORTEST_S) | (length_s > LONGEST_S) | talk)


def _rules(
    reasonable: NDArray[np.bool_],
    back: NDArray[np.bool_],
    same_artist: NDArray[np.bool_],
    last_use: NDArray[np.int64],
    plays: int,
) -> NDArray[np.int64]:
    """The class of each track; a lower one comes first, whatever the scores.

    Unplayed: 0 fits, 1 fits but repeats the artist, 2 does not fit, 3 neither, 4 and 5 no song. Played: 6 more, and
    the very last one of all at the end.
    """
    rule = np.where(back, 4, np.where(reasonable, 0, 2)) + same_artist
    rule = rule + np.where(last_use >= 0, 6, 0)
    return np.where((last_use >= 0) & (last_use == plays - 1), 12, rule)


def _last_uses(pool: Sequence[Track], used: Used) -> NDArray[np.int64]:
    """When each track was played last, counted from the start of the session; -1 for never."""
    if not used.tracks:
        return np.full(len(pool), -1, dtype=np.int64)
    last = {path: index for index, path in enumerate(used.tracks)}
    return np.array([last.get(track.path, -1) for track in pool], dtype=np.int64)


def _same_artist(pool: Sequence[Track], used: Used) -> NDArray[np.bool_]:
    """Which tracks are by the artist of the last one; files without an artist are by nobody."""
    before = artist_key(_last_artist(pool, used))
    if not before:
        return np.zeros(len(pool), dtype=np.bool_)
    return np.array([artist_key(track.artist) == before for track in pool])


def _last_artist(pool: Sequence[Track], used: Used) -> str:
    if used.artists or not used.tracks:
        return used.artists[-1] if used.artists else ""
    return next((track.artist for track in pool if track.path == used.tracks[-1]), "")


@lru_cache(maxsize=20_000)
def artist_key(artist: str) -> str:
    """The artist without guests, for comparing: "A feat. B" and "a ft. C" are the same."""
    name = " ".join(artist.casefold().split())
    for mark in (" feat", " ft.", " ft ", " featuring "):
        name = name.split(mark, 1)[0]
    return name


def _settle(order: list[int], pool: Sequence[Track], keys: NDArray[np.float64]) -> list[int]:
    """Orders tracks that are equal in everything by path, so that the order of the pool never shows."""
    ordered = keys[order]
    differs = np.any(ordered[1:] != ordered[:-1], axis=1)
    if differs.all():
        return order
    bounds = [0, *(np.flatnonzero(differs) + 1).tolist(), len(order)]
    runs = (sorted(order[first:end], key=lambda i: str(pool[i].path)) for first, end in pairwise(bounds))
    return list(chain.from_iterable(runs))


def _tempo_reason(bpm: Bpm | None, wish: Wish) -> str:
    intent = wish.intent
    band = f"{wish.kind.value} {intent.low_bpm:.0f}–{intent.high_bpm:.0f}"
    if bpm is None:
        return f"tempo not known for {band}"
    octave = _octave(bpm, intent)
    heard = "" if octave == 1 else f" (as {bpm * octave:.0f})"
    verdict = "for" if intent.low_bpm <= bpm * octave <= intent.high_bpm else "near" if _is_near(bpm, intent) else "not"
    return f"{bpm:.0f} BPM{heard} {verdict} {band}"


def _octave(bpm: Bpm, intent: Intent) -> float:
    """The factor under which the tempo fits best."""
    if not intent.octave_free:
        return 1.0
    return max((1.0, 2.0, 0.5), key=lambda factor: float(_own_octave(np.array([bpm * factor]), intent)[0]))


def _is_near(bpm: Bpm, intent: Intent) -> bool:
    return float(tempo_scores(np.array([bpm]), intent)[0]) >= UNKNOWN_TEMPO


def _length_reason(track: Track, wish: Wish) -> str:
    genre = f"{'; liked' if track.is_liked else ''}{f'; {track.genre}' if track.genre else ''}"
    if track.duration_s is not None and not SHORTEST_S <= track.duration_s <= LONGEST_S:
        return f"{genre}; {'very short' if track.duration_s < SHORTEST_S else 'very long'}"
    if track.duration_s is not None and wish.duration_s is not None and track.duration_s < wish.duration_s:
        return f"{genre}; shorter than the phase"
    return genre

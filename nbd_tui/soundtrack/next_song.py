"""The best song for one place after what was played already: rules first, then the scores of the planner. Pure.

A song not played yet comes before every played one, then the artist changes where a reasonable song by another one is
left, then what is no song (jingles, mixes, talk) comes last. Once everything has been played, it comes again, least
recently played first.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from nbd_tui.soundtrack.fit import Fits
from nbd_tui.soundtrack.songs import Catalogue, Flags, Floats, Ints
from nbd_tui.soundtrack.wants import Want

REASONABLE: Final = 0.4
"""From this fit on, a song may be taken to keep the artist from playing twice in a row."""
PLAYED: Final = 6
"""The class of a song that was played; those of unplayed ones are lower."""
_LAST: Final = 12


class Ranked(NamedTuple):
    """A song and how good a choice it is."""

    number: int
    """In the catalogue."""
    rule: int
    """The class it is in: 0 fits, 1 fits but repeats the artist, 2 and 3 the same where it does not fit, 4 and 5 where
    it is no song; 6 more where it was played, 12 where it was the last one."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a session has played or planned before a choice."""

    last_use: Ints
    """Of each song of the catalogue, counted from the start; -1 for never."""
    count: int
    """How many there were."""
    artist: int = -1
    """Of the last one, by the catalogue's number; -1 for nobody."""


def next_song(
    want: Want, catalogue: Catalogue, fits: Fits, taste: Floats, allowed: Flags, played: Played
) -> Ranked | None:
    """The best one.

    Args:
        want: the place.
        catalogue: to choose from.
        fits: of this catalogue.
        taste: what speaks for each song everywhere.
        allowed: which may be chosen at all.
        played: what came before.
    """
    open_to = np.flatnonzero(allowed & (taste > -np.inf))
    if not len(open_to):
        return None
    rules = _rules(want, catalogue, fits, played)[open_to]
    rule = int(rules.min())
    best = open_to[rules == rule]
    oldest = played.last_use[best]
    best = best[oldest == oldest.min()]
    scores = fits.of(want)[best] + taste[best]
    return Ranked(int(best[np.argmax(scores)]), rule)


def _rules(want: Want, catalogue: Catalogue, fits: Fits, played: Played) -> Ints:
    reasonable = fits.plain(want) >= REASONABLE
    same_artist = (catalogue.artist == played.artist) & (played.artist >= 0)
    rules = np.where(fits.no_song, 4, np.where(reasonable, 0, 2)) + same_artist
    rules = rules + np.where(played.last_use >= 0, PLAYED, 0)
    return np.where((played.last_use >= 0) & (played.last_use == played.count - 1), _LAST, rules)

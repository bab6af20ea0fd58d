"""A plan in words: why a track is where it is, and what of the wishes could not be had. Pure.

Text of titles and artists comes from files and is not used here; numbers and kinds of phase are all there is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nbd_tui.model.opinion import Opinion
from nbd_tui.model.speed import AS_RECORDED, Speed
from nbd_tui.model.units import Bpm, Seconds
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.intent import Intent
from nbd_tui.soundtrack.landing import Landing, On
from nbd_tui.soundtrack.plan import Soundtrack
from nbd_tui.soundtrack.songs import Catalogue, Song
from nbd_tui.soundtrack.tempo_scores import tempo_scores
from nbd_tui.soundtrack.wants import Want
from nbd_tui.workout.phase import PhaseKind

FEW: Final = 5
"""Fewer tracks than this in a band are worth a warning."""
_NEAR: Final = 0.5
"""The tempo score from which on a track outside the band is near it."""


def why(slot: Slot, want: Want) -> str:
    """Why this track plays here, as "138 BPM for work 125–142; energy 82, wanted 85; its drop lands on the bell"."""
    is_wind = want.is_second_wind and slot.bell_segment is None
    return reason(slot.song, want, slot.landing, slot.speed, is_wind=is_wind)


def reason(
    song: Song, want: Want, landing: Landing | None, speed: Speed = AS_RECORDED, *, is_wind: bool = False
) -> str:
    """The same of a song in a place.

    Args:
        song: that plays.
        want: the place.
        landing: what of the song falls on the bell, or begins the second wind.
        speed: at which it is played.
        is_wind: it is the second wind, without a bell.
    """
    liked = "you like it" if song.opinion is Opinion.LIKED else ""
    chosen = "your choice" if want.pin and (not want.pin.is_track or want.pin.path == song.path) else ""
    words = (chosen, _tempo(song, want, speed), _energy(song, want), _landing(landing, is_wind=is_wind), liked)
    return "; ".join(filter(None, words))


def warnings(soundtrack: Soundtrack, catalogue: Catalogue) -> tuple[str, ...]:
    """What of the wishes could not be had, each in one line, as "work: 3 of 214 tracks fit 125–142"."""
    return (*_thin_bands(soundtrack, catalogue), *_repeats(soundtrack), *_unaligned(soundtrack), *_silences(soundtrack))


def in_band(bpm: Bpm | None, intent: Intent) -> bool:
    """Whether a tempo lies in a band, in another octave where that counts as well."""
    if bpm is None:
        return False
    octaves = (0.5, 1.0, 2.0) if intent.octave_free else (1.0,)
    return any(intent.low_bpm <= bpm * octave <= intent.high_bpm for octave in octaves)


def band_text(want: Want) -> str:
    """A band as `125–142`."""
    return f"{want.intent.low_bpm:.0f}–{want.intent.high_bpm:.0f}"


def clock(time_s: Seconds) -> str:
    """A time as `12:34`."""
    minutes, seconds = divmod(max(0, int(time_s)), 60)
    return f"{minutes}:{seconds:02d}"


def _tempo(song: Song, want: Want, speed: Speed) -> str:
    tempo = song.tempo
    band = f"{want.kind.value} {band_text(want)}"
    if tempo is None or not tempo.is_reliable:
        return f"no steady tempo for {band}"
    bpm = tempo.bpm * speed.factor
    told = f"{tempo.bpm:.0f} BPM" if speed == AS_RECORDED else f"{tempo.bpm:.0f} BPM at {bpm:.0f}"
    if in_band(bpm, want.intent):
        return f"{told} for {band}"
    near = float(tempo_scores(np.array([bpm]), want.intent)[0]) >= _NEAR
    return f"{told}, {'near' if near else 'far from'} {band}"


def _energy(song: Song, want: Want) -> str:
    energy = song.energy
    return "" if energy is None else f"energy {energy * 100:.0f}, wanted {want.energy * 100:.0f}"


def _landing(landing: Landing | None, *, is_wind: bool) -> str:
    if landing is None:
        return ""
    what = "its drop" if landing.on is On.DROP else "a strong downbeat"
    return f"{what} at {clock(landing.at_s)} {'is the second wind' if is_wind else 'lands on the bell'}"


def _thin_bands(soundtrack: Soundtrack, catalogue: Catalogue) -> Iterator[str]:
    told: set[tuple[PhaseKind, str]] = set()
    for want in soundtrack.places:
        key = (want.kind, band_text(want))
        if key in told or not len(catalogue):
            continue
        told.add(key)
        fitting = _count_in_band(catalogue, want.intent)
        if fitting < FEW:
            yield f"{want.kind.value}: {fitting} of {len(catalogue):,} tracks fit {band_text(want)}"


def _count_in_band(catalogue: Catalogue, intent: Intent) -> int:
    octaves = (0.5, 1.0, 2.0) if intent.octave_free else (1.0,)
    fits = np.zeros(len(catalogue), np.bool_)
    for octave in octaves:
        fits |= (catalogue.bpm * octave >= intent.low_bpm) & (catalogue.bpm * octave <= intent.high_bpm)
    return int(np.count_nonzero(fits & ~catalogue.banned))


def _repeats(soundtrack: Soundtrack) -> Iterator[str]:
    counts = Counter(slot.song.path for slot in soundtrack.slots)
    again = sum(count - 1 for count in counts.values())
    if again:
        yield f"{again} {'place repeats' if again == 1 else 'places repeat'} a track: the library has no more that fit"


def _unaligned(soundtrack: Soundtrack) -> Iterator[str]:
    bells = [want for want in soundtrack.places if want.bell_s is not None and want.bell_segment is not None]
    landed = {slot.bell_segment for slot in soundtrack.slots if slot.landing and slot.landing.on is On.DROP}
    missing = [number for number, want in enumerate(bells, 1) if want.bell_segment not in landed]
    if missing and len(missing) < len(bells):
        yield f"{_rounds(missing)}: no track with a drop left; a strong downbeat instead"
    elif missing:
        yield "no round begins with a drop: none of the tracks that fit has one"


def _rounds(numbers: Sequence[int]) -> str:
    return f"{'round' if len(numbers) == 1 else 'rounds'} {', '.join(map(str, numbers))}"


def _silences(soundtrack: Soundtrack) -> Iterator[str]:
    for silence in soundtrack.silences:
        yield f"no music from {clock(silence.start_s)} to {clock(silence.end_s)}: {silence.reason}"

"""As much of Standard MIDI Files as tells tempo and notes."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nbd_tui.model.units import Seconds
from tests.accuracy.generator.truth import Times

_FIRST_TEMPO_US = 500_000
_DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}


@dataclass(frozen=True, slots=True, eq=False)
class MidiSong:
    """Tempo map and notes."""

    ticks_per_beat: int
    tempi: tuple[tuple[int, int], ...]
    """(tick, microseconds per beat), in order; the first at tick 0."""
    note_ticks: tuple[int, ...]
    """When a note begins, in any track."""
    last_tick: int

    def seconds_of(self, ticks: Times) -> Times:
        """Seconds from the start of the file."""
        starts = np.array([tick for tick, _ in self.tempi], float)
        tick_s = np.array([us for _, us in self.tempi]) / 1e6 / self.ticks_per_beat
        at_s = np.concatenate(([0.0], np.cumsum(np.diff(starts) * tick_s[:-1])))
        place = np.clip(np.searchsorted(starts, ticks, "right") - 1, 0, None)
        seconds: Times = at_s[place] + (ticks - starts[place]) * tick_s[place]
        return seconds

    def beats_until(self, end_s: Seconds) -> Times:
        """Every beat of the tempo map up to a moment."""
        slowest_s = max(us for _, us in self.tempi) / 1e6
        fastest_s = min(us for _, us in self.tempi) / 1e6
        count = int(end_s / min(fastest_s, slowest_s)) + 2
        beats_s = self.seconds_of(np.arange(count, dtype=float) * self.ticks_per_beat)
        return beats_s[beats_s <= end_s]


def read_midi(data: bytes) -> MidiSong:
    """Reads a file.

    Raises:
        ValueError: it is no MIDI file with a tempo in beats.
    """
    if data[:4] != b"MThd" or len(data) < 14:
        raise ValueError("not a MIDI file")
    length, _, _, division = struct.unpack(">IHHH", data[4:14])
    if division & 0x8000 or not division:
        raise ValueError("a MIDI file in film frames has no beats")
    tempi: dict[int, int] = {0: _FIRST_TEMPO_US}
    notes: list[int] = []
    last = 0
    for chunk in _tracks(data[8 + length :]):
        for tick, status, payload in _events(chunk):
            last = max(last, tick)
            if status == 0x51:
                tempi[tick] = int.from_bytes(payload, "big")
            elif status >> 4 == 0x9 and payload[1]:
                notes.append(tick)
    return MidiSong(division, tuple(sorted(tempi.items())), tuple(sorted(notes)), last)


def _tracks(data: bytes) -> Iterator[bytes]:
    while len(data) >= 8:
        length = int.from_bytes(data[4:8], "big")
        if data[:4] == b"MTrk":
            yield data[8 : 8 + length]
        data = data[8 + length :]


def _events(chunk: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(tick, status or kind of meta event, payload)."""
    place, tick, status = 0, 0, 0
    while place < len(chunk):
        delta, place = _number(chunk, place)
        tick += delta
        if chunk[place] & 0x80:
            status, place = chunk[place], place + 1
        if status < 0xF0:
            size, kind = _DATA_BYTES[status >> 4], status
        else:
            kind = chunk[place] if status == 0xFF else status
            size, place = _number(chunk, place + (status == 0xFF))
        yield tick, kind, chunk[place : place + size]
        place += size


def _number(chunk: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value = 0
    while chunk[place] & 0x80:
        value, place = value << 7 | chunk[place] & 0x7F, place + 1
    return value << 7 | chunk[place], place + 1

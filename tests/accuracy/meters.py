"""Loudness and true peak on the test signals of EBU Tech 3341, and what listening costs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.accuracy.listeners import ours
from tests.bench.analysis import listening_cpu, listening_memory
from tests.bench.figures import Figure, MissingPartError, say
from tests.bench.place import Place
from tests.unit.library.analysis.signals import sine, stereo, tones

_LEVELS = (
    ([(-23.0, 20.0)], -23.0),
    ([(-33.0, 20.0)], -33.0),
    ([(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)], -23.0),
    ([(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
    ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
)
"""Signals 1 to 5: (dBFS, seconds) one after another, and LUFS."""
_RATE = 44_100
_PEAKS = ((4, 0.0, 0.5), (4, 45.0, 0.5), (6, 60.0, 0.5), (8, 67.5, 0.5), (4, 45.0, 1.41))
"""Signals 15 to 19: part of the rate, phase in degrees, peak."""


def meter_figures() -> list[Figure]:
    """The largest errors of the two meters, heard through the whole analysis."""
    loudness = [abs((ours(tones(*parts)).lufs or 0.0) - lufs) for parts, lufs in _LEVELS]
    peaks = [abs(_true_peak(*signal) - 20 * np.log10(signal[2])) for signal in _PEAKS]
    return [
        Figure("LUFS on EBU Tech 3341: error", max(loudness), "LU", most=0.1, note=f"largest of {len(loudness)}"),
        Figure("true peak on EBU Tech 3341: error", float(max(peaks)), "dB", most=0.3, note=f"largest of {len(peaks)}"),
    ]


def _true_peak(part: int, degrees: float, peak: float) -> float:
    fade = np.interp(np.arange(2 * _RATE), [0, _RATE / 10, 1.9 * _RATE, 2 * _RATE], [0, 1, 1, 0])
    return ours(stereo(fade * sine(_RATE / part, 2.0, peak, degrees))).true_peak_db or 0.0


def cost_figures(*, is_quick: bool) -> Iterator[Figure]:
    """Processor time against the decoding alone, and the memory of a process that listens to ten minutes."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), is_quick, 0.0)
        for measure in (listening_cpu, listening_memory):
            try:
                yield from measure(place)
            except MissingPartError as error:
                say(f"{measure.__name__}: {error}")

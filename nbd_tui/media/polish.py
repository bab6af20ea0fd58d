"""Makes speech fit to be heard over rock: trimmed, its consonants brought forward, its level even.

The same for the clips that are shipped and for labels that a speech engine has said.
"""

import wave
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nbd_tui.errors import DecodeError
from nbd_tui.model.units import Decibels, Seconds, to_gain

Mono: TypeAlias = NDArray[np.float64]

PRESENCE_DB: Final[Decibels] = 15.0
"""What lies above `PRESENCE_HZ` is raised by so much: where guitars leave room, and consonants are."""
PRESENCE_HZ: Final = 1_500.0
RUMBLE_HZ: Final = 300.0
EVENING: Final = 0.4
"""How far quiet parts are brought up to loud ones: 0 not at all, 1 all the way."""
EVEN_OVER_S: Final[Seconds] = 0.03
LEAST_LEVEL: Final = 0.03
"""Of the loudest part; what is quieter is not brought up further than that."""
LEVEL_DB: Final[Decibels] = -15.0
"""RMS of what is said, pauses left out: as loud as the strokes of the bells."""
PEAK_DB: Final[Decibels] = -1.5
STEP_S: Final[Seconds] = 0.01
SILENCE_DB: Final[Decibels] = -30.0
"""Of the loudest 10 ms: what is quieter before and after the words is cut off."""
PRE_S: Final[Seconds] = 0.004
POST_S: Final[Seconds] = 0.015


def polished(speech: Mono, rate: int) -> Mono:
    """Speech with silence around it as a clip: it begins within milliseconds, even in level, peaks below `PEAK_DB`.

    Raises:
        DecodeError: there is nothing to be heard in it.
    """
    if not len(speech) or float(np.abs(speech).max()) < 1e-3:
        raise DecodeError("nothing is said in it")
    even = _evened(_brightened(speech, rate), rate)
    return _rounded_off(_levelled(_trimmed(even, rate), rate), rate)


def write_clip(file: Path, speech: Mono, rate: int) -> None:
    """Writes a clip, 16 bits, mono.

    Raises:
        OSError: it cannot be written.
    """
    with wave.open(str(file), "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", "not compressed"))
        writer.writeframes(np.clip(np.rint(speech * 32767), -32768, 32767).astype("<i2").tobytes())


def spoken_level(speech: Mono, rate: int) -> float:
    """RMS of what is within 20 dB of its loudest 10 ms."""
    levels = _levels(speech, rate)
    return float(np.sqrt(np.mean(levels[levels >= 0.1 * levels.max()] ** 2)))


def _levels(speech: Mono, rate: int) -> Mono:
    """RMS of each 10 ms."""
    step = max(1, round(STEP_S * rate))
    padded = np.concatenate((speech, np.zeros(-len(speech) % step)))
    level: Mono = np.sqrt(np.mean(padded.reshape(-1, step) ** 2, axis=1))
    return level


def _brightened(speech: Mono, rate: int) -> Mono:
    """Without rumble and with more presence; linear phase, half a second of silence around it."""
    padded = np.concatenate((np.zeros(rate // 2), speech, np.zeros(rate // 2)))
    hertz = np.maximum(np.fft.rfftfreq(len(padded), 1 / rate), 1.0)
    no_rumble = 1 / (1 + (RUMBLE_HZ / hertz) ** 4)
    presence = to_gain(PRESENCE_DB) ** (1 / (1 + (PRESENCE_HZ / hertz) ** 2))
    out: Mono = np.fft.irfft(np.fft.rfft(padded) * no_rumble * presence, len(padded))
    return out


def _evened(speech: Mono, rate: int) -> Mono:
    window = np.hanning(max(3, round(EVEN_OVER_S * rate)))
    power = np.convolve(speech**2, window / window.sum(), "same")
    level = np.sqrt(np.maximum(power, 0.0))
    out: Mono = speech * np.maximum(level / level.max(), LEAST_LEVEL) ** -EVENING
    return out


def _trimmed(speech: Mono, rate: int) -> Mono:
    levels = _levels(speech, rate)
    loud = np.flatnonzero(levels >= levels.max() * to_gain(SILENCE_DB))
    step = max(1, round(STEP_S * rate))
    first = _onset(speech, loud[0] * step, rate)
    return speech[first : (loud[-1] + 1) * step + round(POST_S * rate)]


def _onset(speech: Mono, around: int, rate: int) -> int:
    """A few milliseconds before the first sample that is to be heard."""
    threshold = float(np.abs(speech).max()) * to_gain(SILENCE_DB)
    found = np.flatnonzero(np.abs(speech[around:]) >= threshold)
    return max(0, around + (int(found[0]) if len(found) else 0) - round(PRE_S * rate))


def _levelled(speech: Mono, rate: int) -> Mono:
    """At `LEVEL_DB`, with the tops of the waves rounded off below `PEAK_DB`."""
    peak = to_gain(PEAK_DB)
    out = speech * (to_gain(LEVEL_DB) / spoken_level(speech, rate))
    knee = 0.6 * peak
    over = np.maximum(np.abs(out) - knee, 0.0)
    soft = knee + (peak - knee) * np.tanh(over / (peak - knee))
    limited: Mono = np.where(over > 0.0, np.sign(out) * soft, out)
    return limited


def _rounded_off(speech: Mono, rate: int) -> Mono:
    """Faded in over 2 ms and out over 20, so that it begins and ends without a click."""
    out = speech.copy()
    rise, fall = min(len(out), rate // 500), min(len(out), rate // 50)
    out[:rise] *= np.linspace(0.0, 1.0, rise)
    out[len(out) - fall :] *= np.linspace(1.0, 0.0, fall)
    return out

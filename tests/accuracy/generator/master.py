"""What happens to a mix before it is a file: compression, clipping, level, channels, coding."""

import io

import numpy as np

from nbd_tui.audio.source import Samples
from nbd_tui.model.units import RATE
from tests.accuracy.generator.canvas import gain_of
from tests.accuracy.generator.truth import Mono

_ENVELOPE_STEP = 441


def mastered(samples: Samples, rng: np.random.Generator) -> tuple[Samples, str]:
    """A master by chance: and what it is."""
    way = str(rng.choice(["plain", "loud", "louder", "quiet", "mono", "mp3"], p=[0.38, 0.26, 0.12, 0.09, 0.09, 0.06]))
    level = np.float32(0.7 / (np.percentile(np.abs(samples[::7]), 99.9) + 1e-9))
    samples = samples * level
    if rng.random() < 0.5:
        samples = compressed(samples, float(rng.uniform(1.5, 3.0)))
    if way in {"loud", "louder"}:
        samples = np.tanh(samples * np.float32(2.0 if way == "loud" else 4.5)) * np.float32(0.99)
    elif way == "quiet":
        samples = samples * np.float32(gain_of(float(rng.uniform(-30, -15))))
    elif way == "mono":
        samples = np.repeat(samples.mean(axis=1, keepdims=True, dtype=np.float32), 2, axis=1)
    samples = samples.clip(-1, 1).astype(np.float32)
    return (coded_mp3(samples, rng) if way == "mp3" else samples), way


def compressed(samples: Samples, ratio: float) -> Samples:
    """A bus compressor: what is loud over a fifth of a second is turned down."""
    power = np.add.reduceat(np.square(samples).sum(axis=1), np.arange(0, len(samples), _ENVELOPE_STEP)) / _ENVELOPE_STEP
    level_db = 10 * np.log10(np.convolve(power, np.ones(20) / 20, "same") + 1e-8)
    over_db = np.maximum(level_db - np.percentile(level_db, 30), 0)
    gain = 10 ** (-over_db * (1 - 1 / ratio) / 20)
    places = np.arange(len(samples), dtype=np.float32) / _ENVELOPE_STEP
    curve: Mono = np.interp(places, np.arange(len(gain)), gain).astype(np.float32)
    result = samples * curve[:, None]
    return result * np.float32(0.7 / (np.percentile(np.abs(result[::7]), 99.9) + 1e-9))


def coded_mp3(samples: Samples, rng: np.random.Generator) -> Samples:
    """Through an mp3 encoder and back, laid over the original so that the truth still holds."""
    import soundfile

    file = io.BytesIO()
    level = float(rng.choice([0.3, 0.6, 0.9]))
    soundfile.write(file, samples, RATE, format="MP3", subtype="MPEG_LAYER_III", compression_level=level)
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32", always_2d=True)
    shift = _delay(samples[:, 0], decoded[:, 0])
    decoded = decoded[max(0, shift) :]
    result = np.zeros_like(samples)
    length = min(len(result), len(decoded))
    result[:length] = decoded[:length].clip(-1, 1)
    return result


def _delay(original: Mono, copy: Mono) -> int:
    """Frames by which the copy is late; found in the loudest ten seconds."""
    span = 10 * RATE
    start = (
        int(np.argmax(np.add.reduceat(np.square(original), np.arange(0, max(1, len(original) - span), span)))) * span
    )
    size = 1 << (2 * span - 1).bit_length()
    product = np.fft.rfft(copy[start : start + span], size) * np.conj(np.fft.rfft(original[start : start + span], size))
    correlation = np.fft.irfft(product, size)
    return int(np.argmax(correlation[:8192]))

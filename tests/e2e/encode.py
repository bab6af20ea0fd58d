"""Music files of every format for the ears: written by libsndfile, AAC by libVLC, nothing by the program."""

import threading
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from tests.e2e.hearing import RATE, Signal

OPUS_RATE: Final = 48_000
_PIECE: Final = 65_536
"""Frames written at a time: libsndfile's Vorbis encoder overflows the stack on one large piece."""

_SOUNDFILE: Final = {
    "wav": {"format": "WAV", "subtype": "PCM_16"},
    "flac": {"format": "FLAC", "subtype": "PCM_16"},
    "ogg": {"format": "OGG", "subtype": "VORBIS"},
    "opus": {"format": "OGG", "subtype": "OPUS"},
    "mp3": {"format": "MP3", "subtype": "MPEG_LAYER_III"},
}


def write(path: Path, samples: Signal, *, variable: bool = False) -> Path:
    """Writes mono samples as stereo, in the format of the name's ending.

    Args:
        path: ending in wav, flac, ogg, opus, mp3 or m4a.
        samples: at `RATE`.
        variable: an mp3 with a variable bit rate.
    """
    ending = path.suffix.removeprefix(".")
    if ending == "m4a":
        return _write_m4a(path, samples)
    more: dict[str, Any] = dict(_SOUNDFILE[ending])
    if ending == "mp3":
        more |= {"bitrate_mode": "VARIABLE" if variable else "CONSTANT", "compression_level": 0.5}
    rate = OPUS_RATE if ending == "opus" else RATE
    stereo = np.repeat(resampled(samples, rate)[:, None], 2, axis=1).astype(np.float32)
    with soundfile.SoundFile(path, "w", rate, 2, **more) as file:
        for start in range(0, len(stereo), _PIECE):
            file.write(stereo[start : start + _PIECE])
    return path


def resampled(samples: Signal, rate: int) -> Signal:
    """The same sound at another rate; exact for what repeats nowhere near its ends."""
    if rate == RATE:
        return samples
    length = round(len(samples) * rate / RATE)
    spectrum = np.fft.rfft(samples)
    wider = np.zeros(length // 2 + 1, dtype=complex)
    wider[: min(len(spectrum), len(wider))] = spectrum[: len(wider)]
    return np.asarray(np.fft.irfft(wider, length) * length / len(samples))


def drop_first_frame(path: Path) -> None:
    """Takes the frame out of an mp3 that tells its length, its seek points and the encoder's delay."""
    data = path.read_bytes()
    assert data[:3] != b"ID3"
    following = data.find(data[:2], 4)
    assert b"Xing" in data[:following] or b"Info" in data[:following]
    path.write_bytes(data[following:])


def _write_m4a(path: Path, samples: Signal) -> Path:
    """AAC in MP4."""
    import vlc

    source = write(path.with_suffix(".wav"), samples)
    instance = vlc.Instance("--quiet")
    media = instance.media_new_path(str(source))
    media.add_option(f":sout=#transcode{{acodec=mp4a,ab=128,channels=2}}:std{{access=file,mux=mp4,dst='{path}'}}")
    player, over = instance.media_player_new(), threading.Event()
    player.set_media(media)
    for kind in (vlc.EventType.MediaPlayerEndReached, vlc.EventType.MediaPlayerEncounteredError):
        player.event_manager().event_attach(kind, lambda _: over.set())
    player.play()
    assert over.wait(60), "libVLC did not come to an end"
    player.stop()
    for part in (player, media, instance):
        part.release()
    source.unlink()
    assert path.stat().st_size > 0
    return path

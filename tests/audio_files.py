"""Small audio files of every format, made by the tests that need them.

WAV comes from here, FLAC, MP3, Ogg Vorbis, Opus and AIFF from libsndfile (`soundfile`), AAC from libVLC.
"""

import struct
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from nbd_tui.audio.source import Samples
from nbd_tui.media import libvlc
from nbd_tui.media.sniff import id3_length

_PIECE = 65_536


def noise(seconds: float, rate: int = 44_100, *, seed: int = 1, level: float = 0.1) -> Samples:
    """Stereo noise: every place in it is unlike every other."""
    rng = np.random.default_rng(seed)
    samples: Samples = (rng.standard_normal((round(seconds * rate), 2)) * level).clip(-1, 1).astype(np.float32)
    return samples


def music(seconds: float, rate: int = 44_100, *, seed: int = 1) -> Samples:
    """A tone that swells over low noise, with quiet seconds in it: makes encoders with a variable bit rate vary it."""
    time = np.arange(round(seconds * rate)) / rate
    tone = 0.2 * np.sin(2 * np.pi * 220 * time) * (1 + np.sin(2 * np.pi * 0.3 * time))
    loudness = np.where(time % 7 < 2, 0.001, 1.0)
    samples = (tone[:, None] + noise(seconds, rate, seed=seed, level=0.05)) * loudness[:, None]
    return np.asarray(samples, np.float32)


def write_wav(path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100, *, kind: str = "PCM_16") -> Path:
    """`kind` is one of libsndfile's subtypes: PCM_U8, PCM_16, PCM_24, PCM_32, FLOAT, DOUBLE."""
    soundfile.write(path, samples, rate, format="WAV", subtype=kind)
    return path


def write_float_wav(path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100) -> Path:
    """A float WAV with exactly these samples, NaN and infinity among them."""
    data = samples.astype("<f4").tobytes()
    channels = samples.shape[1]
    head = struct.pack("<HHIIHH", 3, channels, rate, rate * channels * 4, channels * 4, 32)
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def write_flac(path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100) -> Path:
    """FLAC with 16 bits, without a seek table."""
    return _write(path, samples, rate, "FLAC", "PCM_16")


def write_ogg(path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100) -> Path:
    """Ogg Vorbis."""
    return _write(path, samples, rate, "OGG", "VORBIS")


def write_opus(path: Path, samples: npt.NDArray[np.float32], rate: int = 48_000) -> Path:
    """Ogg Opus; 48, 24, 16, 12 or 8 kHz."""
    return _write(path, samples, rate, "OGG", "OPUS")


def write_aiff(path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100) -> Path:
    """AIFF with 16 bits."""
    return _write(path, samples, rate, "AIFF", "PCM_16")


def write_mp3(
    path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100, *, variable: bool = False, xing: bool = True
) -> Path:
    """MP3 by LAME, constant or variable bit rate; without `xing` the frame that tells length and delay is cut out."""
    mode = "VARIABLE" if variable else "CONSTANT"
    with soundfile.SoundFile(
        path,
        "w",
        rate,
        samples.shape[1],
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode=mode,
        compression_level=0.5,
    ) as file:
        for start in range(0, len(samples), _PIECE):
            file.write(samples[start : start + _PIECE])
    if not xing:
        path.write_bytes(without_first_mp3_frame(path))
    return path


def without_first_mp3_frame(path: Path) -> bytes:
    """The file without its tags and its first frame, which ends where the next header like it begins."""
    with path.open("rb") as file:
        start = id3_length(file)
    data = path.read_bytes()[start:]
    following = data.find(data[:2], 4)
    assert b"Xing" in data[:following] or b"Info" in data[:following]
    return data[following:]


def write_m4a(path: Path, samples: npt.NDArray[np.float32], rate: int = 44_100) -> Path:
    """AAC in MP4, by libVLC.

    Raises:
        OutputError: libVLC is missing.
    """
    wav = write_wav(path.with_suffix(".source.wav"), samples, rate)
    transcode_with_vlc(wav, path, "transcode{acodec=mp4a,ab=128,channels=2}", "mp4")
    wav.unlink()
    return path


def transcode_with_vlc(source: Path, target: Path, chain: str, mux: str) -> None:
    """Has libVLC write `source` to `target` through `chain`."""
    vlc = libvlc.load()
    instance = libvlc.new_instance("--quiet")
    media = instance.media_new_path(str(source))
    media.add_option(f":sout=#{chain}:std{{access=file,mux={mux},dst='{target}'}}")
    player = instance.media_player_new()
    player.set_media(media)
    _play_to_the_end(player, vlc)
    player.release()
    media.release()
    instance.release()
    assert target.stat().st_size > 0


def _play_to_the_end(player: libvlc.VlcInstance, vlc: libvlc.VlcInstance) -> None:

    over = threading.Event()
    for kind in (vlc.EventType.MediaPlayerEndReached, vlc.EventType.MediaPlayerEncounteredError):
        player.event_manager().event_attach(kind, lambda _: over.set())
    player.play()
    assert over.wait(60), "libVLC did not come to an end"
    player.stop()


def _write(path: Path, samples: npt.NDArray[np.float32], rate: int, form: str, kind: str) -> Path:
    """In pieces: libsndfile's Vorbis encoder overflows the stack on one large piece."""
    with soundfile.SoundFile(path, "w", rate, samples.shape[1], format=form, subtype=kind) as file:
        for start in range(0, len(samples), _PIECE):
            file.write(samples[start : start + _PIECE])
    return path

"""A rendered session into a file: WAV by ourselves, everything else by libVLC, block by block as it is rendered."""

import ctypes
import struct
import threading
import wave
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeAlias

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError, OutputError
from nbd_tui.media import libvlc
from nbd_tui.media.decode import open_stream
from nbd_tui.media.output.pcm import to_int16
from nbd_tui.media.transcode import quoted
from nbd_tui.model.units import RATE, Frames, Seconds

FRAME_BYTES: Final = 4
LONGEST_WAV: Final[Frames] = (2**32 - 2**16) // FRAME_BYTES
"""A WAV file says its length in 32 bits: six and three quarter hours."""
STALL_S: Final[Seconds] = 20.0
"""An encoder that takes and writes nothing more for so long has hung."""

_Foreign: TypeAlias = Any
"""A pointer of libVLC's, or an object of python-vlc, which has no types."""


class Encoding(StrEnum):
    """The kinds of file, by their ending."""

    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    OPUS = "opus"
    MP3 = "mp3"


_CHAINS: Final = {
    Encoding.FLAC: ("acodec=flac", "raw"),
    Encoding.OGG: ("acodec=vorb,ab=192", "ogg"),
    Encoding.OPUS: ("acodec=opus,ab=160,samplerate=48000", "ogg"),
    Encoding.MP3: ("acodec=mp3,ab=192", "raw"),
}
"""What libVLC is to do for each: the options of its transcoder, and its muxer."""

_RESAMPLER: Final = "--audio-resampler=speex_resampler,soxr"
_AHEAD_KB: Final = 1024
"""So much libVLC reads ahead: six seconds. Left to choose, it takes a minute and a half."""
_FLAC_LENGTH: Final = 22
"""Where in a FLAC file the lower 32 bits of its number of frames are; the upper four are zero for a day of music."""
_CHUNK: Final[Frames] = 16_384
_LOOK_S: Final[Seconds] = 0.1
_TAIL: Final[Frames] = RATE // 5
"""libVLC drops the last 50 ms or so of what it reads: so much silence is added for it."""


def encode(target: Path, encoding: Encoding, blocks: Iterator[Samples], frames: Frames) -> None:
    """Writes a file.

    Args:
        target: is overwritten.
        encoding: of the file, whatever its name.
        blocks: all samples; taken one after the other, in this thread or (by libVLC) in another.
        frames: how many these are.

    Raises:
        OutputError: there is no libVLC, it lacks the encoder, or it hangs.
        OSError: the file cannot be written.
    """
    if encoding is Encoding.WAV:
        _write_wav(target, blocks)
    else:
        _Encoder(blocks, frames).run(target, encoding)
    if encoding is Encoding.FLAC:
        _tell_length(target)


def _write_wav(target: Path, blocks: Iterator[Samples]) -> None:
    with target.open("wb") as file, wave.open(file, "wb") as writer:
        writer.setparams((2, 2, RATE, 0, "NONE", "not compressed"))
        for block in blocks:
            writer.writeframesraw(to_int16(block).tobytes())


def _tell_length(flac: Path) -> None:
    """Writes its length into a FLAC file (bits 108 to 143 of STREAMINFO), which libVLC leaves open: none could seek."""
    frames = 0
    try:
        with closing(open_stream(flac)) as stream:
            while (chunk := stream.read(_CHUNK)) is not None:
                frames += len(chunk)
    except DecodeError:
        return
    with flac.open("rb+") as file:
        if file.read(4) == b"fLaC" and frames < 2**32:
            file.seek(_FLAC_LENGTH)
            file.write(struct.pack(">I", frames))


class _Encoder:
    """What libVLC reads: a WAV file that is rendered while it is read, in libVLC's own input thread."""

    def __init__(self, blocks: Iterator[Samples], frames: Frames) -> None:
        self._blocks = blocks
        self._ready = bytearray(_wav_header(frames + _TAIL))
        self._silence = bytes(_TAIL * FRAME_BYTES)
        self._total = len(self._ready) + (frames + _TAIL) * FRAME_BYTES
        self._lock = threading.Lock()
        self._reads = 0
        self._closed = False
        self._failure: BaseException | None = None

    def run(self, target: Path, encoding: Encoding) -> None:
        """Encodes all of it.

        Raises:
            OutputError: as `encode`.
        """
        vlc = libvlc.load()
        with closing(_Playing(self._callbacks(vlc), target, encoding)) as playing:
            try:
                self._watch(playing, target)
            finally:
                self._close()
        if self._failure is not None:
            raise self._failure
        if playing.failed or not target.exists() or not target.stat().st_size:
            raise OutputError(f"libVLC cannot write {encoding} files here; {libvlc.hint()}")

    def _watch(self, playing: "_Playing", target: Path) -> None:
        before, idle = (-1, -1), 0
        while not playing.over.wait(_LOOK_S):
            now = (self._reads, target.stat().st_size if target.exists() else 0)
            idle = idle + 1 if now == before else 0
            before = now
            if idle * _LOOK_S > STALL_S:
                raise OutputError("libVLC hung while it encoded")

    def _close(self) -> None:
        """Ends the reading, once the block that is being rendered is done; libVLC may then be stopped."""
        with self._lock:
            self._closed = True

    def _callbacks(self, vlc: _Foreign) -> tuple[_Foreign, ...]:
        """Kept alive by the caller as long as libVLC may call them."""
        kinds = vlc.CallbackDecorators
        return (
            kinds.MediaOpenCb(self._open),
            kinds.MediaReadCb(self._read),
            kinds.MediaCloseCb(lambda _: None),
        )

    def _open(self, _opaque: _Foreign, _data: _Foreign, size: _Foreign) -> int:
        size[0] = self._total
        return 0

    def _read(self, _opaque: _Foreign, buffer: _Foreign, length: int) -> int:
        with self._lock:
            self._reads += 1
            try:
                self._fill(length)
            except BaseException as error:  # noqa: BLE001 (the edge of a foreign thread: `run` raises it)
                self._failure, self._closed = error, True
            if self._closed:
                return 0
            part = bytes(self._ready[:length])
            del self._ready[:length]
        ctypes.memmove(buffer, part, len(part))
        return len(part)

    def _fill(self, length: int) -> None:
        while not self._closed and len(self._ready) < length:
            block = next(self._blocks, None)
            if block is None:
                self._ready += self._silence
                self._silence = b""
                return
            self._ready += to_int16(block).tobytes()


class _Playing:
    """libVLC at work, until it is closed."""

    def __init__(self, callbacks: tuple[_Foreign, ...], target: Path, encoding: Encoding) -> None:
        vlc = libvlc.load()
        codec, mux = _CHAINS[encoding]
        self._callbacks = callbacks
        self._instance = libvlc.new_instance("--quiet", "--no-video", _RESAMPLER)
        opened, read, closed = callbacks
        self._media = self._instance.media_new_callbacks(opened, read, None, closed, None)
        chain = f"transcode{{vcodec=none,scodec=none,channels=2,{codec}}}"
        self._media.add_option(f":sout=#{chain}:std{{access=file,mux={mux},dst={quoted(target)}}}".encode())
        self._media.add_option(":demux=wav")
        self._media.add_option(f":prefetch-buffer-size={_AHEAD_KB}")
        self._media.add_option(":clock-synchro=0")  # else it takes the stream for a live one and bends its times
        self._player = self._instance.media_player_new()
        self._player.set_media(self._media)
        self.over = threading.Event()
        self.failed = False
        events = self._player.event_manager()
        events.event_attach(vlc.EventType.MediaPlayerEndReached, lambda _: self.over.set())
        events.event_attach(vlc.EventType.MediaPlayerEncounteredError, lambda _: self._fail())
        self._player.play()

    def close(self) -> None:
        """Stops it; the file is complete then."""
        self._player.stop()
        self._player.release()
        self._media.release()
        self._instance.release()

    def _fail(self) -> None:
        self.failed = True
        self.over.set()


def _wav_header(frames: Frames) -> bytes:
    """Of 16-bit stereo; a length that does not fit is given as the longest, which libVLC reads past."""
    size = min(frames * FRAME_BYTES, 2**32 - 2**16)
    form = struct.pack("<IHHIIHH", 16, 1, 2, RATE, RATE * FRAME_BYTES, FRAME_BYTES, 16)
    return b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + form + b"data" + struct.pack("<I", size)

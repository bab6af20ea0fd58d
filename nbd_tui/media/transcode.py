"""Files miniaudio cannot read (m4a, opus, wma, aiff, …) turned into a WAV by libVLC.

Only in the probe and analysis workers: libVLC may hang or crash on a file, and neither the app nor the player may.
"""

import math
import os
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from nbd_tui.errors import CircumstanceError, DecodeError, OutputError
from nbd_tui.media import libvlc, opus
from nbd_tui.model.units import RATE, Seconds

LONGEST_S: Seconds = 1.5 * 3600
"""Longer files are refused: their copy (176,400 bytes a second) would not fit into the cache of copies."""

STALL_S: Seconds = 10.0
"""A file of which nothing more comes for so long has hung its decoder."""

_LOOK_S = 0.25
_FRAME_BYTES = 4
_HEADER_BYTES = 44

_FORMAT = f"#transcode{{vcodec=none,scodec=none,acodec=s16l,channels=2,samplerate={RATE}}}"

_RESAMPLER = "--audio-resampler=speex_resampler,soxr"
"""The first of these that is installed. Left to choose, libVLC 3 takes one that repeats samples: images at -33 dB, and
all of Opus is at 48 kHz. soxr comes second because it dithers: no two copies of a file are quite the same."""

_Player: TypeAlias = Any
"""A `vlc.MediaPlayer`."""


def transcoder_version() -> str:
    """Names the decoder: its positions (start offsets of AAC and Opus) hold for this version only.

    Raises:
        CircumstanceError: there is no libVLC.
    """
    _vlc()
    return f"2 libvlc {libvlc.version()}"


def transcode(
    source: Path,
    target: Path,
    *,
    longest_s: Seconds = LONGEST_S,
    stall_s: Seconds = STALL_S,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Decodes the sound of `source` into `target`, a WAV with 16 bits, stereo, at `RATE`. Twice gives the same bytes.

    Args:
        source: any file.
        target: is overwritten.
        longest_s: sound longer than this is refused.
        stall_s: so long nothing may come before libVLC counts as hung.
        progress: called whenever more has been written.

    Raises:
        DecodeError: libVLC does not know the file, or it is too long.
        CircumstanceError: libVLC is missing, or hangs.
        OSError: the disk fails.
    """
    found = opus.look(source)
    with _decodable(source, target, found) as (readable, options):
        with _running(readable, target, options) as (player, finished):
            _watch(target, finished, longest_s, math.ceil(stall_s / _LOOK_S), progress)
            failed = player.get_state() == _vlc().State.Error
        if failed or not _holds_sound(target):
            raise DecodeError("not a sound file that libVLC knows")
        if found is not None:
            opus.cut(target, found)


@contextmanager
def _decodable(source: Path, target: Path, found: opus.OpusFile | None) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """What libVLC is to decode, and options for it: of Opus a copy beside `target`, which is gone afterwards."""
    if found is None:
        yield source, ()
        return
    copy = target.with_name(f"whole-{target.name}")
    try:
        opus.copy_whole(source, copy)
        yield copy, (opus.OPTION,)
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def _running(source: Path, target: Path, options: tuple[str, ...] = ()) -> Iterator[tuple[_Player, threading.Event]]:
    """A player that writes to `target`, and the event that tells its end; stopped and given back afterwards."""
    vlc = _vlc()
    location = source.absolute().as_uri()  # a path would have to be UTF-8
    media = _instance().media_new_location(location)
    media.add_option(os.fsencode(f":sout={_FORMAT}:std{{access=file,mux=wav,dst={quoted(target)}}}"))
    for option in options:
        media.add_option(option)
    player = _instance().media_player_new()
    player.set_media(media)
    finished = threading.Event()
    for kind in (vlc.EventType.MediaPlayerEndReached, vlc.EventType.MediaPlayerEncounteredError):
        player.event_manager().event_attach(kind, lambda _: finished.set())
    try:
        player.play()
        yield player, finished
    finally:
        player.stop()
        player.release()
        media.release()


def _watch(
    target: Path, finished: threading.Event, longest_s: Seconds, patience: int, progress: Callable[[], None]
) -> None:
    """Waits for the end, as long as `target` grows (within `patience` looks) and stays within the limit."""
    largest = longest_s * RATE * _FRAME_BYTES
    before, idle = -1, 0
    while not finished.wait(_LOOK_S):
        size = target.stat().st_size if target.exists() else 0
        idle = idle + 1 if size == before else 0
        before = size
        if not idle:
            progress()
        if size > largest:
            raise DecodeError(f"longer than {longest_s / 3600:g} hours")
        if idle >= patience:
            raise CircumstanceError("libVLC hung on the file")


def _holds_sound(target: Path) -> bool:
    if not target.exists() or target.stat().st_size <= _HEADER_BYTES:
        return False
    try:
        with closing(wave.open(str(target), "rb")) as file:
            return file.getnframes() > 0
    except (wave.Error, EOFError):
        return False


def quoted(path: Path) -> str:
    """`path` as a value in a VLC option chain, where quotes end it and backslashes escape."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    return f'"{escaped}"'


def _vlc() -> ModuleType:
    try:
        return libvlc.load()
    except OutputError as error:
        raise CircumstanceError(f"only libVLC can decode this file; {error}") from error


@cache
def _instance() -> libvlc.VlcInstance:
    """One for the life of the process: starting libVLC takes longer than decoding a song."""
    try:
        return libvlc.new_instance("--quiet", "--no-video", _RESAMPLER)
    except OutputError as error:
        raise CircumstanceError(str(error)) from error

"""The probe's child process: decodes whole files, so that one which kills its decoder kills only this.

Run as `python -m nbd_tui.library.probe_worker CACHE_FOLDER`. Reads one JSON object a line from stdin (`{"path": …}`,
with `steps` and `marks` for a copy at another speed) and answers each with one on stdout; see `child_io`. Ends when
stdin closes, even in mid-file.
"""

import sys
from pathlib import Path

from nbd_tui.errors import CircumstanceError, DecodeError
from nbd_tui.library.child_io import PROGRESS_S, Message, Parent, Progress
from nbd_tui.library.fault import Fault
from nbd_tui.media import libvlc
from nbd_tui.media.decode import Survey, decodes_directly, survey
from nbd_tui.media.pcm_cache import PcmCache
from nbd_tui.media.sniff import codec_of
from nbd_tui.media.transcode import transcode, transcoder_version
from nbd_tui.model.speed import Speed
from nbd_tui.model.units import Frames

_PROGRESS_S = PROGRESS_S


def main() -> None:
    """Answers until stdin closes."""
    parent = Parent(_PROGRESS_S)
    cache = PcmCache(Path(sys.argv[1]))
    while True:
        request = parent.request()
        path = Path(request["path"])
        if "steps" in request:
            parent.send(fit(path, Speed(request["steps"]), tuple(request["marks"]), cache, parent.progress))
        else:
            parent.send(examine(path, cache, parent.progress))


def examine(path: Path, cache: PcmCache, progress: Progress) -> Message:
    """Decodes all of `path`, through the cache where need be; tells what to play, or the reason why nothing can be."""
    try:
        return _found(path, *_decode(path, cache, progress))
    except DecodeError as error:
        return {"path": str(path), **told(error)}


def fit(path: Path, speed: Speed, marks: tuple[Frames, ...], cache: PcmCache, progress: Progress) -> Message:
    """Makes a copy of `path` at another speed, unless there is one; tells as `examine`, of the copy."""
    try:
        copy = _stretched(path, speed, marks, cache, progress)
        return _found(path, copy, survey(copy, progress))
    except DecodeError as error:
        return {"path": str(path), **told(error)}


def _found(path: Path, playable: Path, found: Survey) -> Message:
    return {
        "path": str(path),
        "playable": str(playable),
        "frames": found.frames,
        "peak": found.peak,
        "rms_db": found.rms_db,
    }


def told(error: DecodeError) -> Message:
    """Why a file cannot be decoded, and whose fault that is."""
    fault = Fault.CIRCUMSTANCES if isinstance(error, CircumstanceError) else Fault.FILE
    return {"reason": str(error), "fault": fault}


def require_libvlc(path: Path) -> None:
    """Refuses what only libVLC can read where there is none.

    Raises:
        CircumstanceError: in words short enough for a line of the screen: what to do comes first (`nbd doctor` tells
            all).
    """
    if libvlc.why_not():
        kind = path.suffix.removeprefix(".").lower() or "this kind of file"
        raise CircumstanceError(f"{kind} needs libVLC; {libvlc.hint()}")


def _decode(path: Path, cache: PcmCache, progress: Progress) -> tuple[Path, Survey]:
    """The file that can be played, and what its decode told. libVLC is also asked where our own decoder gives up."""
    if not decodes_directly(codec_of(path)):
        return _through_cache(path, cache, progress)
    try:
        return path, survey(path, progress)
    except CircumstanceError:
        raise
    except DecodeError as error:
        try:
            return _through_cache(path, cache, progress)
        except CircumstanceError:
            raise CircumstanceError(str(error)) from None
        except DecodeError:
            raise error from None


def _stretched(path: Path, speed: Speed, marks: tuple[Frames, ...], cache: PcmCache, progress: Progress) -> Path:
    from nbd_tui.media.stretching import stretch_file, stretcher_version

    direct = decodes_directly(codec_of(path))
    version = f"{stretcher_version()} {'' if direct else transcoder_version()} {speed.steps} {marks}"
    found = cache.find(path, version)
    if found is not None:
        return found
    playable, _ = _decode(path, cache, progress)
    return cache.make(path, version, lambda target: stretch_file(playable, target, speed, marks, progress))


def _through_cache(path: Path, cache: PcmCache, progress: Progress) -> tuple[Path, Survey]:
    require_libvlc(path)
    version = transcoder_version()
    copy = cache.find(path, version)
    if copy is None:
        copy = cache.make(path, version, lambda target: transcode(path, target, progress=progress))
    return copy, survey(copy, progress)


if __name__ == "__main__":
    main()

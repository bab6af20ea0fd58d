"""How much faster than it is heard a session is rendered, by processor time; and what that adds to a bare encoder."""

import time
from collections.abc import Iterator
from pathlib import Path

from nbd_tui.audio.score import CueHit, EnvelopePoint, Levels, Score, SourceRef, VoiceSpan
from nbd_tui.audio.source import Samples
from nbd_tui.media import libvlc
from nbd_tui.media.cue_files import load_cue_set
from nbd_tui.media.encoding import Encoding, encode
from nbd_tui.model.units import RATE, Frames
from nbd_tui.paths import asset
from nbd_tui.session.rendering import Rendering
from tests.bench.figures import Figure, MissingPartError
from tests.bench.place import Place

TRACK: Frames = 40 * RATE
FADE: Frames = 2 * RATE


def to_wav_and_flac(place: Place) -> Iterator[Figure]:
    """All threads together, as on one core."""
    for kind in (Encoding.WAV, Encoding.FLAC):
        if kind is not Encoding.WAV and libvlc.why_not():
            raise MissingPartError("needs libVLC")
        yield _rate(f"render: {kind}", place, kind)


def to_lossy(place: Place) -> Iterator[Figure]:
    """Beside the same samples, rendered before, through the same encoder; by processor time, as on one core."""
    if libvlc.why_not():
        raise MissingPartError("needs libVLC")
    for kind in (Encoding.MP3, Encoding.OPUS, Encoding.OGG):
        rendering = _rendering(place)
        bare_s = _cpu_s(place, kind, iter(list(rendering.blocks())), rendering.frames)
        again = _rendering(place)
        whole_s = _cpu_s(place, kind, again.blocks(), again.frames)
        seconds = again.frames / RATE
        note = f"{seconds / whole_s:.0f} × : {seconds / bare_s:.0f} × real time"
        yield Figure(f"render {kind} : bare encoder", 100 * bare_s / whole_s, "%", least=70.0, note=note)


def _rate(name: str, place: Place, kind: Encoding) -> Figure:
    rendering = _rendering(place)
    began = time.process_time()
    encode(_file(place, kind), kind, rendering.blocks(), rendering.frames)
    rate = rendering.frames / RATE / (time.process_time() - began)
    return Figure(name, rate, "× real time", least=60.0)


def _cpu_s(place: Place, kind: Encoding, blocks: Iterator[Samples], frames: Frames) -> float:
    began = time.process_time()
    encode(_file(place, kind), kind, blocks, frames)
    return time.process_time() - began


def _file(place: Place, kind: Encoding) -> Path:
    return place.scratch / f"rendered.{kind}"


def _rendering(place: Place) -> Rendering:
    """The demo tracks one after the other, faded into each other, and a bell every ten seconds."""
    tracks = sorted(asset("demo").glob("*.ogg"))[: 2 if place.quick else None]
    voices = tuple(_voice(number, file) for number, file in enumerate(tracks))
    length = len(tracks) * TRACK
    bells = tuple(CueHit(str(at), "bell-single", at) for at in range(0, length, 10 * RATE))
    return Rendering(Score(voices=voices, cues=bells), load_cue_set(asset("cues", "sharp")), Levels(), length)


def _voice(number: int, file: Path) -> VoiceSpan:
    start, end = number * TRACK, (number + 1) * TRACK + FADE
    corners = ((start, 0.0), (start + FADE, 1.0), (end - FADE, 1.0), (end, 0.0))
    envelope = tuple(EnvelopePoint(frame, level) for frame, level in corners)
    return VoiceSpan(f"{number}", SourceRef(str(file), 10 * RATE), start, end, envelope)

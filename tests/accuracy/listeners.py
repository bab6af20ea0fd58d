"""Programs to be scored: ours, and any other through an adaptor."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.listen import listen
from nbd_tui.model.hearing import Drop, Hearing, Span
from nbd_tui.model.units import RATE, Frames

Listener: TypeAlias = Callable[[Samples], Hearing]
"""A whole track, float32 (frames, 2), to what was heard."""

_CHUNK: Frames = 8192


def chunks_of(samples: Samples) -> Iterator[Samples]:
    """A track as a decoder would hand it over."""
    for start in range(0, len(samples), _CHUNK):
        yield samples[start : start + _CHUNK]


def ours(samples: Samples) -> Hearing:
    """The program's own analysis."""
    return listen(chunks_of(samples))


def prototype_of(path: Path) -> Listener:
    """The research prototype: a file with `analyse(mono, rate)` that returns a dict."""
    spec = importlib.util.spec_from_file_location("prototype", path)
    if spec is None or spec.loader is None:
        sys.exit(f"cannot read {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def hear(samples: Samples) -> Hearing:
        return _hearing(module.analyse(samples.mean(axis=1), RATE), len(samples))

    return hear


def _hearing(found: dict[str, Any], frames: Frames) -> Hearing:
    drops = tuple(
        Drop(drop["t"], drop["score"], Span(*drop["gap"]) if drop["gap"] else None,
             Span(*drop["build"]) if drop["build"] else None)
        for drop in found["drops"]
    )  # fmt: skip
    steady = found["confidence"] >= 0.25
    return Hearing(
        frames, found["bpm"], found["confidence"], bool(found.get("constant")),
        tuple(found["beats"]), tuple(found["downbeats"]), drops=drops if steady else (),
    )  # fmt: skip

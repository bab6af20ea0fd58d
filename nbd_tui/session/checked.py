"""What a session knows of its files: which the prober was asked for, what it found out, and which are broken."""

import logging
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeAlias

from nbd_tui.library.fault import Fault
from nbd_tui.library.probe import Fitted, ProbeResult, Wanted
from nbd_tui.model.units import RATE, Frames

SHORTEST: Final[Frames] = RATE
"""A file shorter than a second is no music."""
FRAME_BYTES: Final = 4
"""Of a decoded copy: 16 bits, stereo."""

OnFailed: TypeAlias = Callable[[Path, str, bool], None]
"""Told a file, why it cannot be played, and whether that is its own fault."""

log = logging.getLogger(__name__)


class Prober(Protocol):
    """The worker that decodes a file before the player may."""

    def request(self, wanted: Iterable[Wanted], *, front: bool = False) -> None:
        """Asks for files and copies of files, those at the front first."""
        ...

    def results(self) -> Sequence[ProbeResult]:
        """What has been found out since the last call."""
        ...


class News(NamedTuple):
    """What the prober has answered."""

    answered: Collection[Path]
    broken: Collection[Path]
    """Those of the answered that cannot be played."""


class CheckedFiles:
    """The prober as one session sees it. Owned by the conductor's thread."""

    def __init__(self, prober: Prober, on_failed: OnFailed) -> None:
        self._prober = prober
        self._on_failed = on_failed
        self._results: dict[Path, ProbeResult] = {}
        self._asked: dict[Path, bool] = {}
        self._copies: dict[Fitted, ProbeResult | None] = {}
        """At other speeds; None: asked for."""
        self.failed: dict[Path, str] = {}
        """Files that are not played again in this session, and why, in the order of failing."""
        self.halted = ""
        """Why no file can be checked any more; empty while files can be."""

    def ask(self, path: Path, *, front: bool) -> None:
        """Has a file checked, unless it was or will be."""
        if path not in self._results and (path not in self._asked or (front and not self._asked[path])):
            self._asked[path] = front
            self._prober.request([path], front=front)

    def take(self) -> News:
        """Takes in what the prober has found out."""
        answered: set[Path] = set()
        for result in self._prober.results():
            if result.fitted:
                self._take_copy(result.fitted, result)
                answered.add(result.path)
            elif result.fault is Fault.WORKER:
                self._halt(result)
            else:
                self._results[result.path] = result
                answered.add(result.path)
        known = [self._results[path] for path in answered if path in self._results]
        return News(answered, {result.path for result in known if self._refuse(result)})

    def ask_copy(self, wanted: Fitted) -> None:
        """Has a copy at another speed made, once."""
        if wanted not in self._copies and not self.halted:
            self._copies[wanted] = None
            self._prober.request([wanted])

    def copy(self, wanted: Fitted) -> ProbeResult | None:
        """The copy at another speed, if it is there."""
        return self._copies.get(wanted)

    def _take_copy(self, wanted: Fitted, result: ProbeResult) -> None:
        """One that cannot be made is not asked for again: the track plays as it is."""
        if result.playable is None:
            log.info("%s cannot be stretched: %s", result.path, result.reason)
        else:
            self._copies[wanted] = result

    def result(self, path: Path) -> ProbeResult | None:
        """What is known of a file."""
        return self._results.get(path)

    def playable(self, path: Path) -> ProbeResult | None:
        """What is known of a file that the player may have; None for every other."""
        result = self._results.get(path)
        return result if result and result.playable is not None and path not in self.failed else None

    @property
    def all_playable(self) -> Collection[Path]:
        """The files that the player may have."""
        return [path for path in self._results if self.playable(path)]

    @property
    def last_reason(self) -> str:
        """Why the last file failed; empty while none has."""
        return next(reversed(self.failed.values()), "")

    @property
    def nothing_playable(self) -> bool:
        """No file asked for so far can be played."""
        return not any(self.playable(path) for path in self._results)

    def fail(self, path: Path, reason: str, *, own_fault: bool = False) -> None:
        """A file that was playable broke: it is not played again in this session."""
        if path not in self.failed:
            self._fail(path, reason)
            self._on_failed(path, reason, own_fault)

    def file_of(self, source: str) -> Path:
        """The file that plays from `source`, which is itself or its decoded copy."""
        made = (*self._results.values(), *filter(None, self._copies.values()))
        return next((result.path for result in made if str(result.playable) == source), Path(source))

    def forget_copy(self, source: str) -> bool:
        """Whether this is a copy at another speed; it is not used any more, nor made again if it is still there."""
        wanted = next((one for one, made in self._copies.items() if made and str(made.playable) == source), None)
        if wanted is None:
            return False
        if Path(source).exists():
            self._copies[wanted] = None
        else:
            del self._copies[wanted]
        return True

    def forget_lost_copy(self, path: Path) -> bool:
        """Whether the decoded copy of a file has left the cache; then it may be asked for again."""
        result = self._results.get(path)
        if result is None or result.playable in {None, path} or _touch(result.playable):
            return False
        del self._results[path]
        self._asked.pop(path, None)
        return True

    def copy_bytes(self, paths: Iterable[Path]) -> int:
        """The size of the decoded copies of these files, as far as they are known."""
        results = [self._results[path] for path in set(paths) if path in self._results]
        return sum(result.frames * FRAME_BYTES for result in results if result.playable not in {None, result.path})

    def _halt(self, result: ProbeResult) -> None:
        """An answer meant for an earlier session is passed over."""
        if self._asked.pop(result.path, None) is not None:
            self.halted = f"no track can be checked: {result.reason}"

    def _refuse(self, result: ProbeResult) -> bool:
        if result.playable is None:
            reason, own_fault = result.reason, result.fault is Fault.FILE
        elif result.frames < SHORTEST:
            reason, own_fault = "shorter than a second", True
        else:
            return False
        if own_fault:
            self.fail(result.path, reason, own_fault=True)
        else:
            self._fail(result.path, reason)
        return True

    def _fail(self, path: Path, reason: str) -> None:
        log.info("%s cannot be played: %s", path, reason)
        self.failed[path] = reason


def _touch(copy: Path | None) -> bool:
    """Marks a copy as used just now, so that it stays; false when it is gone."""
    try:
        os.utime(copy or "")
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def why_nothing_plays(broken: Mapping[Path, str]) -> str:
    """How many files were tried, and the two commonest reasons why they cannot be played."""
    if len(broken) < 2:
        return "".join(f"no track can be played: {reason}" for reason in broken.values()) or "no music found"
    reasons = ", ".join(reason for reason, _ in Counter(broken.values()).most_common(2))
    return f"none of {len(broken):,} files can be played: {reasons}"

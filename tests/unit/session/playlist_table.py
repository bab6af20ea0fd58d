"""A playlist with all it needs, over a prober that answers when told to."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from nbd_tui.library.fault import Fault
from nbd_tui.library.probe import ProbeResult, Wanted
from nbd_tui.model.track import Track
from nbd_tui.model.units import Seconds, to_frames
from nbd_tui.session.playlist import Playlist
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.wants import wants
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import a_track

ROUNDS: list[dict[str, object]] = [
    {"repeat": 3, "phases": [{"kind": "work", "duration": 60}, {"kind": "rest", "duration": 30}]}
]


PHASES: list[dict[str, object]] = [{"kind": "work", "duration": 180}, {"kind": "rest", "duration": 60}]


class SlowProber:
    """Answers when told to; front requests first, as the real one."""

    def __init__(self) -> None:
        self.waiting: list[Path] = []
        self.asked: list[Path] = []
        self._answers: list[ProbeResult] = []

    def request(self, wanted: Iterable[Wanted], *, front: bool = False) -> None:
        asked = [one if isinstance(one, Path) else one.path for one in wanted]
        self.asked += asked
        others = [path for path in self.waiting if path not in asked]
        self.waiting = [*asked, *others] if front else [*others, *asked]

    def results(self) -> Sequence[ProbeResult]:
        answers, self._answers = self._answers, []
        return answers

    def answer(
        self, path: Path, seconds: Seconds = 100.0, reason: str = "", copy: str = "", fault: Fault = Fault.FILE
    ) -> None:
        self.waiting = [waiting for waiting in self.waiting if waiting != path]
        playable = None if reason else Path(copy) if copy else path
        self._answers.append(ProbeResult(path, playable, to_frames(seconds), 0.5, -14.0, reason, fault))

    def answer_all(self, seconds: Seconds = 100.0, copies: Path | None = None) -> None:
        for path in tuple(self.waiting):
            copy = copies / f"{path.stem}.copy" if copies else None
            if copy:
                copy.touch()
            self.answer(path, seconds, copy=str(copy or ""))


class Table:
    """A playlist with all it needs."""

    def __init__(
        self,
        blocks: list[dict[str, object]],
        tracks: Sequence[Track],
        growing: bool = False,
        pins: Mapping[PhaseKind, Sequence[Track]] | None = None,
    ) -> None:
        segments = compile_timeline(parse_preset({"name": "Test", "blocks": blocks})[0]).segments
        self.stretches = plan_stretches(segments)
        self.pool = Pool(pins, tracks)
        self.pool.growing = growing
        self.prober = SlowProber()
        self.failures: list[tuple[Path, str]] = []
        self.own_faults: list[Path] = []
        self.playlist = Playlist(
            wants(segments, self.stretches),
            self.pool,
            self.prober,
            7,
            self._fail,
        )

    def _fail(self, path: Path, reason: str, own_fault: bool) -> None:
        self.failures.append((path, reason))
        self.own_faults += [path] if own_fault else []

    def settle(self, running: int = 0, seconds: Seconds = 100.0, copies: Path | None = None) -> "Table":
        """Steps until there is nothing left to do, every probe answered at once."""
        for _ in range(500):
            changed = self.playlist.step(running)
            busy = bool(self.prober.waiting)
            self.prober.answer_all(seconds, copies)
            if not changed and not busy:
                return self
        pytest.fail("the playlist does not come to rest")

    def fail_all(self, reason: str, fault: Fault = Fault.FILE, *, steps: int = 60) -> None:
        """Steps on, every file that is asked for being refused."""
        for _ in range(steps):
            self.playlist.step(0)
            for path in tuple(self.prober.waiting):
                self.prober.answer(path, reason=reason, fault=fault)

    def paths(self, index: int) -> list[Path]:
        return [piece.track.path for piece in self.playlist.pieces(index)]

    def all_paths(self) -> list[Path]:
        return [path for index in range(len(self.stretches)) for path in self.paths(index)]


def tracks(count: int, seconds: Seconds = 100.0) -> list[Track]:
    return [a_track(number, seconds) for number in range(count)]

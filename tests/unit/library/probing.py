"""Files for the probe, and its answers."""

from pathlib import Path

from nbd_tui.library.probe import ProbeResult, ProbeWorker
from tests import audio_files

PATIENCE_S = 30.0


def answers(probe: ProbeWorker, count: int) -> list[ProbeResult]:
    found: list[ProbeResult] = []
    while len(found) < count:
        assert probe.wait(PATIENCE_S), f"only {found}"
        found += probe.results()
    return found


def song(folder: Path, name: str) -> Path:
    return audio_files.write_wav(folder / name, audio_files.noise(1.5))

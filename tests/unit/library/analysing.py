"""Files to analyse, and what was made of them."""

from collections.abc import Callable
from pathlib import Path

from nbd_tui.library.analyse import AnalysisReport
from nbd_tui.store.hearings import HearingStore
from tests import audio_files

PATIENCE_S = 60.0


Run = Callable[[], AnalysisReport]


def song(folder: Path, name: str, seed: int = 1, seconds: float = 1.5) -> Path:
    return audio_files.write_wav(folder / name, audio_files.noise(seconds, seed=seed))


def times_heard(log: Path) -> int:
    return log.read_text().split().count("heard")


def problems(store: HearingStore) -> dict[str, str]:
    return {row.path.name: row.problem for row in store.rows()}

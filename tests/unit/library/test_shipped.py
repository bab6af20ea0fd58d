"""What was heard in the demo tracks comes with them."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from nbd_tui.library.analysis import VERSION
from nbd_tui.library.analysis.listen import listen
from nbd_tui.library.hearing_message import as_message
from nbd_tui.library.intake import Intake
from nbd_tui.library.shipped import FILE, shipped_hearings
from nbd_tui.model.sound import Sound

DEMO = Path(__file__).parents[3] / "assets" / "demo"
AGAIN = "python assets/scripts/hear_demo.py writes it anew"
SONGS = sorted(file.name for file in DEMO.glob("*.ogg"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What is shipped of the first two songs."""
    shutil.copy(DEMO / FILE, tmp_path)
    for name in SONGS[:2]:
        shutil.copy(DEMO / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", SONGS)
def test_it_is_what_the_analysis_hears_now(name: str) -> None:
    shipped = shipped_hearings(DEMO)[DEMO / name]
    with closing(Intake(DEMO / name, lambda: None)) as intake:
        heard = listen(intake.chunks())
        assert shipped.sound == Sound(intake.head, intake.frames), AGAIN
    kept, now = as_message(shipped.hearing), as_message(heard)
    for what, value in now.items():
        assert flat(kept[what]) == pytest.approx(flat(value), abs=0.005), f"{what}: {AGAIN}"


def flat(value: object) -> list[float]:
    """All numbers of a value, in order."""
    if isinstance(value, list):
        return [number for one in value for number in flat(one)]
    return [float(value)] if isinstance(value, int | float) else []


def test_it_is_of_this_version_of_the_analysis() -> None:
    assert json.loads((DEMO / FILE).read_text("utf-8"))["version"] == VERSION, AGAIN


def test_of_a_song_that_is_another_by_now_nothing_is_known(copy: Path) -> None:
    assert sorted(shipped_hearings(copy)) == [copy / name for name in SONGS[:2]]
    with (copy / SONGS[0]).open("ab") as song:
        song.write(b"one more")
    assert sorted(shipped_hearings(copy)) == [copy / SONGS[1]]


@pytest.mark.parametrize("damage", ["", "[]", f'{{"tracks": {{"{SONGS[0]}": {{}}}}}}', '{"tracks": 3}', "\udcff"])
def test_a_damaged_file_costs_nothing_but_what_it_says(copy: Path, damage: str) -> None:
    (copy / FILE).write_text(damage, encoding="utf-8", errors="surrogateescape")
    assert shipped_hearings(copy) == {}


def test_other_folders_have_none(tmp_path: Path) -> None:
    assert shipped_hearings(tmp_path) == {}

"""What a studio is given, and what is told of what it cannot be given."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest

from nbd_tui.cli.preset_pins import preset_pins
from nbd_tui.cli.wiring import Program
from nbd_tui.paths import asset
from nbd_tui.session.report import Report
from nbd_tui.store.presets import load_preset_file
from nbd_tui.workout.phase import PhaseKind
from tests.unit.cli.test_listing_and_scan import write_songs
from tests.unit.session.test_collector import wait_until

PRESET = 'name = "Pinned"\n[[blocks]]\nphases = [{ kind = "work", duration = 9 }]\n[music.pins]\n'


@pytest.fixture
def program(config: Path, tmp_path: Path) -> Iterator[Program]:
    write_songs(tmp_path / "heavy", 2, length_s=20)
    (config / "settings.toml").write_text(
        '[audio]\noutput = "silent"\n[screen]\nkeep_awake = false\n'
        f'[music]\npins = {{ work = "{(tmp_path / "heavy").as_posix()}", rest = "calm.m3u" }}\n',
        encoding="utf-8",
    )
    with ExitStack() as stack:
        yield Program(stack, logs=False)


def test_a_pin_of_the_settings_that_leads_nowhere_is_noted_and_the_others_hold(program: Program) -> None:
    studio = program.studio("silent", None, collect_now=False)
    assert program.notices == ("rest pin calm.m3u: there is no such file or folder; other music plays",)
    studio.library.start()
    studio.library._thread.join(30)
    assert len(studio.library.pool.tracks(PhaseKind.WORK)) == 2


@pytest.mark.parametrize(("music", "demo"), [(Path(), False), (None, True)])
def test_pins_that_are_not_asked_for_are_not_missed(program: Program, music: Path | None, demo: bool) -> None:
    program.studio("silent", music, demo=demo, collect_now=False)
    assert program.notices == ()


def test_a_workout_starts_with_a_note_of_all_that_is_missing(program: Program, config: Path) -> None:
    (config / "presets" / "pinned.toml").write_text(PRESET + 'work = "gone"\n', encoding="utf-8")
    (config / "presets" / "broken.mp3").write_bytes(b"")
    (config / "presets" / "unread.toml").write_text(PRESET + 'work = "broken.mp3"\n', encoding="utf-8")
    studio = program.studio("silent", None)
    for name, words in (("pinned", "there is no such file or folder"), ("unread", "none of its files can be read")):
        told: SimpleQueue[Report] = SimpleQueue()
        session = program.begin(studio, load_preset_file(config / "presets" / f"{name}.toml"), told.put)
        reports = iter(partial(told.get, timeout=30), None)
        note = next(report.text for report in reports if report.event == "music" and words in report.text)
        session.close()
        assert f": {words}; other music plays" in note
        assert note.endswith("; rest pin calm.m3u: there is no such file or folder; other music plays")


def test_the_library_is_analysed_except_while_a_workout_runs(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbd_tui.session.ears.LOOK_S", 0.02)
    studio = program.studio("silent", tmp_path / "heavy")
    looks: list[bool] = []

    def may_analyse() -> bool:
        looks.append(studio.busy)
        return True

    desk, ears = program.library(lambda: studio, may_analyse=may_analyse)
    session = program.begin(studio, load_preset_file(asset("presets", "demo.toml")))
    ears.start()
    wait_until(lambda: len(looks) > 5)
    assert [row.is_heard for row in desk.rows()] == [False, False]
    assert all(looks)
    session.close()
    wait_until(lambda: all(row.is_heard for row in desk.rows()))
    wait_until(lambda: studio.library.state == "2 tracks")


def test_a_damaged_database_is_named_by_the_archive_whoever_opens_it_first(program: Program) -> None:
    program.places.database.parent.mkdir(parents=True)
    program.places.database.write_bytes(b"no database" * 1000)
    archive = program.archive()
    assert archive.notice() == ""
    program.database()
    assert archive.rows(5) == ()
    assert "nbd.sqlite was damaged and is now nbd.sqlite.broken-1" in archive.notice()


def test_where_the_preset_says_nothing_the_pins_of_the_settings_hold(config: Path) -> None:
    (config / "settings.toml").write_text(
        '[music]\npins = { work = { album = "Heavy" }, rest = { album = "Calm" } }\n', encoding="utf-8"
    )
    (config / "presets" / "own.toml").write_text(PRESET + 'work = { album = "Own" }\n', encoding="utf-8")
    with ExitStack() as stack:
        fresh = Program(stack, logs=False)
        fresh.collector(None)
        pins = preset_pins(load_preset_file(config / "presets" / "own.toml"), fresh.usual_pins)
    assert {kind: pin.album for kind, pin in pins.wished.kinds.items()} == {
        PhaseKind.WORK: "Own",
        PhaseKind.REST: "Calm",
    }
    assert [pins.tracks.album(kind) for kind in (PhaseKind.WORK, PhaseKind.REST)] == ["Own", "Calm"]


@pytest.mark.parametrize("logs", [True, False])
def test_where_no_log_can_be_written_nothing_gets_to_the_terminal_instead(
    isolated_user_dirs: Path, monkeypatch: pytest.MonkeyPatch, logs: bool
) -> None:
    """A logger of which nobody takes care prints warnings on stderr, which is where the screen is painted."""
    logger = logging.getLogger("nbd_tui")
    monkeypatch.setattr(logger, "handlers", [])
    (isolated_user_dirs / "data").write_bytes(b"no folder")
    with ExitStack() as stack:
        Program(stack, logs=logs)
    assert [type(handler) for handler in logger.handlers] == [logging.NullHandler]

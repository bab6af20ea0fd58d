"""What every test has: a home of its own, one profile of hypothesis, and no silent skip where none is allowed."""

import gc
import os
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""As in the processes that analyse: threads that wait for each other cost more than they save (ten times, on a busy
machine). Before numpy is imported."""

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_finish() -> None:
    """Modules stay until the end: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New folders; `tmp_path` looks through all that there are for a free number, which is slow for thousands."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def isolated_user_dirs(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, presets, data, state and cache under a folder of the test's own; returns it."""
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("NBD_CONFIG_FILE", str(home / "config" / "settings.toml"))
    monkeypatch.setenv("NBD_DATA_DIR", str(home / "data"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)  # no test shows itself on the user's desktop
    return home


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that was skipped."""
    return _refusing_skips((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that was skipped as a whole."""
    return _refusing_skips((yield))


def _refusing_skips(report: Report) -> Report:
    """With NBD_E2E=require, a skip is a failure that tells its reason."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("NBD_E2E") == "require":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"NBD_E2E=require allows no skipped test, and this one was: {reason}"
    return report

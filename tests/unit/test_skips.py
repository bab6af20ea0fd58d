"""Where nothing may be missing (NBD_E2E=require, as in .ci/run), a skipped test fails and tells its reason."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SKIPPED_TEST = "import pytest\n\ndef test_sound():\n    pytest.skip('no sound server')\n"
SKIPPED_MODULE = "import pytest\n\npytest.skip('no tmux', allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail\ndef test_known():\n    assert False\n"


def run(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, e2e: str) -> "subprocess.CompletedProcess[str]":
    (tmp_path / "test_one.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("NBD_E2E", e2e)
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q", "test_one.py"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("text", "reason"), [(SKIPPED_TEST, "no sound server"), (SKIPPED_MODULE, "no tmux")])
def test_a_skip_fails_only_where_none_is_allowed(
    text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = run(text, tmp_path, monkeypatch, "require")
    assert refused.returncode not in (0, 5)
    assert f"this one was: Skipped: {reason}" in refused.stdout
    assert "1 skipped" in run(text, tmp_path, monkeypatch, "").stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(EXPECTED_FAILURE, tmp_path, monkeypatch, "require").returncode == 0

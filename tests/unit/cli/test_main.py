"""The edge of the program: whatever happens, a line says so, and nothing is written where it does not belong."""

import os
import sys
from typing import NoReturn

import pytest

from nbd_tui.__main__ import main
from tests.unit.cli.conftest import Nbd


def test_a_full_disk_is_a_line_and_no_traceback(nbd: Nbd, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> NoReturn:
        raise OSError(28, "No space left on device", "/data/nbd.sqlite")

    monkeypatch.setattr("nbd_tui.cli.listing.list_presets", full)
    told = nbd("presets")
    sys.stdout.close()
    assert (told.code, told.err) == (1, "nbd: /data/nbd.sqlite: no space left on device\n")


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_a_stream_that_is_closed_leads_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `nbd presets >&-`: a file opened next would get what is printed."""
    monkeypatch.setattr(sys, "argv", ["nbd", "--version"])
    monkeypatch.setattr(sys, name, None)
    with pytest.raises(SystemExit) as ended:
        main()
    with getattr(sys, name) as stream:
        assert stream.name == os.devnull
    assert ended.value.code == 0

"""What the tests of sessions share."""

import pytest


@pytest.fixture(autouse=True)
def large_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mixer's samples do not depend on the size of its blocks; large ones are rendered three times as fast."""
    monkeypatch.setattr("nbd_tui.audio.mixer.SUB_BLOCK", 2_205)

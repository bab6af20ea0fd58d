"""What screens have done in the background may be called off at any moment, also before it has begun."""

import gc
from collections.abc import Callable
from typing import Final

import pytest

from nbd_tui.tui.app import NbdApp
from nbd_tui.tui.screens.home import HomeScreen
from nbd_tui.tui.text import UNICODE
from tests.screens.fake_session import FakeProgram

STEPS: Final[dict[str, Callable[[HomeScreen], None]]] = {
    "the look at the files": HomeScreen._look,
    "the look at the history": HomeScreen.look_back,
    "a change of a preset": HomeScreen.action_favourite,
}


@pytest.mark.parametrize("step", STEPS)
async def test_a_program_that_ends_at_once_leaves_no_work_behind(step: str, recwarn: pytest.WarningsRecorder) -> None:
    async with NbdApp(FakeProgram().services(), glyphs=UNICODE).run_test() as pilot:
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, HomeScreen)
        STEPS[step](screen)
        pilot.app.workers.cancel_all()
    gc.collect()
    assert [str(one.message) for one in recwarn] == []

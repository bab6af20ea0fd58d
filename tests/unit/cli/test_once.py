"""One studio, one journal: whoever asks first has it made, whoever asks meanwhile waits for that."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from nbd_tui.cli.once import Once
from nbd_tui.cli.stage import Stage
from nbd_tui.cli.wiring import Program

PATIENCE_S = 20.0


class Maker:
    """Takes until it is let go, and notes how often it is asked."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.made: list[object] = []

    def __call__(self, *_arguments: object, **_options: object) -> object:
        self.made.append(object())
        self.begun.set()
        assert self.may_end.wait(PATIENCE_S)
        return self.made[-1]


def test_a_plan_and_home_that_ask_at_the_same_time_have_one_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    maker = Maker()
    monkeypatch.setattr(Program, "studio", maker)
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        stage = Stage(Program(stack, logs=False), None, None)
        plan = threads.submit(lambda: stage.studio)
        assert maker.begun.wait(PATIENCE_S)
        assert not stage.is_up
        home = threads.submit(lambda: stage.studio)
        threading.Event().wait(0.05)  # `home` is waiting, or has made another
        maker.may_end.set()
        assert plan.result() is home.result()
        assert len(maker.made) == 1
        assert stage.is_up


def test_what_cannot_be_made_is_tried_again_by_the_next_one() -> None:
    answers = iter([None, "made"])

    def make() -> str:
        answer = next(answers)
        if answer is None:
            raise OSError("not now")
        return answer

    part = Once(make)
    with pytest.raises(OSError, match="not now"):
        part()
    assert not part.is_made
    assert (part(), part()) == ("made", "made")

"""An output that stands in for a better one gives way to it, once nobody hears the change."""

import pytest

from nbd_tui.audio.score import CueHit, Score, SourceRef, VoiceSpan
from nbd_tui.media.output.base import ClockPair
from nbd_tui.model.units import RATE
from nbd_tui.player.keeper import BETTER_LATER, BETTER_SOON, HUNG, OutputKeeper
from nbd_tui.player.stage import Stage
from tests.unit.player.fakes import CountingMixer, Time, Workshop

START = ClockPair(10_000, 100.0)


class Rig:
    """A keeper whose first choice has failed, so that `device` is in use; `is_quiet` of its mixer tells of music."""

    def __init__(self) -> None:
        self.time = Time(START.at)
        self.mixer = CountingMixer(START.frame)
        self.stage = Stage(self.mixer, START)
        self.workshop = Workshop(self.time)
        self.workshop.best, self.workshop.reason = "device", "vlc: broken; using device"
        self.keeper = OutputKeeper(
            self.stage, self.workshop.open_wanted, self.workshop.open_silence, self.workshop.start
        )
        self.run(0.5)
        assert self.keeper.reason == "vlc: broken; using device"
        self.workshop.best, self.workshop.reason = "vlc", ""

    def run(self, seconds: float, *, run_jobs: bool = True) -> None:
        for _ in range(round(seconds * 10)):
            for output in (*self.workshop.silences, *self.workshop.wanted):
                if not output.closed:
                    output.play(RATE // 10)
            self.time.now += 0.1
            self.keeper.tick(self.time.now)
            if run_jobs:
                self.workshop.run_jobs()

    @property
    def tries(self) -> int:
        """How often a better one was looked for."""
        return self.workshop.better_than.count("device")


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_it_goes_back_to_the_first_choice_while_all_is_quiet(rig: Rig) -> None:
    rig.mixer.is_quiet = True
    device = rig.workshop.wanted[0]
    rig.run(BETTER_SOON + 4)

    assert (rig.keeper.name, rig.keeper.reason) == ("vlc", "")
    assert device.closed


def test_it_stays_while_something_is_heard(rig: Rig) -> None:
    rig.run(60)

    assert (rig.keeper.name, rig.tries) == ("device", 0)


VOICE = VoiceSpan("v", SourceRef("/x.ogg", 0), start=0, end=START.frame + 600 * RATE)
BELL = CueHit("b", "bell-single", START.frame + 600 * RATE)


@pytest.mark.parametrize("score", [Score(cues=(BELL,)), Score(voices=(VOICE,))])
def test_it_stays_while_something_is_to_come(rig: Rig, score: Score) -> None:
    rig.mixer.is_quiet = True
    rig.stage.set_score(score)
    rig.run(60)
    assert rig.keeper.name == "device"

    rig.stage.set_score(Score())
    rig.run(1)
    assert rig.keeper.name == "vlc"


def test_a_first_choice_that_goes_on_failing_is_tried_less_and_less(rig: Rig) -> None:
    rig.mixer.is_quiet = True
    rig.workshop.refusal = "still broken"
    rig.run(4 * BETTER_LATER)

    assert (rig.keeper.name, rig.keeper.reason) == ("device", "vlc: broken; using device")
    assert 8 <= rig.tries <= 10
    assert len(rig.workshop.wanted) == 1


def test_one_that_opens_when_the_music_has_begun_again_waits_for_the_next_pause(rig: Rig) -> None:
    rig.mixer.is_quiet = True
    while not rig.tries:
        rig.run(0.1)
    rig.mixer.is_quiet = False
    rig.run(10)
    assert rig.keeper.name == "device"
    assert rig.workshop.wanted[-1].closed

    rig.mixer.is_quiet = True
    rig.run(BETTER_SOON + 4)
    assert rig.keeper.name == "vlc"


def test_one_that_hangs_is_tried_once_until_it_ends(rig: Rig) -> None:
    rig.mixer.is_quiet = True
    rig.run(10 * (HUNG + BETTER_LATER), run_jobs=False)
    assert [name for name, _ in rig.workshop.jobs] == ["player-opener"]

    rig.run(2 * BETTER_LATER)
    assert rig.keeper.name == "vlc"


def test_a_device_that_is_lost_while_a_better_one_hangs_is_looked_for(rig: Rig) -> None:
    rig.mixer.is_quiet = True
    rig.run(10 * (HUNG + BETTER_LATER), run_jobs=False)
    rig.workshop.jobs.clear()
    rig.workshop.wanted[0].trouble = "gone"
    rig.run(1.0)
    assert (rig.keeper.name, rig.keeper.reason) == ("vlc", "")


def test_what_was_asked_for_is_kept(rig: Rig) -> None:
    rig.mixer.is_quiet = True
    rig.run(BETTER_SOON + 4)
    tries = rig.tries
    rig.run(60)

    assert rig.tries == tries

"""The player as a session sees it: frames, times, scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.audio.score import CueHit, CueSounded, Levels, Score
from nbd_tui.model.units import RATE, Frames, Monotonic
from nbd_tui.player.protocol import (
    STARTING,
    FromPlayer,
    Mixed,
    SetLevels,
    SetScore,
    SourceFailed,
    Status,
    ToPlayer,
)
from nbd_tui.session.sound import Sound
from tests.unit.session.offline import START, Clock


class TalkingPlayer:
    """Says what a test tells it to."""

    def __init__(self) -> None:
        self.opened: list[tuple[Frames, Monotonic]] = []
        self.sent: list[ToPlayer] = []
        self.says: list[FromPlayer] = []
        self.closed = False
        self.trouble = ""

    def open(self, frame: Frames, at: Monotonic) -> None:
        self.opened.append((frame, at))

    def send(self, message: ToPlayer) -> None:
        self.sent.append(message)

    def poll(self) -> list[FromPlayer]:
        says, self.says = self.says, []
        return says

    def close(self) -> None:
        self.closed = True


def status(
    rendered: Frames,
    now: Monotonic,
    heard: tuple[Frames, Monotonic] | None = None,
    reason: str = "",
    output: str = "vlc",
) -> Status:
    frame, at = heard or (None, None)
    return Status(rendered, now, frame, at, output, reason, 0.0, 0)


@pytest.fixture
def player() -> TalkingPlayer:
    return TalkingPlayer()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(player: TalkingPlayer, clock: Clock, latency_s: float = 0.0) -> Sound:
    sound = Sound(player, clock, latency_s)
    sound.open()
    return sound


def test_before_the_first_word_frames_count_from_the_opening(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    assert player.opened == [(0, START)]
    assert sound.frame_at(START + 2.0) == 2 * RATE
    assert sound.time_of(RATE) == START + 1.0
    assert sound.unrendered(START + 1.0) == RATE
    assert (sound.output, sound.reason, sound.ready, sound.moved) == ("", "", False, False)


def test_the_first_word_moves_the_map(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    player.says = [status(5_000, START + 1.0, heard=(1_000, START + 1.0))]
    assert sound.poll() == ()
    assert sound.moved
    assert sound.frame_at(START + 1.0) == 1_000
    assert sound.unrendered(START + 1.0 + 100 / RATE) == 5_100
    sound.play(Score())
    assert not sound.moved, "what is to come was timed anew"


@pytest.mark.parametrize(("latency_s", "earlier"), [(0.1, 4_410), (-0.1, -4_410), (0.0, 0)])
def test_a_latency_of_the_users_is_made_up_for(
    player: TalkingPlayer, clock: Clock, latency_s: float, earlier: Frames
) -> None:
    """Positive: what the output says is heard now is heard later, so everything is rendered that much earlier."""
    sound = opened(player, clock, latency_s)
    player.says = [status(9_000, START, heard=(4_410, START))]
    sound.poll()
    assert sound.frame_at(START + 1.0) == 4_410 + RATE - earlier
    assert sound.time_of(4_410) == pytest.approx(START + latency_s)


def test_less_than_a_millisecond_is_not_timed_anew(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    for drift, moved in ((40, False), (-40, False), (50, True), (-50, True)):
        sound.play(Score())
        base = sound.frame_at(START + 1.0)
        player.says = [status(99_000, START + 1.0, heard=(base + drift, START + 1.0))]
        sound.poll()
        assert sound.moved is moved, drift


def test_scores_are_numbered_and_levels_handed_on(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    cue = CueHit("1", "bell-single", 5)
    sound.play(Score(cues=(cue,)))
    sound.set_levels(Levels(0.5))
    sound.play(Score())
    sent = CueHit("0/1", "bell-single", 5)
    assert player.sent == [SetScore(Score(1, cues=(sent,))), SetLevels(Levels(0.5)), SetScore(Score(2))]


def test_what_is_not_status_is_handed_on_in_order(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    news = (Mixed(CueSounded("1", 5)), SourceFailed("/m/x", "broke"), Mixed(CueSounded("2", 6)))
    said = (Mixed(CueSounded("0/1", 5)), status(1, START), news[1], Mixed(CueSounded("0/2", 6)))
    player.says = list(said)
    assert sound.poll() == news


def test_what_another_session_began_is_not_this_ones(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    sound.new_session()
    player.says = [Mixed(CueSounded("0/1", 5)), Mixed(CueSounded("1/1", 6))]
    assert sound.poll() == (Mixed(CueSounded("1", 6)),)


def test_it_is_ready_when_an_output_is_open_or_none_will_be(player: TalkingPlayer, clock: Clock) -> None:
    sound = opened(player, clock)
    for said, ready in (
        (status(0, START, reason=STARTING, heard=(0, START)), False),
        (status(0, START), False),
        (status(0, START, heard=(0, START)), True),
        (status(0, START, heard=(0, START), reason="no device", output="silent"), True),
    ):
        player.says = [said]
        sound.poll()
        assert sound.ready is ready
    dead = opened(TalkingPlayer(), clock)
    assert not dead.ready
    player.trouble = "the player died 5 times"
    assert sound.reason == "the player died 5 times"
    assert sound.ready


def test_closing_ends_the_player(player: TalkingPlayer, clock: Clock) -> None:
    opened(player, clock).close()
    assert player.closed


@given(
    st.floats(-150, 150),
    st.lists(st.floats(0.05, 3.0), min_size=1, max_size=30),
)
def test_the_map_follows_any_card(drift_ppm: float, waits: list[float]) -> None:
    player, clock = TalkingPlayer(), Clock()
    sound = opened(player, clock)
    rate = RATE * (1 + drift_ppm * 1e-6)
    for wait_s in waits:
        clock.now += wait_s
        heard = round((clock.now - START) * rate)
        player.says = [status(heard + 4_410, clock.now, heard=(heard, clock.now))]
        sound.poll()
        ahead_s = 2.0
        true_frame = (clock.now + ahead_s - START) * rate
        assert sound.frame_at(clock.now + ahead_s) == pytest.approx(true_frame, abs=0.0005 * RATE)
        assert sound.time_of(sound.frame_at(clock.now)) == pytest.approx(clock.now, abs=1e-4)

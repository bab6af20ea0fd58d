"""Any workout, any keys, with the announcer on: what must hold of what it says."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings

from nbd_tui.keymap import Action
from nbd_tui.model.units import Seconds
from nbd_tui.session.report import Report
from nbd_tui.session.voice_book import VoiceBook
from nbd_tui.workout.engine import EngineState
from tests.unit.session.test_announcer import VOICE, in_words
from tests.unit.session.test_session_properties import TRACKS, TURN_AND_LATENCY_S, Blocks, Keys, Watched, blocks, keys

BOOK = VoiceBook(VOICE)
BOOK.start()
BOOK.join(20)

LONGEST_S: Seconds = 3.0


def length_s(said: Report) -> Seconds:
    """Of what was said, by its words: as the clips are, one after the other."""
    words = tuple(said.text.replace(",", " ,").split())
    joined = {"get ready": "get-ready", "warm up": "warm-up", "cool down": "cool-down", "last round": "last-round"}
    phrase = (said.text.replace(" ", "-"),) if said.text in {*joined, "workout complete"} else words
    length = BOOK.length_of(phrase)
    assert length is not None, said.text
    return length


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, keys)
def test_it_never_speaks_twice_at_once_nor_into_a_signal_and_moves_none(blocks: Blocks, keys: Keys) -> None:
    stage = Watched(blocks, tracks=TRACKS, announcer=in_words).play(keys)
    said = stage.of("said")
    assert len({report.cue_id for report in said}) == len(said)
    spans = [(report.at, report.at + length_s(report)) for report in sorted(said, key=lambda one: one.at)]
    assert all(after[0] >= before[1] - 0.005 for before, after in pairwise(spans))
    for heard in stage.of("heard"):
        for start, end in spans:
            pressed = any(start - TURN_AND_LATENCY_S <= press <= end for press in stage.presses)
            assert pressed or not start < heard.at < end, (heard, start, end)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, keys)
def test_every_signal_is_heard_when_it_is_without_it(blocks: Blocks, keys: Keys) -> None:
    plain = Watched(blocks, tracks=TRACKS).play(keys)
    spoken = Watched(blocks, tracks=TRACKS, announcer=in_words).play(keys)
    assert cues(plain) == cues(spoken)


def cues(stage: Watched) -> list[tuple[str, Seconds]]:
    return [(report.cue_id, round(report.at, 3)) for report in stage.of("heard")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, keys)
def test_a_pause_that_lasts_is_told_and_nothing_else_is_said_in_it(blocks: Blocks, keys: Keys) -> None:
    stage = Watched(blocks, tracks=TRACKS, announcer=in_words).play([*keys, (0.0, Action.PAUSE)], LONGEST_S + 2.0)
    last = max(stage.presses)
    after = [report.text for report in stage.of("said") if report.at > last + TURN_AND_LATENCY_S + LONGEST_S]
    if stage.conductor.snapshot().state is EngineState.PAUSED and stage.of("paused")[-1].at >= last - 1e-6:
        assert stage.of("said")[-1].text == "paused"
        assert after in ([], ["paused"])

"""A session of two hours, run by an injected clock: the real engine, conductor, music choice, score and journal."""

import gc
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from nbd_tui.audio.score import MixerReport, Score, VoiceEnded, VoiceStarted
from nbd_tui.keymap import Action
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds, to_frames
from nbd_tui.player.protocol import FromPlayer, Mixed, SetScore, Status, ToPlayer
from nbd_tui.session.conductor import Conductor, Parts
from nbd_tui.session.kept import Journals
from nbd_tui.session.playlist import Playlist
from nbd_tui.session.pool import Pool
from nbd_tui.session.sound import Sound
from nbd_tui.session.volumes import Volumes
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.wants import wants
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import Outcome, SessionRecord
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import START, Clock, InstantProber, a_track

ROUNDS: Final = 30
BLOCKS: Final[list[dict[str, object]]] = [
    {"repeat": ROUNDS, "phases": [{"kind": "work", "duration": 180}, {"kind": "rest", "duration": 60}]}
]
LENGTH_S: Final = ROUNDS * 240 - 60
TURN_S: Final[Seconds] = 0.5
"""Fewer turns than in a gym make no difference to what is due, and a test that is ten times as quick."""
WARM_S: Final[Seconds] = 1800.0
GROWN_BLOCKS: Final = 4_000
"""Of Python's memory: what two hours may leave behind, as the account of the tracks heard."""
AHEAD_S: Final[Seconds] = 0.1


class ScorePlayer:
    """A player that renders nothing: it says when each voice of its score begins and ends."""

    trouble = ""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened_at: Monotonic = START
        self._score = Score(0)
        self._begun: dict[str, Frames] = {}

    def open(self, frame: Frames, at: Monotonic) -> None:
        self._opened_at = at

    def send(self, message: ToPlayer) -> None:
        if isinstance(message, SetScore):
            self._score = message.score
            kept = {voice.id for voice in self._score.voices}
            self._begun = {voice: frame for voice, frame in self._begun.items() if voice in kept}

    def poll(self) -> Sequence[FromPlayer]:
        now = self._clock()
        heard = round((now - self._opened_at) * RATE)
        rendered = heard + to_frames(AHEAD_S)
        status = Status(rendered, now, heard, now, "offline", "", 0.0, 0)
        return [*(Mixed(report) for report in self._reports(rendered)), status]

    def _reports(self, rendered: Frames) -> list[MixerReport]:
        told: list[MixerReport] = []
        for voice in self._score.voices:
            if voice.id not in self._begun and voice.start <= rendered:
                self._begun[voice.id] = voice.start
                told.append(VoiceStarted(voice.id, voice.start))
            elif voice.end is not None and voice.end <= rendered and self._begun.get(voice.id, -1) >= 0:
                self._begun[voice.id] = -1
                told.append(VoiceEnded(voice.id, voice.end, early=False))
        return told

    def close(self) -> None:
        """Nothing to end."""


def test_two_hours_leave_the_memory_flat(tmp_path: Path) -> None:
    clock, filed = Clock(), list[SessionRecord]()
    preset, _ = parse_preset({"name": "Long", "blocks": BLOCKS})
    began = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    journals = Journals(tmp_path, filed.append, lambda: began + timedelta(seconds=clock.now - START))
    kept = journals.begin(LoadedPreset("long", preset, False, tmp_path / "long.toml"))
    tracks = [a_track(number, 200.0 + 3 * number) for number in range(60)]
    frames = {track.path: to_frames(track.duration_s or 0.0) for track in tracks}
    timeline = compile_timeline(preset)
    stretches = plan_stretches(timeline.segments)
    sound = Sound(ScorePlayer(clock), clock, 0.0)
    sound.open()
    playlist = Playlist(
        wants(timeline.segments, stretches), Pool({}, tracks), InstantProber(frames),
        7, lambda path, reason, own_fault: None,
    )  # fmt: skip
    parts = Parts(timeline, stretches, playlist, sound, Volumes(), 0.5, journalist=kept.journalist)
    conductor = Conductor(parts, clock)

    began_at = time.perf_counter()
    conductor.begin()
    warm = peak = 0
    while not conductor.snapshot().completed:
        clock.now += TURN_S
        conductor.turn(pressed_at(clock.now - START))
        if (clock.now - START) % 600 < TURN_S:
            gc.collect()
            blocks = sys.getallocatedblocks()
            warm, peak = (blocks, blocks) if clock.now - START <= WARM_S else (warm, max(peak, blocks))
    took_s = time.perf_counter() - began_at
    kept.scribe.close()

    (record,) = filed
    print(f"{LENGTH_S / took_s:.0f} times the speed; {warm} blocks after {WARM_S:.0f} s, at most {peak} later")
    assert (record.outcome, record.rounds_done) == (Outcome.COMPLETED, ROUNDS)
    assert abs(record.worked_s - LENGTH_S) < 1e-6
    assert len(record.heard) > 20
    assert peak - warm < GROWN_BLOCKS


def pressed_at(session_s: Seconds) -> Action | None:
    """A key now and then: a pause of five seconds every ten minutes."""
    for after_s in (300.0, 305.0):
        if (session_s - after_s) % 600 < TURN_S:
            return Action.PAUSE
    return None

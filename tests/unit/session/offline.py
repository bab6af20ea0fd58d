"""A whole session without threads, devices or time: the real conductor over the real mixer, driven by a fake clock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nbd_tui.audio.cues import CueSound
from nbd_tui.audio.mixer import Mixer
from nbd_tui.audio.score import Score, SourceRef
from nbd_tui.audio.source import FrameSource, Samples
from nbd_tui.keymap import Action
from nbd_tui.library.probe import Fitted, ProbeResult, Wanted
from nbd_tui.media.cue_files import ClipShelf
from nbd_tui.model.hearing import Hearing
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Frames, Monotonic, Seconds, to_frames
from nbd_tui.player.protocol import Configure, FromPlayer, Mixed, SetLevels, SetScore, SourceFailed, Status, ToPlayer
from nbd_tui.session.actions import Order
from nbd_tui.session.announcer import AnnouncerPort, NoAnnouncer
from nbd_tui.session.conductor import Conductor, Parts
from nbd_tui.session.playlist import Playlist
from nbd_tui.session.pool import Pool
from nbd_tui.session.report import Report
from nbd_tui.session.sound import Sound
from nbd_tui.session.volumes import Volumes
from nbd_tui.soundtrack.songs import Song, heard_song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wants import wants
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.preset import parse_preset
from nbd_tui.workout.timeline import Timeline
from tests.unit.audio.sources import ClipSource

START: Monotonic = 1000.0
LATENCY_S: Seconds = 0.1
TURN_S: Seconds = 0.05
SWELL: Samples = np.repeat(0.02 * np.sin(np.linspace(0, np.pi, 2000, dtype=np.float32))[:, np.newaxis] ** 2, 2, axis=1)
"""The sound of every cue: without a step, so that every step heard is one of the music."""


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now: Monotonic = START

    def __call__(self) -> Monotonic:
        return self.now


class OfflinePlayer:
    """The player's part, played by a real mixer: whatever is heard lies in `heard`, frame 0 at its open."""

    def __init__(self, clock: Clock, tracks: Mapping[str, Samples], drift_ppm: float = 0.0) -> None:
        self._clock = clock
        self._tracks = dict(tracks)
        self._rate = RATE * (1 + drift_ppm * 1e-6)
        self._opened_at: Monotonic = START
        self._news: list[FromPlayer] = []
        self.trouble = ""
        self.blocks: list[Samples] = []
        self._clips = ClipShelf()
        self.mixer = Mixer(dict.fromkeys(CueSound, SWELL), self._open, clip_of=self._clips.get)

    @property
    def heard(self) -> Samples:
        return np.concatenate(self.blocks)

    def open(self, frame: Frames, at: Monotonic) -> None:
        assert frame == 0
        self._opened_at = at

    def send(self, message: ToPlayer) -> None:
        match message:
            case SetScore(score=score):
                self._clips.load(clip.path for cue in score.cues for clip in cue.clips)
                self._look_at(score)
                self.mixer.set_score(score)
            case SetLevels(levels=levels):
                self.mixer.set_levels(levels)
            case Configure():
                raise AssertionError("the client configures")

    def _look_at(self, score: Score) -> None:
        """No voice is asked for samples outside its file."""
        for voice in score.voices:
            frames, in_point = len(self._tracks[voice.source.path]), voice.source.in_point
            assert 0 <= in_point < frames, voice
            assert voice.end is None or 0 <= voice.end - voice.start <= frames - in_point, voice
        for ref in score.standby:
            assert 0 <= ref.in_point <= len(self._tracks[ref.path]), ref

    def poll(self) -> Sequence[FromPlayer]:
        """Renders what a card with this latency would have taken by now."""
        now = self._clock()
        heard = round((now - self._opened_at) * self._rate)
        wanted = heard + to_frames(LATENCY_S) - self.mixer.frame
        if wanted > 0:
            self.blocks.append(self.mixer.render(wanted).copy())
        news, self._news = self._news, []
        status = Status(self.mixer.frame, now, heard, now, "offline", "", 0.0, self.mixer.underruns)
        return [*news, *(Mixed(report) for report in self.mixer.drain_reports()), status]

    def fail(self, path: str, reason: str) -> None:
        self._news.append(SourceFailed(path, reason))

    def close(self) -> None:
        self.mixer.close()

    def _open(self, ref: SourceRef) -> FrameSource:
        return ClipSource(self._tracks[ref.path], ref.in_point)


class InstantProber:
    """Finds every file playable at once, but for the broken ones."""

    def __init__(self, frames: Mapping[Path, Frames], broken: Iterable[Path] = ()) -> None:
        self._frames = frames
        self._broken = set(broken)
        self._results: list[ProbeResult] = []
        self.asked: list[Path] = []
        self.copies: list[Fitted] = []
        """Asked for, to be answered by `answer`."""

    def answer(self, copy: Fitted, playable: Path, frames: Frames) -> None:
        self._results.append(ProbeResult(copy.path, playable, frames, 0.5, -17.0, fitted=copy))

    def request(self, wanted: Iterable[Wanted], *, front: bool = False) -> None:
        for one in wanted:
            if not isinstance(one, Path):
                self.copies.append(one)
                continue
            path = one
            self.asked.append(path)
            bad = path in self._broken
            playable = None if bad else path
            self._results.append(ProbeResult(path, playable, self._frames[path], 0.5, -14.0, "broken" if bad else ""))

    def results(self) -> Sequence[ProbeResult]:
        results, self._results = self._results, []
        return results


class Heard:
    """Knows at once what was heard in the tracks that are asked for."""

    def __init__(self, hearings: Mapping[Path, Hearing]) -> None:
        self._hearings = hearings
        self._asked: set[Path] = set()

    @property
    def version(self) -> int:
        return len(self._asked)

    def ask(self, path: Path) -> None:
        self._asked.add(path)

    def hearing(self, path: Path) -> Hearing | None:
        return self._hearings.get(path) if path in self._asked else None


def a_track(number: int, seconds: Seconds = 60.0) -> Track:
    return Track(Path(f"/music/{number}.wav"), f"Track {number}", f"Artist {number}", duration_s=seconds, gain_db=-4.0)


def level(number: int) -> float:
    """The constant sample value by which a track is known in what is heard."""
    return 0.05 * (number + 1)


class Stage:
    """A session over `tracks`, and the means to let time pass in it."""

    def __init__(
        self,
        blocks: list[dict[str, object]],
        tracks: int = 4,
        track_s: Seconds = 60.0,
        broken: Iterable[int] = (),
        pins: Mapping[PhaseKind, int | Sequence[int]] | None = None,
        drift_ppm: float = 0.0,
        fade_s: Seconds = 0.5,
        announcer: Callable[[Timeline], AnnouncerPort] = lambda _: NoAnnouncer(),
        duck_db: float = 0.0,
        clips: Mapping[int, Samples] | None = None,
        hearings: Mapping[int, Hearing] | None = None,
        taste: MusicTaste = USUAL_TASTE,
        banned: bool = False,
        **others: Any,  # noqa: ANN401  of Parts
    ) -> None:
        self.clock = Clock()
        self.tracks = [a_track(number, track_s) for number in range(tracks)]
        self.player = OfflinePlayer(self.clock, self._samples(track_s, clips or {}), drift_ppm)
        self.sound = Sound(self.player, self.clock, 0.0)
        self.sound.open()
        self.failures: list[tuple[Path, str]] = []
        self.reports: list[Report] = []
        self.prober = InstantProber(
            {track.path: to_frames(track_s) for track in self.tracks}, [self.tracks[number].path for number in broken]
        )
        heard = {self.tracks[number]: hearing for number, hearing in (hearings or {}).items()}
        self.timeline = compile_timeline(parse_preset({"name": "Test", "blocks": blocks})[0])
        stretches = plan_stretches(self.timeline.segments, taste)
        playlist = Playlist(
            wants(self.timeline.segments, stretches, taste), self._pool(pins or {}, heard, banned=banned),
            self.prober, 7, lambda path, reason, own_fault: self.failures.append((path, reason)),
            recall=Heard({track.path: hearing for track, hearing in heard.items()}), taste=taste,
        )  # fmt: skip
        self.parts = parts = Parts(
            self.timeline, stretches, playlist, self.sound, Volumes(100, 100, duck_db=duck_db), fade_s,
            announcer=announcer(self.timeline), **others,
        )  # fmt: skip
        self.conductor = Conductor(parts, self.clock, self.reports.append)

    def _samples(self, track_s: Seconds, clips: Mapping[int, Samples]) -> dict[str, Samples]:
        """What the player finds in the files: by default constants, by which they are told apart."""
        frames = to_frames(track_s)
        usual = {number: np.full((frames, 2), level(number), np.float32) for number in range(len(self.tracks))}
        return {str(self.tracks[number].path): clip for number, clip in (usual | dict(clips)).items()}

    def _pool(
        self, pins: Mapping[PhaseKind, int | Sequence[int]], heard: Mapping[Track, Hearing], *, banned: bool
    ) -> Pool:
        """All tracks, with what was heard in them and is said of them."""
        pinned = {kind: [one] if isinstance(one, int) else one for kind, one in pins.items()}
        pool = Pool({kind: [self.tracks[one] for one in those] for kind, those in pinned.items()}, self.tracks)
        pool.learn({}, {str(track.path): heard_song(track, hearing) for track, hearing in heard.items()})
        pool.learn_of(Song(track, opinion=Opinion.BANNED) for track in self.tracks if banned)
        return pool

    def begin(self) -> "Stage":
        self.conductor.begin()
        return self

    def lend(self, path: str, samples: Samples) -> None:
        """A file more that the player can open."""
        self.player._tracks[path] = samples

    def run(self, seconds: Seconds) -> None:
        """Lets time pass, a turn every 50 ms."""
        end = self.clock.now + seconds
        while self.clock.now < end - 1e-9:
            self.clock.now = min(end, self.clock.now + TURN_S)
            self.conductor.turn()

    def press(self, action: Action | Order) -> None:
        self.conductor.turn(action)

    def of(self, event: str) -> list[Report]:
        return [report for report in self.reports if report.event == event]

    def cue_times(self) -> list[tuple[str, float, float]]:
        """Each cue that was due: its name, when it was due, and when it was heard (session seconds)."""
        heard = {report.cue_id: report.at for report in self.of("heard")}
        return [(cue.cue, cue.at - START, heard[cue.cue_id] - START) for cue in self.of("cue") if cue.cue_id in heard]

    def level_at(self, session_s: Seconds) -> float:
        """The left sample heard at a time, by which the tracks are told apart."""
        self.player.poll()
        return float(self.player.heard[to_frames(session_s), 0])

"""Listening to a track outside any workout, with a real mixer in the player's place."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.audio.score import Score
from nbd_tui.library.probe import ProbeResult
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.units import Frames, to_frames
from nbd_tui.session.collector import Collector
from nbd_tui.session.pins import Pins
from nbd_tui.session.preview import IN_WORKOUT, Preview
from nbd_tui.session.preview_state import PreviewState
from nbd_tui.session.sound import Sound
from nbd_tui.session.studio import Studio
from nbd_tui.session.volumes import Volumes
from nbd_tui.store.hearings import Known
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.preset import parse_preset
from tests.unit.session.offline import LATENCY_S, Clock, InstantProber, OfflinePlayer, a_track

TRACK_S = 20.0
TIMELINE = compile_timeline(parse_preset({"name": "T", "blocks": [{"phases": [{"kind": "work", "duration": 60}]}]})[0])


class SlowProber(InstantProber):
    """Answers when told to."""

    held = False

    def results(self) -> list[ProbeResult]:
        return [] if self.held else list(super().results())


class Post:
    """A listening post over an offline player: track n is a ramp whose value tells n and the second that is heard."""

    def __init__(self, tmp_path: Path, broken: Iterable[int] = ()) -> None:
        self.clock = Clock()
        self.tracks = [a_track(number, TRACK_S) for number in range(3)]
        seconds = np.arange(to_frames(TRACK_S), dtype=np.float32) / to_frames(TRACK_S)
        self.clips = {
            str(track.path): np.repeat((0.1 * number + 0.1 * seconds)[:, np.newaxis], 2, axis=1).astype(np.float32)
            for number, track in enumerate(self.tracks)
        }
        self.player = OfflinePlayer(self.clock, self.clips)
        self.sound = Sound(self.player, self.clock, 0.0)
        self.sound.open()
        frames: dict[Path, Frames] = {track.path: to_frames(TRACK_S) for track in self.tracks}
        self.prober = SlowProber(frames, [self.tracks[number].path for number in broken])
        library = Collector.of_demo(tmp_path, {})
        library.pool.add(self.tracks)
        self.studio = Studio(self.sound, self.prober, library, self.clock, Volumes(100, 100), 0.5, keep_awake=False)
        self.preview = Preview(self.studio)
        self.scores: list[Score] = []
        self._play, self.sound.play = self.sound.play, self._note_and_play  # type: ignore[method-assign]
        self.run(0.2)

    def _note_and_play(self, score: Score) -> None:
        self.scores.append(score)
        self._play(score)

    def run(self, seconds: float) -> list[PreviewState]:
        """Lets time pass, with a look at the state every 50 ms."""
        states = []
        for _ in range(round(seconds / 0.05)):
            self.clock.now += 0.05
            states.append(self.preview.state())
        return states

    def path(self, number: int) -> Path:
        return self.tracks[number].path

    def heard(self) -> tuple[int, float]:
        """Which track sounds now, and which second of it, to a tenth; (0, 0) is silence."""
        self.player.poll()
        value = float(self.player.heard[self.sound.frame_at(self.clock.now), 0])
        return int(value * 10 + 1e-6), round(value * 10 % 1 * TRACK_S, 1)

    def told(self) -> float:
        """Which second the state says is heard, to a tenth."""
        return round(self.preview.state().at_s, 1)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_nothing_is_heard_before_something_was_asked_for(post: Post) -> None:
    assert post.preview.state() == PreviewState()
    assert post.player.mixer.frame > 0
    assert not post.player.heard.any()


@pytest.mark.parametrize("at_s", [0.0, 7.5, 19.0])
def test_a_track_is_heard_from_where_it_was_asked_for(post: Post, at_s: float) -> None:
    post.preview.play(post.path(1), at_s)
    first = post.preview.state()
    assert (first.path, first.at_s, first.is_playing) == (post.path(1), at_s, False), "on its way to the ears"
    post.run(0.5)
    state = post.preview.state()
    assert state.is_playing
    assert post.heard() == (1, post.told())
    assert at_s < state.at_s < at_s + 0.5 - LATENCY_S + 0.05


def test_the_state_says_which_second_sounds_for_as_long_as_it_does(post: Post) -> None:
    post.preview.play(post.path(2), 3.0)
    post.run(0.3)
    for _ in range(20):
        post.run(0.25)
        assert post.heard() == (2, post.told())


def test_a_stop_fades_out_at_once(post: Post) -> None:
    post.preview.play(post.path(1), 5.0)
    post.run(1.0)
    post.preview.stop()
    assert post.preview.state() == PreviewState()
    post.run(0.4)
    assert post.heard() == (0, 0.0)
    assert np.abs(np.diff(post.player.heard[:, 0])).max() < 0.002, "without a click"


def test_another_place_takes_over_without_a_gap_or_a_click(post: Post) -> None:
    post.preview.play(post.path(2), 2.0)
    post.run(1.0)
    post.preview.play(post.path(2), 15.0)
    assert post.preview.state().at_s >= 15.0
    post.run(1.0)
    assert post.heard() == (2, post.told())
    sounded = post.player.heard[to_frames(0.8) :, 0]
    assert np.abs(sounded).min() > 0.1
    assert np.abs(np.diff(sounded)).max() < 0.002
    assert post.prober.asked == [post.path(2)], "a file is decoded by a worker once"


def test_another_track_waits_for_a_worker_in_silence(post: Post) -> None:
    post.preview.play(post.path(1), 2.0)
    post.run(0.5)
    post.prober.held = True
    post.preview.play(post.path(2), 4.0)
    states = post.run(0.5)
    assert {(state.path, state.at_s, state.is_playing) for state in states} == {(post.path(2), 4.0, False)}
    assert post.heard() == (0, 0.0)
    post.prober.held = False
    post.run(0.5)
    assert post.heard() == (2, post.told())


def test_only_the_last_of_several_wishes_is_heard(post: Post) -> None:
    post.prober.held = True
    for number in (1, 2, 1, 2):
        post.preview.play(post.path(number), 1.0)
    post.prober.held = False
    post.run(0.5)
    assert post.heard()[0] == 2


def test_a_stop_while_a_worker_decodes_calls_it_off(post: Post) -> None:
    post.prober.held = True
    post.preview.play(post.path(1))
    post.preview.stop()
    post.prober.held = False
    assert set(post.run(0.5)) == {PreviewState()}
    assert post.heard() == (0, 0.0)


def test_at_the_end_of_the_file_it_is_over(post: Post) -> None:
    post.preview.play(post.path(1), TRACK_S - 1.0)
    states = post.run(2.0)
    assert states[-1] == PreviewState()
    assert max(state.at_s for state in states) == pytest.approx(TRACK_S, abs=0.06)
    post.preview.play(post.path(1), TRACK_S + 5.0)
    assert post.run(0.5)[-1] == PreviewState()


def test_a_broken_file_is_told_and_the_next_one_is_heard(tmp_path: Path) -> None:
    post = Post(tmp_path, broken=[1])
    post.preview.play(post.path(1))
    assert post.run(0.2)[-1] == PreviewState(problem="broken")
    post.preview.play(post.path(2), 1.0)
    assert post.run(0.5)[-1].is_playing
    post.preview.play(post.path(1))
    assert post.run(0.2)[-1].problem == "broken"
    post.preview.stop()
    assert post.preview.state() == PreviewState()


def test_a_file_that_breaks_while_it_plays_is_told(post: Post) -> None:
    post.preview.play(post.path(1))
    post.run(0.5)
    post.player.fail(str(post.path(2)), "of no matter")
    assert post.run(0.1)[-1].is_playing
    post.player.fail(str(post.path(1)), "the disk is gone")
    assert post.run(0.1)[-1] == PreviewState(problem="the disk is gone")
    post.preview.play(post.path(1))
    assert post.prober.asked == [post.path(1)] * 2, "it is looked at again"


def test_it_plays_as_loud_as_a_session_would(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tagged -4 dB against -18 LUFS, that is 0 dB against our -14."""
    sent: list[Score] = []
    monkeypatch.setattr(post.sound, "play", sent.append)
    post.preview.play(post.path(1))
    assert [voice.gain_db for voice in sent[0].voices] == [pytest.approx(0.0)]
    post.studio.library.pool.learn({str(post.path(1)): Known(None, -16.0, Opinion.BANNED)})
    post.preview.play(post.path(1))
    assert sent[-1].voices[-1].gain_db == pytest.approx(2.0), "by what was heard, also what is kept out of workouts"
    post.prober._frames = {Path("/music/other.wav"): to_frames(TRACK_S)}
    post.preview.play(Path("/music/other.wav"))
    assert sent[-1].voices[-1].gain_db == pytest.approx(0.0), "by its RMS, -14 dB, where it has no tag"


def test_muted_music_is_heard_when_it_is_asked_for(post: Post) -> None:
    post.studio.volumes = post.studio.volumes.toggled_mute()
    post.preview.play(post.path(1), 10.0)
    post.run(0.5)
    assert post.heard()[0] == 1


def test_a_test_bell_takes_the_sound_away(post: Post) -> None:
    post.preview.play(post.path(1))
    post.run(0.5)
    post.sound.new_session()
    post.sound.play(Score())
    assert post.run(0.1)[-1] == PreviewState()


def test_another_player_takes_the_sound_away(post: Post) -> None:
    post.preview.play(post.path(1))
    post.run(0.5)
    post.studio.sound = Sound(OfflinePlayer(post.clock, {}), post.clock, 0.0)
    post.studio.sound.open()
    assert post.run(0.1)[-1] == PreviewState()


def test_a_workout_takes_the_sound_and_keeps_it(post: Post) -> None:
    post.preview.play(post.path(1))
    post.run(0.5)
    session = post.studio.begin(TIMELINE, Pins({}))
    try:
        assert post.preview.state() == PreviewState()
        post.preview.play(post.path(2))
        assert post.preview.state() == PreviewState(problem=IN_WORKOUT)
        post.preview.stop()
    finally:
        session.close()
    post.preview.play(post.path(2), 1.0)
    post.run(0.5)
    assert post.preview.state().path == post.path(2)


def test_before_the_output_is_there_it_waits(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    player = OfflinePlayer(post.clock, post.clips)
    post.studio.sound = Sound(player, post.clock, 0.0)
    post.studio.sound.open()
    with monkeypatch.context() as patch:
        patch.setattr(player, "poll", list)
        post.preview.play(post.path(1), 3.0)
        assert {(state.at_s, state.is_playing) for state in post.run(1.0)} == {(3.0, False)}
    assert post.run(1.0)[-1].is_playing


def test_a_part_of_a_track_ends_by_itself_and_has_its_bell(post: Post) -> None:
    post.preview.play(post.path(1), 4.0, until_s=8.0, bell_s=6.0)
    states = post.run(6.0)
    told = [state.at_s for state in states if state.is_playing]
    assert 3.9 < told[0] < 4.2
    assert 7.8 < told[-1] <= 8.0
    assert states[-1] == PreviewState()
    assert post.heard() == (0, 0.0)
    cues = [cue for score in post.scores for cue in score.cues]
    (voice,) = post.scores[-1].voices
    assert [cue.frame - voice.start for cue in cues] == [to_frames(2.0)]


def test_a_part_of_a_track_can_be_stopped_at_any_moment(post: Post) -> None:
    for moment_s in (0.3, 1.0, 3.7, 4.2):
        post.preview.play(post.path(1), 4.0, until_s=8.0)
        post.run(moment_s)
        post.preview.stop()
        post.run(1.0)
        assert post.heard() == (0, 0.0)
        voice = post.scores[-1].voices[-1]
        frames = [point.frame for point in voice.envelope]
        assert frames == sorted(frames)

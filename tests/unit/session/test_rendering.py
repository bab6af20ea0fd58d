"""A planned session as a score, and rendered."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.cues import CueSound
from nbd_tui.audio.score import Levels, Score, SourceRef
from nbd_tui.audio.source import Samples
from nbd_tui.library.analysis.loudness import LoudnessMaker
from nbd_tui.library.probe_worker import fit
from nbd_tui.media.pcm_cache import PcmCache
from nbd_tui.media.stretching import HEADROOM_DB
from nbd_tui.model.speed import AS_RECORDED
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Frames, Seconds, to_frames
from nbd_tui.session.cue_sheet import cd_time, cue_sheet
from nbd_tui.session.rendering import FileSource, Rendering, file_levels
from nbd_tui.session.scoring import Playable, cues_of, score_of
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.plan import Brief, Soundtrack
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.workout.timeline import CueKind, Timeline
from tests.audio_files import noise, write_wav
from tests.unit.soundtrack.planning import Library, drop, heard, libraries, planned, song, workout, workouts

TICK = np.array([[0.9, 0.0]], np.float32)
"""Every cue is one sample, on the left; the music's clicks are on the right."""
TICKS: Mapping[str, Samples] = dict.fromkeys(CueSound, TICK)
LEVEL: Levels = Levels(duck_db=0.0)


def scored(
    timeline: Timeline, library: Library, soundtrack: Soundtrack | None = None, copies: Path | None = None
) -> Score:
    """The score of a plan of unchecked files, each as long as its hearing says."""

    def playable(slot: Slot) -> Playable:
        if slot.copy and copies:
            made = fit(slot.song.path, slot.copy.speed, slot.copy.marks, PcmCache(copies), lambda: None)
            return Playable(Path(made["playable"]), made["frames"], HEADROOM_DB)
        hearing = library.hearing(slot.song.path)
        return Playable(slot.song.path, hearing.frames if hearing else 180 * RATE)

    soundtrack = soundtrack or planned(timeline, library)
    return score_of(soundtrack, timeline, plan_stretches(timeline.segments), playable)


def rendered(score: Score, timeline: Timeline, sounds: Mapping[str, Samples] = TICKS) -> Samples:
    """All of its samples."""
    rendering = Rendering(score, sounds, LEVEL, to_frames(timeline.total_s))
    out = np.concatenate(list(rendering.blocks()))
    assert len(out) == rendering.frames
    assert not rendering.problems
    return out


def click_library(folder: Path, drops_s: Sequence[Seconds], length_s: Seconds = 50.0) -> Library:
    """Tracks that are silent but for one sample, at their drop."""
    songs, hearings = [], {}
    for number, at_s in enumerate(drops_s):
        samples = np.zeros((to_frames(length_s), 2), np.float32)
        samples[to_frames(at_s), 1] = 0.5
        path = write_wav(folder / f"{number}.wav", samples)
        hearing = heard(length_s, 133.0, [drop(at_s, at_s - 7.3)])
        one = song(str(number), hearing)
        track = Track(path, one.track.title, duration_s=length_s)
        songs.append(Song(track, one.tempo, one.intensity, one.lufs, one.true_peak_db, one.drops))
        hearings[path] = hearing
    return Library(songs, hearings)


def test_the_sample_of_the_drop_is_that_of_the_bell_in_every_round(tmp_path: Path) -> None:
    timeline = workout(("rest", 22.3), ("work", 20.7), repeat=2)
    library = click_library(tmp_path, [12.3456, 15.0001, 9.87654, 17.77777])
    soundtrack = planned(timeline, library, Brief(MusicTaste(second_wind_s=None)))
    aligned = [slot for slot in soundtrack.slots if slot.bell_segment is not None]
    assert len(aligned) == 2
    out = rendered(scored(timeline, library, soundtrack), timeline)
    bells = [to_frames(s.start_s) for s in timeline.segments if s.kind == "work"]
    clicks = np.flatnonzero(np.abs(out[:, 1]) > 0.05)
    for bell in bells:
        assert abs(out[bell, 0]) > 0.5
        assert int(np.abs(clicks - bell).min()) == 0


def test_at_another_speed_the_drop_is_heard_with_the_bell_as_well(tmp_path: Path) -> None:
    timeline = workout(("rest", 22.3), ("work", 20.7), repeat=2)
    library = click_library(tmp_path, [12.3456, 15.0001, 9.87654, 17.77777])
    soundtrack = planned(timeline, library, Brief(MusicTaste(second_wind_s=None, tempo_fit=True)))
    work = [slot for slot in soundtrack.slots if slot.bell_segment is not None]
    assert [round(133 * slot.speed.factor, 1) for slot in work] == [137.5, 137.5]
    assert all(slot.speed == AS_RECORDED for slot in soundtrack.slots if slot not in work)
    out = rendered(scored(timeline, library, soundtrack, tmp_path / "copies"), timeline, {})
    for segment in timeline.segments:
        if segment.kind == "work":
            bell = to_frames(segment.start_s)
            near = np.abs(out[bell - RATE // 10 : bell + RATE // 10, 1])
            assert near.max() > 0.05
            assert abs(int(np.argmax(near)) - RATE // 10) <= RATE // 1000


def test_every_bell_and_beep_is_at_its_frame() -> None:
    timeline = workout(("prepare", 10.0), ("work", 40.0), ("rest", 15.0), ("work", 30.0))
    out = rendered(Score(cues=cues_of(timeline)), timeline)
    ticks = np.flatnonzero(np.abs(out[:, 0]) > 0.1) / RATE
    assert ticks.tolist() == sorted({cue.frame / RATE for cue in cues_of(timeline)})
    starts = [s.start_s for s in timeline.segments if any(c.kind is CueKind.ROUND_START for c in s.cues)]
    assert set(starts) <= set(ticks.tolist())
    assert ticks[-1] == timeline.total_s
    assert len(out) > to_frames(timeline.total_s)


def test_tracks_of_any_loudness_come_out_equally_loud(tmp_path: Path) -> None:
    timeline = workout(("rest", 20.0), ("work", 15.0), repeat=2)
    songs, hearings = [], {}
    for number, level in enumerate((0.02, 0.06, 0.2, 0.35)):
        samples = noise(25.0, seed=number, level=level)
        maker = LoudnessMaker()
        maker.add(samples)
        path = write_wav(tmp_path / f"{number}.wav", samples)
        hearing = heard(25.0, 130.0)
        one = song(str(number), hearing)
        songs.append(Song(Track(path, str(number), duration_s=25.0), one.tempo, 0.8, maker.finish(), -12.0))
        hearings[path] = hearing
    library = Library(songs, hearings)
    soundtrack = planned(timeline, library, Brief(MusicTaste(second_wind_s=None)))
    assert len({slot.song.path for slot in soundtrack.slots}) == 4
    out = rendered(scored(timeline, library, soundtrack), timeline, {})
    loudness = []
    for slot in soundtrack.slots:
        maker = LoudnessMaker()
        maker.add(out[to_frames(slot.start_s + 3) : to_frames(slot.end_s - 6)])
        loudness.append(maker.finish() or 0.0)
    assert max(loudness) - min(loudness) <= 1.0


def test_music_steps_back_in_a_short_rest_and_is_back_at_the_bell(tmp_path: Path) -> None:
    timeline = workout(("work", 20.0), ("rest", 10.0), ("work", 20.0))
    hearing = heard(60.0, 130.0)
    path = write_wav(tmp_path / "a.wav", np.full((60 * RATE, 2), 0.25, np.float32))
    one = song("a", hearing)
    library = Library([Song(Track(path, "a", duration_s=60.0), one.tempo, 0.8, -14.0, -12.0)], {path: hearing})
    out = rendered(
        scored(timeline, library, planned(timeline, library, Brief(MusicTaste(second_wind_s=None)))), timeline, {}
    )

    def level(at_s: Seconds) -> float:
        return float(out[to_frames(at_s), 0])

    assert level(25.0) == pytest.approx(level(15.0) * 10 ** (-9 / 20), rel=0.02)
    assert level(30.0) == pytest.approx(level(15.0), rel=0.02)
    assert level(19.9) == pytest.approx(level(15.0), rel=0.02)


def test_a_file_that_is_shorter_than_was_said_or_gone_leaves_silence_and_a_reason(tmp_path: Path) -> None:
    timeline = workout(("work", 20.0))
    library = Library.of(gone=heard(60.0, 130.0))
    rendering = Rendering(scored(timeline, library), TICKS, LEVEL, to_frames(timeline.total_s))
    out = np.concatenate(list(rendering.blocks()))
    assert len(out) == rendering.frames
    assert not out[:, 1].any()
    assert list(rendering.problems) == [Path("/music/gone.mp3")]


def test_a_source_reads_on_and_skips_to_the_frame(tmp_path: Path) -> None:
    rising = np.arange(3 * RATE, dtype=np.float32) / np.float32(4 * RATE)
    ramp = np.repeat(rising[:, np.newaxis], 2, axis=1).astype(np.float32)
    path = write_wav(tmp_path / "ramp.wav", ramp)
    source = FileSource(SourceRef(str(path), 1000))
    assert np.allclose(source.read(10_000), ramp[1000:11_000], atol=1e-4)
    source.skip(50_000)
    assert np.allclose(source.read(500), ramp[61_000:61_500], atol=1e-4)
    rest = source.read(10 * RATE)
    assert len(rest) == len(ramp) - 61_500
    assert source.ended
    assert not len(source.read(5))
    source.close()


@settings(deadline=None, max_examples=25)
@given(workouts, libraries())
def test_no_voice_reads_outside_its_file_or_has_a_bent_envelope(timeline: Timeline, library: Library) -> None:
    for voice in scored(timeline, library).voices:
        hearing = library.hearing(Path(voice.source.path))
        frames: Frames = hearing.frames if hearing else 180 * RATE
        assert voice.end is not None
        assert voice.start < voice.end
        assert 0 <= voice.source.in_point <= voice.source.in_point + voice.end - voice.start <= frames
        corners = [point.frame for point in voice.envelope]
        assert corners == sorted(corners)
        assert (corners[0], corners[-1]) == (voice.start, voice.end)
        assert all(dip.start < dip.end for dip in voice.dips)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_file_is_as_loud_as_it_can_be_with_music_and_bells_as_set(music: float, cues: float) -> None:
    levels = file_levels(Levels(music, cues, -12.0))
    assert max(levels.music, levels.cues) in {0.0, 1.0}
    assert levels.music * cues == pytest.approx(levels.cues * music, abs=1e-9)


def test_a_cue_sheet_names_the_tracks_where_they_begin() -> None:
    timeline = workout(("rest", 60.0), ("work", 120.0))
    library = Library.of(**{'a "b"\n': heard(200.0, 120.0), "c": heard(200.0, 130.0, [drop(60.0, 50.0)])})
    soundtrack = planned(timeline, library, Brief(MusicTaste(second_wind_s=None)))
    lines = cue_sheet(soundtrack, "Two\tthings", Path("/there/out.flac")).splitlines()
    assert lines[:2] == ['TITLE "Two things"', 'FILE "out.flac" WAVE']
    starts = [line.split()[-1] for line in lines if "INDEX 01" in line]
    assert starts == [cd_time(slot.start_s) for slot in soundtrack.slots]
    assert starts[0] == "00:00:00"
    assert sum(line.startswith("  TRACK ") for line in lines) == len(soundtrack.slots)
    assert {line.strip() for line in lines if "    TITLE" in line} <= {"TITLE \"a 'b'\"", 'TITLE "c"'}
    assert 'FILE "out.mp3" MP3' in cue_sheet(soundtrack, "", Path("out.mp3"))


def test_times_of_a_cue_sheet() -> None:
    assert [cd_time(s) for s in (0.0, 59.999, 61.5, 6001.0)] == ["00:00:00", "00:59:74", "01:01:37", "100:01:00"]

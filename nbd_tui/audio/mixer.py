"""The mixer: voices, cues, ducking, volumes and limiter, in one sample-clocked stream."""

from collections.abc import Mapping
from math import ceil
from typing import Final

import numpy as np

from nbd_tui.audio.cues import ClipLookup, CuePlayer
from nbd_tui.audio.duck import duck_line
from nbd_tui.audio.ensemble import Ensemble
from nbd_tui.audio.envelope import NEPERS, Gain, Line, glide, scale
from nbd_tui.audio.limiter import LOOKAHEAD, Limiter
from nbd_tui.audio.score import Levels, MixerReport, Score
from nbd_tui.audio.source import OpenSource, Samples
from nbd_tui.model.units import RATE, Decibels, Frames

SUB_BLOCK: Final[Frames] = 240
"""At most so many frames at once: numpy gives the interpreter lock away above 500 elements, and gets it back late."""
LEVEL_GLIDE: Final[Frames] = RATE // 50


class Mixer:
    """Renders a score to samples; owned and called by one thread, pure but for its sources.

    Frame F of the score is frame F of the stream. Samples do not depend on the sizes of the blocks they are rendered
    in. The limiter looks ahead, so that `LOOKAHEAD` frames (1.5 ms) more than were delivered are rendered already:
    `frame` is the first that a new score can still change, `delivered` the one the next `render` returns first.

    Args:
        sounds: the cue set by name.
        open_source: opens the source of a voice; must not block.
        start_frame: where the stream begins on the frame axis.
        levels: volumes to begin with.
        clip_of: finds the clips of cues that are said.
        at_once: at most so many frames are mixed in one go, `SUB_BLOCK` if not said; more is cheaper where no other
            thread needs the interpreter.
    """

    def __init__(
        self,
        sounds: Mapping[str, Samples],
        open_source: OpenSource,
        start_frame: Frames = 0,
        levels: Levels | None = None,
        clip_of: ClipLookup = lambda _: None,
        at_once: Frames | None = None,
    ) -> None:
        self._reports: list[MixerReport] = []
        self._at_once = at_once or SUB_BLOCK
        self._ensemble = Ensemble(open_source, self._reports)
        self._cues = CuePlayer(sounds, self._reports, clip_of)
        self._limiter = Limiter()
        self._frame = self._delivered = start_frame
        self._levels = levels or Levels()
        self._music_level = Line.level(_factor(self._levels.music))
        self._cue_level = Line.level(_factor(self._levels.cues))
        self._duck_db = Line.level(self._levels.duck_db)
        self._duck = Line.level(0.0)
        self._master = Line.level(1.0)
        self._closed_at: Frames | None = None
        self._music_bus = np.zeros((self._at_once, 2), np.float32)
        self._cue_bus = np.zeros((self._at_once, 2), np.float32)

    @property
    def frame(self) -> Frames:
        """The first frame not rendered yet: what comes next begins here at the earliest."""
        return self._frame

    @property
    def delivered(self) -> Frames:
        """The frame that the next `render` returns first; at most `LOOKAHEAD` before `frame`."""
        return self._delivered

    @property
    def underruns(self) -> int:
        """How often a voice had to wait for frames, since the start."""
        return self._ensemble.underruns

    @property
    def faded_out(self) -> bool:
        """Whether the end of `fade_out` was delivered."""
        return self._closed_at is not None and self._delivered >= self._closed_at

    def set_score(self, score: Score) -> None:
        """Replaces everything not rendered yet; what has begun (by id) goes on and does not begin again."""
        self._ensemble.set_spans(score.voices, self._frame)
        self._cues.set_hits(score.cues, self._frame)
        self._plan_ducking()

    def set_levels(self, levels: Levels) -> None:
        """New volumes, reached within 20 ms."""
        self._music_level = self._towards(self._music_level, _factor(levels.music))
        self._cue_level = self._towards(self._cue_level, _factor(levels.cues))
        self._duck_db = self._towards(self._duck_db, levels.duck_db)
        self._levels = levels
        self._plan_ducking()

    def render(self, frames: Frames) -> Samples:
        """The next `frames` frames: exactly that many, within ±`CEILING`."""
        out = np.empty((frames, 2), np.float32)
        if frames and self._frame == self._delivered:
            self._render_block(np.empty((LOOKAHEAD, 2), np.float32))
        blocks = ceil(frames / self._at_once)
        for block in range(blocks):
            self._render_block(out[frames * block // blocks : frames * (block + 1) // blocks])
        self._delivered += frames
        return out

    def jump(self, frame: Frames) -> None:
        """Goes on at `frame` without rendering what lies before it, after an output has stalled.

        Voices go on where they would be by now; cues passed by more than their grace are reported missed, cues that
        sound lose their part in between. A frame already delivered changes nothing.
        """
        if frame <= self._frame:
            self.render(max(0, frame - self._delivered))
            return
        self._ensemble.skip(frame - self._frame)
        self._limiter.reset()
        self._frame = self._delivered = frame
        self._cues.settle(frame)
        self._plan_ducking()

    def fade_out(self, frames: Frames) -> None:
        """Takes everything, cues too, to silence within `frames`; nothing is heard after that."""
        self._master = glide(self._master.at(self._frame), 0.0, self._frame, frames)
        self._closed_at = self._frame + max(1, frames)

    def close(self) -> None:
        """Gives up all sources."""
        self._ensemble.close()

    def drain_reports(self) -> list[MixerReport]:
        """What has happened since the last call, in the order of frames."""
        drained = sorted(self._reports, key=lambda report: report.frame)
        self._reports.clear()
        return drained

    def _render_block(self, out: Samples) -> None:
        count = len(out)
        music, cues = self._music_bus[:count], self._cue_bus[:count]
        music.fill(0.0)
        cues.fill(0.0)
        self._ensemble.render(music, self._frame)
        scale(music, self._music_gain(count))
        if self._cues.render(cues, self._frame):
            scale(cues, self._cue_level.over(self._frame, count))
            music += cues
        scale(music, self._master.over(self._frame, count))
        out[:] = music
        self._limiter.process(out)
        self._frame += count

    def _music_gain(self, count: Frames) -> Gain:
        depth = self._duck.over(self._frame, count)
        level = self._music_level.over(self._frame, count)
        if isinstance(depth, float) and depth == 0.0:
            return level
        gain: Gain = level * np.exp(depth * self._duck_db.over(self._frame, count) * NEPERS)
        return gain

    def _plan_ducking(self) -> None:
        cues = self._cues.intervals() if self._levels.cues > 0.0 else []
        self._duck = duck_line(cues, self._frame, self._duck.at(self._frame))

    def _towards(self, line: Line, value: Decibels) -> Line:
        return glide(line.at(self._frame), value, self._frame, LEVEL_GLIDE)


def _factor(level: float) -> float:
    return min(1.0, max(0.0, level))

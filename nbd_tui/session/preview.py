"""Listening to one track at a time outside any workout, through the player that the next workout will use."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from nbd_tui.audio.cues import CueSound
from nbd_tui.audio.score import CueHit, EnvelopePoint, Score, SourceRef, VoiceSpan
from nbd_tui.model.track import Track
from nbd_tui.model.units import RATE, Decibels, Frames, Seconds, to_frames, to_seconds
from nbd_tui.player.protocol import Mixed, SourceFailed
from nbd_tui.session.levelling import levelling_db
from nbd_tui.session.preview_state import PreviewState

if TYPE_CHECKING:  # the first screen is painted without them
    from nbd_tui.library.probe import ProbeResult
    from nbd_tui.session.sound import Sound
    from nbd_tui.session.studio import Studio

ATTACK: Final[Frames] = RATE // 50
RELEASE: Final[Frames] = RATE // 12
"""What is left, by a stop or for another place, fades so long."""
FADE_OUT: Final[Frames] = RATE // 2
"""What ends before its file fades so long."""
AHEAD: Final[Frames] = RATE // 25
"""40 ms, two blocks: a message on its way to the player is not overtaken by what is rendered meanwhile."""

IN_WORKOUT: Final = "not in a workout"


class _Wish(NamedTuple):
    """What was asked for."""

    path: Path
    at_s: Seconds
    until_s: Seconds | None = None
    bell_s: Seconds | None = None


class _Playing(NamedTuple):
    """What the player was given."""

    wish: _Wish
    span: VoiceSpan
    end: Frames
    """On the player's axis: where the file is over."""
    stage: "tuple[Sound, int]"
    """The player and its session; where they are others, somebody else has taken the sound."""

    def heard(self, frame: Frames) -> Frames:
        """The frame of the file that sounds at a frame of the axis."""
        return self.span.source.in_point + max(0, frame - self.span.start)


class Preview:
    """Plays a track from a second on, as loud as a session would.

    Owned by the screen's thread, on which all its methods are called; none of them blocks. What takes time (decoding
    the file in a worker first, as for a session) is done elsewhere, and goes on at the next `state`, which a screen
    that listens asks for several times a second. A voice is put at a frame of the axis that is still to come and stays
    in place whatever happens, so that the clock alone says which second of the file is heard.
    """

    def __init__(self, studio: "Studio") -> None:
        self._studio = studio
        self._wish: _Wish | None = None
        self._playing: _Playing | None = None
        self._checked: ProbeResult | None = None
        self._problem = ""
        self._count = 0

    def play(
        self, path: Path, at_s: Seconds = 0.0, *, until_s: Seconds | None = None, bell_s: Seconds | None = None
    ) -> None:
        """Plays a track from a second of it on, in place of what plays; see `tui.ports_library.PreviewPort`."""
        if self._studio.busy:
            self._problem = IN_WORKOUT
            return
        self._problem = ""
        self._studio.guest = self
        self._wish = _Wish(path, max(0.0, at_s), until_s, bell_s)
        if self._playing and self._playing.wish.path != path:
            self._let_go()
        if self._checked is None or self._checked.path != path:
            self._studio.prober.request([path], front=True)
        self._turn()

    def stop(self) -> None:
        """Fades out what plays; nothing where nothing does."""
        self._wish, self._problem = None, ""
        if not self._studio.busy:
            self._let_go()

    def state(self) -> PreviewState:
        """What is heard."""
        self._turn()
        playing = self._playing
        if self._wish is not None:
            return PreviewState(self._wish.path, self._wish.at_s)
        if playing is None:
            return PreviewState(problem=self._problem)
        frame = self._frame()
        return PreviewState(playing.wish.path, to_seconds(playing.heard(frame)), is_playing=frame >= playing.span.start)

    def hear(self, news: Sequence[Mixed | SourceFailed]) -> None:
        """Takes in what the player said."""
        for one in news:
            playing = self._playing
            if isinstance(one, SourceFailed) and playing and one.path == playing.span.source.path:
                self._let_go()
                self._checked, self._problem = None, one.reason

    def _turn(self) -> None:
        """Goes on with what has been waited for."""
        if self._studio.busy:
            self._wish = self._playing = None
            return
        self._studio.poll()
        self._look_after()
        self._take_checked()
        self._begin()

    def _look_after(self) -> None:
        """What is over, or was pushed aside, plays no more."""
        playing = self._playing
        if playing and (playing.stage != self._stage or self._frame() >= playing.end):
            self._playing = None

    def _take_checked(self) -> None:
        """What workers say of files; only the one that is waited for matters."""
        for result in self._studio.prober.results():
            if self._wish and result.path == self._wish.path:
                self._checked = result
                if result.playable is None:
                    self._wish, self._checked, self._problem = None, None, result.reason

    def _begin(self) -> None:
        """Hands the player what was asked for, once file and output are ready."""
        wish, checked, sound = self._wish, self._checked, self._studio.sound
        if wish is None or checked is None or checked.path != wish.path or not sound.ready:
            return
        self._wish = None
        in_point = to_frames(wish.at_s)
        if checked.playable is None or in_point >= checked.frames:
            self._let_go()
            return
        fading = self._faded()
        if not fading:
            sound.new_session()
        self._count += 1
        last = checked.frames if wish.until_s is None else min(checked.frames, to_frames(wish.until_s))
        source, gain_db = SourceRef(str(checked.playable), in_point), self._gain_db(wish.path, checked.rms_db)
        span = self._span(source, gain_db, None if last == checked.frames else last - in_point)
        end = span.start + last - in_point
        self._playing = _Playing(wish, span, end, self._stage)
        sound.set_levels(replace(self._studio.volumes, muted=False).levels())
        sound.play(Score(voices=(*fading, span), cues=self._bell(wish, span)))

    def _span(self, source: SourceRef, gain_db: Decibels, length: Frames | None) -> VoiceSpan:
        """The voice; it fades out by itself where it ends before its file."""
        start = self._soon()
        envelope = [EnvelopePoint(start, 0.0), EnvelopePoint(start + ATTACK, 1.0)]
        end = None if length is None else start + max(length, ATTACK + FADE_OUT)
        if end is not None:
            envelope += [EnvelopePoint(end - FADE_OUT, 1.0), EnvelopePoint(end, 0.0)]
        return VoiceSpan(f"preview-{self._count}", source, start, end, tuple(envelope), gain_db)

    def _bell(self, wish: _Wish, span: VoiceSpan) -> tuple[CueHit, ...]:
        """The bell that was asked for, on its frame of the file."""
        if wish.bell_s is None:
            return ()
        frame = span.start + to_frames(wish.bell_s) - span.source.in_point
        return (CueHit(f"preview-bell-{self._count}", CueSound.BELL_SINGLE, frame),)

    def _let_go(self) -> None:
        """Fades out what plays."""
        fading, self._playing = self._faded(), None
        if fading:
            self._studio.sound.play(Score(voices=fading))

    def _faded(self) -> tuple[VoiceSpan, ...]:
        """What plays, with an end to come soon; nothing, where nothing of ours does."""
        playing = self._playing
        if playing is None or playing.stage != self._stage:
            return ()
        span, frame = playing.span, max(self._soon(), playing.span.start + ATTACK)
        if span.end is not None and frame >= span.end - FADE_OUT:
            return (span,)
        before = tuple(point for point in span.envelope if point.frame < frame)
        envelope = (*before, EnvelopePoint(frame, 1.0), EnvelopePoint(frame + RELEASE, 0.0))
        return (replace(span, end=frame + RELEASE, envelope=envelope),)

    @property
    def _stage(self) -> "tuple[Sound, int]":
        return self._studio.sound, self._studio.sound.session

    def _frame(self) -> Frames:
        """The one heard now."""
        return self._studio.sound.frame_at(self._studio.clock())

    def _soon(self) -> Frames:
        """The first one that a message surely reaches in time."""
        return self._studio.sound.unrendered(self._studio.clock()) + AHEAD

    def _gain_db(self, path: Path, rms_db: Decibels) -> Decibels:
        return levelling_db(self._studio.library.pool.track(path) or Track(path, path.stem), rms_db)

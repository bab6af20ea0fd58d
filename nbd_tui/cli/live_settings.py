"""The settings while the program runs: written to the file, and brought to the sound, the music and the screens."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nbd_tui.cli.stage import Stage
from nbd_tui.cli.wiring import clock
from nbd_tui.model.units import RATE, Monotonic, Seconds
from nbd_tui.paths import asset
from nbd_tui.tui.ports_settings import Listener, SettingKey
from nbd_tui.tui.sound_words import output_text

if TYPE_CHECKING:  # Home is painted without them
    from nbd_tui.audio.score import VoiceSpan
    from nbd_tui.session.collector import Collector
    from nbd_tui.session.sound import Sound
    from nbd_tui.session.studio import Studio
    from nbd_tui.settings import Settings

OF_THE_PLAYER: Final = frozenset({("audio", "output"), ("audio", "cue_set"), ("audio", "latency_ms")})
"""A player has these from its birth: it is replaced by another."""

OF_THE_NEXT_WORKOUT: Final = frozenset(
    {
        ("audio", "fade_s"),
        ("audio", "announcer"),
        ("screen", "keep_awake"),
        ("music", "arc"),
        ("music", "second_wind_s"),
        ("music", "short_rest_s"),
        ("music", "outliers"),
        ("music", "target_lufs"),
        ("music", "tempo_fit"),
        ("music", "bands"),
    }
)

OF_THE_POOL: Final = frozenset({("music", "folders"), ("music", "pins")})
"""The tracks are looked for anew."""

BELL_WAITS_S: Final[Seconds] = 4.0
"""A bell whose output takes longer is not rung any more: nobody knows what it was for."""

SNIPPET_S: Final[Seconds] = 3.5
SNIPPET: Final = "02-taped-knuckles.ogg"
SNIPPET_FROM_S: Final[Seconds] = 30.0


@dataclass(frozen=True, slots=True)
class _Bell:
    """A bell that waits for its output."""

    since: Monotonic
    music: bool


class LiveSettings:
    """What the screens change the settings by; see `tui.ports_settings.SettingsPort`."""

    def __init__(self, stage: Stage, keys: Mapping[str, str], favourites: tuple[str, ...]) -> None:
        """Settings over the parts of a running program.

        Args:
            stage: Has the program, which makes new players and collectors, and the studio, where they are put. Output
                and music of the command line hold until others are chosen; the music of a demo stays.
            keys: As the settings say.
            favourites: Likewise.
        """
        self._stage = stage
        self._program = stage.program
        self._output = stage.output
        self._music = stage.music
        self._demo = stage.demo
        self._lock = threading.Lock()
        self._due: set[SettingKey] = set()
        self._wants_player = False
        self._wants_music = False
        self._bell: _Bell | None = None
        self._listeners: list[Listener] = []
        self.keys = dict(keys)
        """The user's keys, always as they are now."""
        self.favourites = favourites
        """Ids of the user's favourites, likewise."""

    @property
    def _studio(self) -> "Studio":
        return self._stage.studio

    @property
    def current(self) -> "Settings":
        """As they hold now."""
        return self._program.settings

    @property
    def file(self) -> Path:
        """Where they are written."""
        return self._program.places.settings_file

    def change(self, key: SettingKey, value: object | None) -> "Settings":
        """Writes one key; its effects wait for `apply`."""
        return self.change_all({key: value})

    def change_all(self, changes: Mapping[SettingKey, object | None]) -> "Settings":
        """Writes several keys, all or none of them."""
        from nbd_tui.settings import load_settings
        from nbd_tui.store.settings_file import change_settings

        with self._lock:
            change_settings(self.file, changes)
            self._program.settings = load_settings(self.file)
            self.favourites = self._program.settings.home.favourites
            self._due.update(changes)
            return self._program.settings

    def apply(self) -> None:
        """Brings what was changed to its place: at once, or as soon as no workout runs."""
        with self._lock:
            due, self._due = self._due, set()
        settings, studio = self._program.settings, self._studio
        self.keys.clear()
        self.keys.update(settings.keys)
        studio.fade_s, studio.keep_awake = settings.audio.fade_s, settings.screen.keep_awake
        self._turn(due)
        if ("audio", "output") in due:
            self._output = None
        if ("music", "folders") in due:
            self._music = None
        self._wants_player |= bool(due & OF_THE_PLAYER)
        self._wants_music |= any(key[:2] in OF_THE_POOL for key in due)
        self.look_after()
        for listener in self._listeners:
            listener(settings)

    def listen(self, listener: Listener) -> None:
        """Has `listener` called after every change."""
        self._listeners.append(listener)

    def when(self, key: SettingKey) -> str:
        """When a change of this key holds; empty: at once."""
        return "from the next workout" if key in OF_THE_NEXT_WORKOUT else ""

    def ring(self, *, music: bool = False) -> str:
        """Rings, now or as soon as the output is there."""
        if self._studio.busy:
            return "not in a workout"
        self._bell = _Bell(clock(), music)
        self.look_after()
        sound = self._studio.sound
        if self._is_waiting():
            return "the sound is starting"
        return output_text(sound.output, sound.reason) if sound.output == "silent" else ""

    def _is_waiting(self) -> bool:
        return self._bell is not None

    def rescan(self) -> None:
        """Looks through the music folders again."""
        self._wants_music = True
        self.look_after()

    def settle(self) -> None:
        """Makes the settings file where there is none."""
        from nbd_tui.store.settings_file import make_settings_file

        make_settings_file(self.file)

    def report(self) -> tuple[str, ...]:
        """What `nbd doctor` says, with the output in use and without a bell of its own."""
        from nbd_tui.cli.doctor import report

        output, reason = self._studio.sound.output, self._studio.sound.reason
        return (*report(self._program.places, self.current), f"output      {output or 'none'} {reason}".rstrip())

    def look_after(self) -> None:
        """What waits for the end of a workout or for an output; called again and again."""
        if self._studio.busy:
            return
        if self._wants_player:
            self._wants_player = False
            self._change_player()
        if self._wants_music:
            self._wants_music = False
            self._change_music()
        if self._bell is not None:
            self._studio.poll()
            if self._studio.sound.ready:
                self._ring(self._bell)
            elif clock() - self._bell.since > BELL_WAITS_S:
                self._bell = None

    def _turn(self, due: set[SettingKey]) -> None:
        """Volumes that were changed here; those turned in a workout stay."""
        audio, studio = self.current.audio, self._studio
        studio.volumes = replace(
            studio.volumes,
            music=audio.music_volume if ("audio", "music_volume") in due else studio.volumes.music,
            cues=audio.cue_volume if ("audio", "cue_volume") in due else studio.volumes.cues,
            duck_db=audio.duck_db,
        )
        if due and not studio.busy:
            studio.sound.set_levels(studio.volumes.levels())

    def _change_player(self) -> None:
        old: Sound = self._studio.sound
        self._studio.sound = self._program.sound(self._output)
        self._studio.sound.set_levels(self._studio.volumes.levels())
        _in_thread(old.close, "sound-closer")

    def _change_music(self) -> None:
        old: Collector = self._studio.library
        self._studio.library = self._program.collector(self._music, demo=self._demo)
        self._studio.library.start()
        _in_thread(old.close, "collector-closer")

    def _ring(self, bell: _Bell) -> None:
        from nbd_tui.audio.score import CueHit, Score

        self._bell = None
        sound = self._studio.sound
        sound.new_session()
        now = sound.frame_at(clock())
        voices = (_snippet(now),) if bell.music else ()
        at = now + RATE if bell.music else now
        sound.set_levels(self._studio.volumes.levels())
        sound.play(Score(voices=voices, cues=(CueHit("test-bell", "bell-single", at, snap=not bell.music),)))


def _snippet(now: int) -> "VoiceSpan":
    """A few seconds of music, faded out."""
    from nbd_tui.audio.score import EnvelopePoint, SourceRef, VoiceSpan

    end = now + int(SNIPPET_S * RATE)
    source = SourceRef(str(asset("demo", SNIPPET)), int(SNIPPET_FROM_S * RATE))
    envelope = (EnvelopePoint(end - RATE, 1.0), EnvelopePoint(end, 0.0))
    return VoiceSpan("test-music", source, now, end, envelope, snap=True)


def _in_thread(work: Callable[[], None], name: str) -> None:
    """Closes what is replaced, which takes up to a second; the program's end waits for it."""
    threading.Thread(target=work, name=name).start()

"""Builds the program out of its parts, nothing else does; one ExitStack closes everything in reverse."""

import logging
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nbd_tui.cli.once import Once
from nbd_tui.errors import NbdError, SettingsError
from nbd_tui.media.output.clock import MONOTONIC, Clock
from nbd_tui.paths import Places, asset, places
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline

if TYPE_CHECKING:  # each part imports what it needs: Home is painted before they are made
    from collections.abc import Callable

    from nbd_tui.library.analyse import Workshop
    from nbd_tui.player.protocol import OutputChoice
    from nbd_tui.session.announcer import Announcer
    from nbd_tui.session.archive import Archive
    from nbd_tui.session.collector import Collector
    from nbd_tui.session.ears import Ears
    from nbd_tui.session.kept import Interruption, Journals
    from nbd_tui.session.library_desk import LibraryDesk
    from nbd_tui.session.script import Script
    from nbd_tui.session.sound import Sound
    from nbd_tui.session.studio import Session, Studio
    from nbd_tui.session.teller import Listener
    from nbd_tui.session.volumes import Volumes
    from nbd_tui.settings import Settings
    from nbd_tui.soundtrack.pin import Pin, WorkoutPins
    from nbd_tui.soundtrack.taste import MusicTaste
    from nbd_tui.store.database import Database
    from nbd_tui.store.opened import OpenedDatabase

LOG_BYTES: Final = 1_000_000
LOG_FILES: Final = 3

clock: Clock = MONOTONIC
"""The program's clock: steady, and the same in all of its processes."""


class Program:
    """Settings, places and the parts made from them, for one run of a command."""

    def __init__(
        self,
        stack: ExitStack,
        *,
        settings: "Settings | None" = None,
        settings_later: "Callable[[], Settings] | None" = None,
        logs: bool = True,
    ) -> None:
        """Loads the settings, unless they are given.

        Args:
            stack: closes what is started.
            settings: in place of those of the user's file.
            settings_later: gives them when they are first asked for; they are known to be good.
            logs: whether this run and its player write a log.

        Raises:
            SettingsError: the file cannot be used.
        """
        self.places = places()
        self._settings = settings
        self._settings_later = settings_later or self._load_settings
        if settings_later is None:
            self._settings = self.settings
        self._stack = stack
        self.notices: tuple[str, ...] = ()
        """What of the settings could not be had, known once there is a studio."""
        self.usual_pins: Mapping[PhaseKind, Pin] = {}
        """Those of the settings that can be used, likewise."""
        self._damage: tuple[str, ...] = ()
        self._journals = Once(self._open_journals)
        self._desk: tuple[LibraryDesk, OpenedDatabase] | None = None
        self._making_desk = threading.Lock()
        self._player_log = self.places.log.with_name("player.log") if logs else None
        be_quiet()
        if logs:
            start_log(self.places)

    @property
    def settings(self) -> "Settings":
        """As they hold now."""
        if self._settings is None:
            self._settings = self._settings_later()
        return self._settings

    @settings.setter
    def settings(self, settings: "Settings") -> None:
        self._settings = settings

    def _load_settings(self) -> "Settings":
        from nbd_tui.settings import load_settings

        return load_settings(self.places.settings_file)

    def sound(self, output: str | None) -> "Sound":
        """A player on its way up."""
        from nbd_tui.player.client import Player
        from nbd_tui.session.sound import Sound

        player = Player(
            log_file=self._player_log,
            output=output_choice(output, self.settings),
            cue_folder=asset("cues", self.settings.audio.cue_set),
            clock=clock,
        )
        sound = Sound(player, clock, self.settings.audio.latency_ms / 1000)
        self._stack.callback(sound.close)
        sound.set_levels(self.volumes.levels())
        sound.open()
        return sound

    @property
    def volumes(self) -> "Volumes":
        """The user's volumes; a player that begins with them need not glide there under the first bell."""
        from nbd_tui.session.volumes import Volumes

        audio = self.settings.audio
        return Volumes(audio.music_volume, audio.cue_volume, duck_db=audio.duck_db)

    def begin(
        self,
        studio: "Studio",
        preset: LoadedPreset,
        listen: "Listener" = lambda _: None,
        since: "Interruption | None" = None,
        script: "Script | None" = None,
    ) -> "Session":
        """Starts a workout, which tells first what music it has to do without.

        Args:
            studio: where it is played.
            preset: what is trained.
            listen: is told what happens.
            since: an interrupted session of this preset, which is taken up.
            script: the tracks that were decided on before.

        Raises:
            NbdError: the interrupted session stands nowhere in its workout.
        """
        from nbd_tui.cli.preset_pins import preset_pins
        from nbd_tui.session.taste import feasible
        from nbd_tui.workout.compile import compile_timeline

        kept = self.journals.resume(since) if since else self.journals.begin(preset)
        pins = preset_pins(preset, self.usual_pins)
        timeline = compile_timeline(preset.preset)
        taste, lacking = feasible(self.taste(preset, pins.wished))
        note = "; ".join((*pins.notes, *self.notices, *lacking))
        announcer = self.announcer(timeline)
        return studio.begin(timeline, pins.tracks, listen, note, announcer, kept, taste=taste, script=script)

    def taste(self, preset: LoadedPreset, pins: "WorkoutPins") -> "MusicTaste":
        """What is wished of the music of a preset: its own word before that of the settings as they are now."""
        from nbd_tui.session.taste import taste_for

        return taste_for(self.settings.music, preset.preset.music, pins)

    @property
    def journals(self) -> "Journals":
        """The journals of the sessions that run or were interrupted."""
        return self._journals()

    def _open_journals(self) -> "Journals":
        from nbd_tui.session.kept import Journals
        from nbd_tui.store.history import History

        journals = Journals(self.places.journal, History(self.database).file)
        self._stack.callback(journals.close)
        return journals

    def announcer(self, timeline: Timeline) -> "Announcer | None":
        """The voice of a session, as the settings have it now, looking for what it can say; None: there is none."""
        if (wanted := self.settings.audio.announcer) == "off":
            return None
        from nbd_tui.media.speech import Speech, find_engine
        from nbd_tui.session.announcer import Announcer, labels_said
        from nbd_tui.session.voice_book import VoiceBook

        labels = labels_said(timeline.segments) if wanted == "labels" else ()
        speech = Speech(find_engine(), self.places.speech_cache) if labels else None
        book = VoiceBook(_voice_folder(), labels, speech)
        book.start()
        return Announcer(timeline, book, labels=bool(labels))

    def archive(self) -> "Archive":
        """The sessions kept; what is to be written when the program ends is written."""
        from nbd_tui.session.archive import Archive
        from nbd_tui.store.history import History

        archive = Archive(History(self.database), notice=lambda: "; ".join(self._damage))
        self._stack.callback(archive.close)
        return archive

    def library(
        self, studio: "Callable[[], Studio]", *, may_analyse: "Callable[[], bool]"
    ) -> "tuple[LibraryDesk, Ears]":
        """The tracks for the screens, and what listens to them, yet to be started; never while a workout runs."""
        from nbd_tui.session.ears import Ears

        desk, database = self._library_desk(studio)
        ears = desk.ears = Ears(
            database, self._workshop, lambda: studio().library, lambda: may_analyse() and not studio().busy
        )
        self._stack.callback(ears.close)
        return desk, ears

    def _library_desk(self, studio: "Callable[[], Studio]") -> "tuple[LibraryDesk, OpenedDatabase]":
        """The one desk of a run, and its database; nothing is opened yet."""
        with self._making_desk:
            if self._desk is None:
                from nbd_tui.session.library_desk import LibraryDesk
                from nbd_tui.store.opened import OpenedDatabase

                database = OpenedDatabase(self.database, "the library")
                self._desk = LibraryDesk(database, lambda: studio().library), database
                self._stack.callback(self._desk[0].close)
            return self._desk

    def _workshop(self) -> "Workshop":
        from nbd_tui.library.analyse import Workshop

        return Workshop(self.places.cache, self.places.pcm_cache)

    def studio(
        self, output: str | None, music: Path | None, *, demo: bool = False, collect_now: bool = True
    ) -> "Studio":
        """Everything a session needs; unless `collect_now`, its library is yet to be started."""
        from nbd_tui.library.probe import ProbeWorker
        from nbd_tui.session.studio import Studio

        sound = self.sound(output)
        prober = ProbeWorker(self.places.pcm_cache)
        self._stack.callback(prober.close)
        library = self.collector(music, demo=demo)
        if collect_now:
            library.start()
        studio = Studio(
            sound=sound,
            prober=prober,
            library=library,
            clock=clock,
            volumes=self.volumes,
            fade_s=self.settings.audio.fade_s,
            keep_awake=self.settings.screen.keep_awake,
        )
        studio.judge = self._library_desk(lambda: studio)[0].judge
        return studio

    def collector(self, music: Path | None, *, demo: bool = False) -> "Collector":
        """Finds the tracks of a folder, else of those of the settings, else of the demo; yet to be started."""
        from nbd_tui.cli.checks import usable_pins
        from nbd_tui.cli.preset_pins import usual_pins
        from nbd_tui.session.collector import Collector

        folders = (music,) if music else self.settings.music.folders
        wanted = {} if music or demo else usual_pins(self.settings.music)
        self.usual_pins, self.notices = usable_pins(wanted)
        pins = {kind: pin.path for kind, pin in self.usual_pins.items() if pin.path}
        if demo or not folders:
            collector = Collector.of_demo(asset("demo"), pins)
        else:
            collector = Collector(folders, pins, self.database)
        self._stack.callback(collector.close)
        return collector

    def database(self) -> "Database":
        """The database of tracks and sessions."""
        from nbd_tui.store.database import open_database

        database = open_database(self.places.database)
        self._damage += database.warnings
        return database


def _voice_folder() -> Path | None:
    """The shipped clips; an installation that lacks them has a workout all the same, unannounced."""
    try:
        return asset("voice")
    except NbdError:
        logging.getLogger(__name__).exception("there is no voice")
        return None


def output_choice(asked: str | None, settings: "Settings") -> "OutputChoice":
    """The output of the command line, else of the settings.

    Raises:
        SettingsError: there is no such output.
    """
    from nbd_tui.player.protocol import OutputChoice

    wanted = asked or settings.audio.output
    try:
        return OutputChoice(wanted)
    except ValueError:
        known = ", ".join(OutputChoice)
        raise SettingsError(f"there is no output {wanted!r}", hint=f"one of {known}") from None


def be_quiet() -> None:
    """Without a log file, too, nothing that is logged gets to the terminal, which belongs to the screen."""
    logging.raiseExceptions = False
    logging.getLogger("nbd_tui").addHandler(logging.NullHandler())


def start_log(where: Places) -> None:
    """The program's log file; where it cannot be written, there is none."""
    from logging.handlers import RotatingFileHandler

    try:
        where.log.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            where.log, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, delay=True, encoding="utf-8"
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger("nbd_tui").addHandler(handler)
    logging.getLogger("nbd_tui").setLevel(logging.INFO)

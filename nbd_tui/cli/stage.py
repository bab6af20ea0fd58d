"""What the screens of one run stand on. Home is painted before all of it is there."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from nbd_tui.cli.once import Once
from nbd_tui.cli.wiring import Program
from nbd_tui.errors import NbdError, SettingsError
from nbd_tui.paths import Places
from nbd_tui.store.presets import Presets, load_presets
from nbd_tui.store.recall import Files, FirstLook, files_now, is_noted, remember
from nbd_tui.tui.preset_view import broken_line

if TYPE_CHECKING:  # Home is painted without them
    from nbd_tui.session.studio import Studio
    from nbd_tui.settings import Settings

Port = TypeVar("Port")


class Stage:
    """The studio of a run, made when it is first asked for."""

    def __init__(
        self,
        program: Program,
        output: str | None,
        music: Path | None,
        *,
        demo: bool = False,
        collect_now: bool = False,
    ) -> None:
        """A stage over the parts of a program.

        Args:
            program: Makes the studio.
            output: That of the command line.
            music: Likewise.
            demo: The music is that of the demo.
            collect_now: The studio's library is started with it.
        """
        self.program = program
        self.output = output
        self.music = music
        self.demo = demo
        self._collect_now = collect_now
        self._loading = threading.Lock()
        self._studio = Once(self._make)

    def load(self) -> None:
        """Imports what the studio is made of; who needs it waits for whoever is at it, in any thread."""
        with self._loading:
            import nbd_tui.cli.checks
            import nbd_tui.cli.preset_pins
            import nbd_tui.library.probe
            import nbd_tui.player.client
            import nbd_tui.session.collector
            import nbd_tui.session.conductor
            import nbd_tui.session.ears
            import nbd_tui.session.library_desk
            import nbd_tui.session.studio
            import nbd_tui.settings
            import nbd_tui.store.opened  # noqa: F401

    def set_up(self) -> None:
        """Makes the studio: its player starts while other things are done."""
        self._studio()

    @property
    def is_up(self) -> bool:
        """There is a studio."""
        return self._studio.is_made

    @property
    def studio(self) -> "Studio":
        """Sound, probe and music; one, though a plan may ask for it while Home does."""
        return self._studio()

    def _make(self) -> "Studio":
        self.load()
        return self.program.studio(self.output, self.music, demo=self.demo, collect_now=self._collect_now)


class _Later:
    """Stands for a port; the first use of it makes the port."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._port = Once(make)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._port(), name)


def later(make: Callable[[], Port]) -> Port:
    """A port whose parts are imported and made when it is first used, not before the first screen."""
    return cast("Port", _Later(make))


def look_at(settings: "Settings", presets: Presets) -> FirstLook:
    """What the first screen needs of settings and presets."""
    return FirstLook(
        theme=settings.screen.theme,
        gloves=settings.screen.glove,
        favourites=settings.home.favourites,
        keys=settings.keys,
        presets=presets.loaded,
        broken=tuple(map(broken_line, presets.errors)),
    )


def settings_in(files: Files, where: Places) -> "Settings":
    """The settings that these files say.

    Raises:
        SettingsError: they cannot be used.
    """
    from nbd_tui.settings import Settings, settings_of
    from nbd_tui.userfile import toml_of

    if files.settings is None:
        return Settings()
    return settings_of(toml_of(files.settings, where.settings_file, SettingsError))


def note_look(where: Places) -> None:
    """At the end of a run: leaves a note for the next one, unless there is one that is still true."""
    files = files_now(where)
    if files is None or is_noted(where, files):
        return
    try:
        look = look_at(settings_in(files, where), load_presets(where.presets))
    except NbdError:
        return
    if files_now(where) == files:
        remember(where, files, look)

"""What the settings screen, the first run and the palette ask of the program around them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from nbd_tui.errors import SettingsError

if TYPE_CHECKING:
    from nbd_tui.settings import Settings

SettingKey: TypeAlias = tuple[str, ...]
"""Table and key, as `("audio", "music_volume")`."""

Listener: TypeAlias = "Callable[[Settings], None]"


class SettingsPort(Protocol):
    """The settings of the running program. All but `change` and `report` are called on the screen's thread only."""

    @property
    def current(self) -> "Settings":
        """As they hold now."""
        ...

    @property
    def file(self) -> Path:
        """Where they are written."""
        ...

    def change(self, key: SettingKey, value: object | None) -> "Settings":
        """Writes one key (None: its default again) and returns what holds from now on. Any thread; waits for the disk.

        Raises:
            SettingsError: it cannot be; nothing was changed.
        """
        ...

    def change_all(self, changes: Mapping[SettingKey, object | None]) -> "Settings":
        """The same for several keys, all or none of them.

        Raises:
            SettingsError: they cannot be; nothing was changed.
        """
        ...

    def apply(self) -> None:
        """Brings what was changed to the running program, and tells the listeners."""
        ...

    def listen(self, listener: Listener) -> None:
        """Has `listener` called after every change."""
        ...

    def when(self, key: SettingKey) -> str:
        """When a change of this key is heard or seen; empty: at once."""
        ...

    def ring(self, *, music: bool = False) -> str:
        """Rings the bell, with a few seconds of music if wanted; why it is not heard at once, or empty."""
        ...

    def rescan(self) -> None:
        """Looks through the music folders again."""
        ...

    def settle(self) -> None:
        """Makes the settings file where there is none: the first run is over. Any thread; waits for the disk.

        Raises:
            SettingsError: it cannot be written.
        """
        ...

    def report(self) -> tuple[str, ...]:
        """What `nbd doctor` says, line by line. Any thread; takes a while."""
        ...


class NoSettings:
    """For an app without a settings file: the defaults, which cannot be changed."""

    file = Path("settings.toml")

    @property
    def current(self) -> "Settings":
        """The defaults."""
        from nbd_tui.settings import Settings

        return Settings()

    def change(self, key: SettingKey, value: object | None) -> "Settings":  # noqa: ARG002 - it cannot be
        """Refuses."""
        raise SettingsError("there are no settings to change here")

    def change_all(self, changes: Mapping[SettingKey, object | None]) -> "Settings":  # noqa: ARG002
        """Refuses."""
        raise SettingsError("there are no settings to change here")

    def apply(self) -> None:
        """Nothing was changed."""

    def listen(self, listener: Listener) -> None:
        """Nothing will be."""

    def when(self, key: SettingKey) -> str:  # noqa: ARG002
        """Never matters."""
        return ""

    def ring(self, *, music: bool = False) -> str:  # noqa: ARG002
        """There is no player."""
        return "no sound"

    def rescan(self) -> None:
        """There is no music."""

    def settle(self) -> None:
        """There is no file."""

    def report(self) -> tuple[str, ...]:
        """Nothing is known."""
        return ()

"""Settings over a real file of the test's own, without sound or music; notes what was asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbd_tui.settings import Settings, load_settings
from nbd_tui.store.settings_file import change_settings, make_settings_file
from nbd_tui.tui.ports_settings import Listener, SettingKey


@dataclass
class FakeSettings:
    """See `nbd_tui.tui.ports_settings.SettingsPort`."""

    file: Path
    keys: dict[str, str] = field(default_factory=dict)
    """To be given to the app as its keys."""
    rung: list[bool] = field(default_factory=list)
    """For each bell: whether with music."""
    silence: str = ""
    rescans: int = 0
    _listeners: list[Listener] = field(default_factory=list)

    @property
    def current(self) -> Settings:
        return load_settings(self.file)

    def change(self, key: SettingKey, value: object | None) -> Settings:
        return self.change_all({key: value})

    def change_all(self, changes: Mapping[SettingKey, object | None]) -> Settings:
        change_settings(self.file, changes)
        return self.current

    def apply(self) -> None:
        self.keys.clear()
        self.keys.update(self.current.keys)
        for listener in self._listeners:
            listener(self.current)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def when(self, key: SettingKey) -> str:
        return "from the next workout" if key == ("audio", "fade_s") else ""

    def ring(self, *, music: bool = False) -> str:
        self.rung.append(music)
        return self.silence

    def rescan(self) -> None:
        self.rescans += 1

    def settle(self) -> None:
        make_settings_file(self.file)

    def report(self) -> tuple[str, ...]:
        return ("nbd-tui     1.0", "output      silent")

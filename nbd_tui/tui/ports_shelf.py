"""What the screens ask of the presets on disk. The command line wires it; tests give a folder of their own."""

from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from nbd_tui.errors import PresetError
from nbd_tui.store.presets import LoadedPreset, Presets

if TYPE_CHECKING:
    from nbd_tui.store.preset_files import DeletedPreset
    from nbd_tui.workout.preset import Preset


class Shelf(Protocol):
    """The presets, to be read and changed (`store.preset_files.PresetShelf`).

    For any thread. All but the favourites wait for the disk; what cannot be changed raises a `UserError`.
    """

    @property
    def favourites(self) -> tuple[str, ...]:
        """Ids."""
        ...

    def load(self) -> Presets:
        """All presets, and why others cannot be used."""
        ...

    def signature(self) -> object:
        """Changes when a file does."""
        ...

    def save(self, preset: "Preset") -> LoadedPreset:
        """Writes a new one."""
        ...

    def update(self, loaded: LoadedPreset, preset: "Preset") -> LoadedPreset:
        """Changes one of the user's; raises a `PresetChangedError` where another program did so meanwhile."""
        ...

    def copy(self, loaded: LoadedPreset, changed: "Preset | None" = None) -> LoadedPreset:
        """Makes one like another."""
        ...

    def rename(self, loaded: LoadedPreset, name: str) -> LoadedPreset:
        """Gives one another name and file."""
        ...

    def delete(self, loaded: LoadedPreset) -> "DeletedPreset":
        """Puts one aside."""
        ...

    def restore(self, deleted: "DeletedPreset") -> LoadedPreset:
        """Brings it back."""
        ...

    def set_favourite(self, preset_id: str, *, wanted: bool) -> None:
        """Stars one, or takes the star away."""
        ...

    def news(self) -> str:
        """What of the favourites could not be written down when a file was changed, once; else empty."""
        ...


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    raise PresetError("presets cannot be changed here")


class NoShelf:
    """For an app without a folder of presets: those it has cannot be changed."""

    favourites: tuple[str, ...] = ()
    save = update = copy = rename = delete = restore = set_favourite = staticmethod(_refuse)

    def load(self) -> Presets:
        """None."""
        return Presets(())

    def signature(self) -> None:
        """Nothing ever changes."""

    def news(self) -> str:
        """Nothing."""
        return ""


NO_SHELF: Final = NoShelf()

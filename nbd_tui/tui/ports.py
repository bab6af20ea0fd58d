"""What the screens ask of the program around them. The command line wires it; tests give a script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from nbd_tui.keymap import Action
from nbd_tui.model.units import Monotonic
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.ports_history import NO_HISTORY, KeptSessions
from nbd_tui.tui.ports_interrupted import InterruptedSessions
from nbd_tui.tui.ports_library import NO_LIBRARY, NO_PREVIEW, LibraryPort, PreviewPort
from nbd_tui.tui.ports_plan import PlanPort
from nbd_tui.tui.ports_settings import NoSettings, SettingsPort
from nbd_tui.tui.ports_shelf import NO_SHELF, Shelf

if TYPE_CHECKING:  # Home is painted without the engine
    from nbd_tui.session.actions import Order
    from nbd_tui.session.snapshot import SessionSnapshot
    from nbd_tui.store.records import SessionRecord


class RunningSession(Protocol):
    """A workout under way. No method blocks."""

    def snapshot(self) -> "SessionSnapshot":
        """The newest moment of the session; a cheap read."""
        ...

    def send(self, action: "Action | Order") -> None:
        """Hands over what the user asked for; its effect shows in a later snapshot."""
        ...

    def record(self) -> "SessionRecord | None":
        """What has been done, as the history keeps it; whole once the session is over. None before it has begun."""
        ...

    def pause(self) -> None:
        """Pauses it, if it runs."""
        ...

    def close(self) -> None:
        """Ends the session and its sound, finished or not. Called exactly once."""
        ...


@dataclass
class Gloves:
    """Whether the program is played in gloves; the app turns it, every screen reads it."""

    on: bool = False


def _nothing() -> str:
    return ""


def _today() -> date:
    return datetime.now().astimezone().date()


def _no_news() -> tuple[str, ...]:
    return ()


def _no_more() -> None:
    return


def _forgotten(_picture: str, _size: tuple[int, int]) -> None:
    return


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything the app is given. Texts may come from files: they are shown as they are."""

    presets: tuple[LoadedPreset, ...]
    start: Callable[[LoadedPreset], RunningSession]
    """Begins a workout.

    Raises:
        NbdError: it cannot begin; the text is shown and Home stays.
    """
    clock: Callable[[], Monotonic]
    """The clock of the session's snapshots."""
    broken: tuple[str, ...] = ()
    """Preset files that could not be read, one line each."""
    notices: tuple[str, ...] = ()
    """What else the user should know at the start."""
    library_line: Callable[[], str] = _nothing
    """State of the music library; asked once a second."""
    sound_line: Callable[[], str] = _nothing
    """State of the sound output; asked once a second."""
    behind: Callable[[], None] | None = None
    """Imports what `painted` and the keys of Home need, in a thread; None: it is there."""
    painted: Callable[[], tuple[str, ...]] = _no_news
    """Called once, when the first screen stands: time for what it could do without, which may be news for Home."""
    keep_picture: Callable[[str, tuple[int, int]], None] = _forgotten
    """Is given Home as it was first painted, ready for a terminal of so many columns and rows."""
    leaving: Callable[[], None] = _no_more
    """Called when the program is about to end and no workout runs: what takes a while to end may begin to."""
    interrupted: InterruptedSessions | None = None
    """The sessions that were interrupted, if they are asked about."""
    shelf: Shelf = NO_SHELF
    """The presets on disk, to be changed."""
    today: Callable[[], date] = _today
    """The local date."""
    history: KeptSessions = NO_HISTORY
    """The sessions kept; the summary and the history screen write to it as well."""
    library: LibraryPort = NO_LIBRARY
    """The tracks, with what is heard in them; the screens write corrections and opinions to it."""
    preview: PreviewPort = NO_PREVIEW
    """Plays a track outside any workout."""
    plan: PlanPort | None = None
    """Plans workouts before they begin; None: they begin at once."""
    theme: str = "ring"
    """The palette to begin with (`theme.PALETTES`)."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The user's keys by binding id, already checked (`keymap.keymap_problems`)."""
    settings: SettingsPort = field(default_factory=NoSettings)
    """The settings, to be read and changed."""
    gloves: Gloves = field(default_factory=Gloves)
    """Glove mode, as it is now."""
    first_run: bool = False
    """Nothing of the user's is there yet: the guided path comes before Home."""

"""What the plan screen asks of the program: plans, and to start with one. The command line wires it; tests give one."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # Home is painted without numpy
    from nbd_tui.session.planned import Asked, Planned
    from nbd_tui.session.script import Script
    from nbd_tui.store.presets import LoadedPreset
    from nbd_tui.tui.ports import RunningSession


class Planner(Protocol):
    """Plans the music of one workout, as often as it is asked."""

    def plan(self, asked: "Asked") -> "Planned":
        """A plan. Waits for the disk: call it from a thread, one at a time.

        Raises:
            LibraryError: what was heard in the tracks cannot be read.
        """
        ...

    def version(self) -> int:
        """Another number when so many more tracks are there that another plan would be better. Cheap."""
        ...

    def close(self) -> None:
        """No more plans are asked for."""
        ...


class PlanPort(Protocol):
    """Plans workouts and starts them."""

    def seed(self) -> int:
        """Any number a plan may be made by, short enough to be read out."""
        ...

    def open(self, preset: "LoadedPreset") -> Planner:
        """A planner for a workout. Imports what planning needs: call it from a thread.

        Raises:
            NbdError: it cannot be planned.
        """
        ...

    def start(self, preset: "LoadedPreset", script: "Script") -> "RunningSession":
        """Begins a workout with the tracks of a plan.

        Raises:
            NbdError: it cannot begin.
        """
        ...

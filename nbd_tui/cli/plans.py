"""Plans for the screen before a workout, over the parts of a running program."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbd_tui.cli.stage import Stage
from nbd_tui.cli.wiring import preset_pins
from nbd_tui.store.presets import LoadedPreset

if TYPE_CHECKING:  # Home is painted without them
    from nbd_tui.session.plan_desk import PlanDesk
    from nbd_tui.session.script import Script
    from nbd_tui.session.studio import Session
    from nbd_tui.store.hearings import HearingStore
    from nbd_tui.store.opened import OpenedDatabase


class PlansOfProgram:
    """See `tui.ports_plan.PlanPort`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._database: OpenedDatabase | None = None

    def open(self, preset: LoadedPreset) -> "PlanDesk":
        """A desk for the plans of a workout.

        Raises:
            PresetError: it cannot be used.
        """
        from nbd_tui.session.plan_desk import PlanDesk
        from nbd_tui.workout.compile import compile_timeline

        pins, _ = preset_pins(preset)
        timeline = compile_timeline(preset.preset)
        taste = self._stage.program.taste(preset, self._stage.studio.library.pins)
        return PlanDesk(timeline, self._stage.studio.library.pool, pins, taste, self._hearings)

    def start(self, preset: LoadedPreset, script: "Script") -> "Session":
        """Begins a workout with the tracks of a plan."""
        return self._stage.program.begin(self._stage.studio, preset, script=script)

    @contextmanager
    def _hearings(self) -> "Iterator[HearingStore | None]":
        """What was heard in the tracks of the library in use; nothing is kept of the demo's."""
        from nbd_tui.store.hearings import HearingStore
        from nbd_tui.store.opened import OpenedDatabase

        if not self._stage.studio.library.folders:
            yield None
            return
        self._database = self._database or OpenedDatabase(self._stage.program.database, "the library")
        with self._database.connected("be read") as connection:
            yield HearingStore(connection)

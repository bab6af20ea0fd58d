"""Plans for the screen before a workout, over the parts of a running program."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nbd_tui.cli.stage import Stage
from nbd_tui.model.corrected import corrected
from nbd_tui.store.presets import LoadedPreset

if TYPE_CHECKING:  # Home is painted without them
    from nbd_tui.model.hearing import Hearing
    from nbd_tui.session.plan_desk import PlanDesk
    from nbd_tui.session.script import Script
    from nbd_tui.session.studio import Session
    from nbd_tui.soundtrack.filling import HearingOf
    from nbd_tui.store.hearings import HearingStore
    from nbd_tui.store.opened import OpenedDatabase

SEEDS: Final = 10_000


class PlansOfProgram:
    """See `tui.ports_plan.PlanPort`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._database: OpenedDatabase | None = None

    def seed(self) -> int:
        """Any one, as of `nbd plan`."""
        return int.from_bytes(os.urandom(4)) % SEEDS

    def open(self, preset: LoadedPreset) -> "PlanDesk":
        """A desk for the plans of a workout.

        Raises:
            PresetError: it cannot be used.
        """
        from nbd_tui.cli.preset_pins import preset_pins
        from nbd_tui.session.plan_desk import PlanDesk
        from nbd_tui.session.taste import feasible
        from nbd_tui.workout.compile import compile_timeline

        program, library = self._stage.program, self._stage.studio.library
        pins = preset_pins(preset, program.usual_pins)
        timeline = compile_timeline(preset.preset)
        taste, lacking = feasible(program.taste(preset, pins.wished))
        note = "; ".join((*pins.notes, *program.notices, *lacking))
        return PlanDesk(timeline, library.pool, pins.tracks, taste, self._hearings, note=note)

    def start(self, preset: LoadedPreset, script: "Script") -> "Session":
        """Begins a workout with the tracks of a plan."""
        return self._stage.program.begin(self._stage.studio, preset, script=script)

    @contextmanager
    def _hearings(self) -> "Iterator[HearingOf]":
        """What was heard in the tracks of the library in use, with the user's corrections."""
        from nbd_tui.store.hearings import HearingStore
        from nbd_tui.store.opened import OpenedDatabase

        library = self._stage.studio.library
        if not library.folders:
            yield library.recall().hearing
            return
        self._database = self._database or OpenedDatabase(self._stage.program.database, "the library")
        with self._database.connected("be read") as connection:
            yield partial(_hearing, HearingStore(connection))


def _hearing(store: "HearingStore", path: Path) -> "Hearing | None":
    found = store.hearing(path)
    return corrected(found, store.correction(path)) if found else None

"""Changes to presets on behalf of a screen: off its thread, one after the other, each answered in a line."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from nbd_tui.tui.ports_shelf import Shelf
from nbd_tui.tui.preset_view import PresetView, broken_line, preset_view

Result = TypeVar("Result")


class ShelfDesk:
    """Between a screen and the shelf. Its methods are called on the screen's thread and never make that wait."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._turn = asyncio.Lock()
        self._known: dict[object, PresetView] = {}
        self._signature: object = None
        self._watched = False

    async def do(self, work: Callable[[], Result]) -> Result:
        """Runs `work` in a thread, after whatever was asked before it.

        Raises:
            UserError: what `work` raised.
        """
        async with self._turn:
            return await asyncio.to_thread(work)

    async def load(self) -> tuple[list[PresetView], tuple[str, ...]]:
        """All presets ready for the eye, and a line for each that cannot be used."""
        return await self.do(self._load)

    async def has_changed(self) -> bool:
        """Whether a file has changed since this was asked last; false the first time."""
        signature = await self.do(self.shelf.signature)
        changed = self._watched and signature != self._signature
        self._signature, self._watched = signature, True
        return changed

    def _load(self) -> tuple[list[PresetView], tuple[str, ...]]:
        """Compiles only what is new."""
        presets = self.shelf.load()
        views = []
        for loaded in presets.loaded:
            known = self._known.get(loaded.file)
            views.append(known if known is not None and known.loaded == loaded else preset_view(loaded))
        self._known = {view.loaded.file: view for view in views}
        return views, tuple(map(broken_line, presets.errors))

"""What the keys of Home do to presets: each change off the screen's thread, each answered on the screen's one line."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from nbd_tui.errors import HistoryError, UserError
from nbd_tui.paths import with_home_as_tilde
from nbd_tui.store.preset_names import name_of_copy
from nbd_tui.store.presets import LoadedPreset
from nbd_tui.tui.background import in_background
from nbd_tui.tui.key_guard import KeyGuard
from nbd_tui.tui.keys import first_key
from nbd_tui.tui.messages import StartWorkout
from nbd_tui.tui.ports import Services
from nbd_tui.tui.preset_view import PresetView, reason_of
from nbd_tui.tui.screens.sized import SizedScreen
from nbd_tui.tui.shelf_desk import ShelfDesk
from nbd_tui.tui.text import Glyphs, clean

if TYPE_CHECKING:
    from nbd_tui.store.preset_files import DeletedPreset
    from nbd_tui.workout.quick import QuickForm

Result = TypeVar("Result")


class PresetActions(SizedScreen):
    """A screen that has a chosen preset, and keys to make, change and put away presets."""

    def __init__(self, services: Services, glyphs: Glyphs) -> None:
        super().__init__()
        self._services = services
        self._glyphs = glyphs
        self._desk = ShelfDesk(services.shelf)
        self._deleted: list[DeletedPreset] = []
        self._guard = KeyGuard(services.clock)

    @property
    def chosen(self) -> PresetView | None:
        """The preset that is meant."""
        raise NotImplementedError

    @property
    def views(self) -> list[PresetView]:
        """All presets."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Answers a key."""
        raise NotImplementedError

    def look_back(self) -> None:
        """Reads anew what was done when."""
        raise NotImplementedError

    def warn(self, *words: str) -> None:
        """Tells what is to be known for longer than an answer stands."""
        raise NotImplementedError

    async def reload(self, chosen: LoadedPreset | None = None) -> None:
        """Reads the presets anew and chooses one."""
        raise NotImplementedError

    def action_favourite(self) -> None:
        """Puts a star on the preset, or takes it away."""
        if (view := self.chosen) is None:
            return
        shelf, loaded = self._services.shelf, view.loaded

        def toggle() -> bool:
            wanted = loaded.id not in shelf.favourites
            shelf.set_favourite(loaded.id, wanted=wanted)
            return wanted

        def done(is_favourite: bool) -> tuple[str, LoadedPreset]:
            return f"{_quoted(loaded)} is {'a favourite' if is_favourite else 'no favourite any more'}", loaded

        self._change(toggle, done)

    def action_copy(self) -> None:
        """Makes a preset of the user's own like this one."""
        if (view := self.chosen) is None:
            return
        after = f"{self._key('home.rename')} renames, {self._key('home.edit')} edits it"
        self._change(
            lambda: self._services.shelf.copy(view.loaded), lambda made: (f"made {_quoted(made)} · {after}", made)
        )

    def action_delete(self) -> None:
        """Puts the preset aside."""
        view = self._own("stays")
        if view is None or not self._guard.allows("delete"):
            return
        shelf, loaded = self._services.shelf, view.loaded

        def done(deleted: "DeletedPreset") -> tuple[str, None]:
            self._deleted.append(deleted)
            return f"deleted {_quoted(loaded)} · {self._key('home.undo')} brings it back", None

        self._change(lambda: shelf.delete(loaded), done)

    def action_undo(self) -> None:
        """Brings back the preset deleted last."""
        if not self._deleted:
            self.say("nothing was deleted")
            return
        deleted = self._deleted.pop()
        self._change(lambda: self._services.shelf.restore(deleted), lambda back: (f"{_quoted(back)} is back", back))

    def rename(self, view: PresetView, name: str) -> None:
        """Gives the preset another name."""
        loaded = view.loaded
        if name.strip() == loaded.preset.name:
            self.say("the name stays")
            return

        def done(new: LoadedPreset) -> tuple[str, LoadedPreset]:
            if new.id != loaded.id:
                in_background(self, partial(self._take_past_along, loaded.id, new.id), group="past")
            return f"{_quoted(loaded)} is now {_quoted(new)}", new

        self._change(lambda: self._services.shelf.rename(loaded, name), done)

    async def _take_past_along(self, old: str, new: str) -> None:
        """What was done of a preset stays its own under another id."""
        try:
            await asyncio.shield(asyncio.wrap_future(self._services.history.renamed(old, new)))
        except HistoryError as error:
            self.say(f"what was done of it stays under its old name: {reason_of(error)}")
        self.look_back()

    def action_new(self) -> None:
        """Opens an empty form."""
        from nbd_tui.workout.quick import QuickForm

        self._open_form(QuickForm(""), None)

    def action_edit(self) -> None:
        """Opens the form over the preset, where it can show all of it."""
        from nbd_tui.workout.quick import form_of

        if (view := self.chosen) is None:
            return
        loaded, form = view.loaded, form_of(view.loaded.preset)
        if form is None:
            where = with_home_as_tilde(loaded.file)
            self.say(f"more than the form can show · {self._key('home.copy')} copies it · edit {where}")
        elif loaded.builtin:
            name = name_of_copy(form.name, [other.loaded.preset.name for other in self.views])
            self._open_form(replace(form, name=name), loaded)
        else:
            self._open_form(form, loaded)

    def _open_form(self, form: "QuickForm", loaded: LoadedPreset | None) -> None:
        from nbd_tui.tui.screens.quick_form import QuickFormScreen

        self.app.push_screen(
            QuickFormScreen(self._services, self._desk, self._glyphs, form=form, loaded=loaded, saved=self._saved)
        )

    def _saved(self, loaded: LoadedPreset, *, start: bool) -> None:
        """The form is done."""
        in_background(self, partial(self.reload, loaded), group="presets")
        self.say(f"saved {_quoted(loaded)}")
        if start:
            self.post_message(StartWorkout(loaded))

    def _own(self, otherwise: str) -> PresetView | None:
        """The chosen preset, if it is the user's; says why not where it comes with the program."""
        view = self.chosen
        if view is None or not view.loaded.builtin:
            return view
        self.say(
            f"{_quoted(view.loaded)} is built in and {otherwise} · {self._key('home.copy')} makes a copy of your own"
        )
        return None

    def _change(self, work: Callable[[], Result], done: Callable[[Result], tuple[str, LoadedPreset | None]]) -> None:
        """Has `work` done, then says what `done` makes of its result and chooses the preset it gives."""
        in_background(self, partial(self._carry_out, work, done), group="presets")

    async def _carry_out(
        self, work: Callable[[], Result], done: Callable[[Result], tuple[str, LoadedPreset | None]]
    ) -> None:
        try:
            words, chosen = done(await self._desk.do(work))
            words = " · ".join(filter(None, (clean(self._services.shelf.news()), words)))
        except UserError as error:
            words, chosen = reason_of(error), None
        self.say(words)
        await self.reload(chosen)

    def _key(self, binding_id: str) -> str:
        return first_key(binding_id, self._services.keys)


def _quoted(loaded: LoadedPreset) -> str:
    return f'"{clean(loaded.preset.name)}"'

"""From the keymap to Textual's bindings and to the words that name keys on the screen."""

from collections.abc import Iterable, Mapping

from textual.binding import Binding

from nbd_tui.keymap import BINDINGS, KeyBinding, keys_of
from nbd_tui.keynames import key_label

_TRACKS_AND_EFFORT = (("↑ ↓", "choose a track"), ("1 … 9 0", "effort, 0 is 10 (again: none)"))

FIXED: dict[str, tuple[tuple[str, str], ...]] = {
    "home": (("↑ ↓", "choose a preset"),),
    "summary": (*_TRACKS_AND_EFFORT, ("enter", "home")),
    "session": (*_TRACKS_AND_EFFORT, ("escape  ←", "back to the history")),
    "history": (("↑ ↓", "choose a session"), ("escape  ←", "home")),
    "form": (("↑ ↓ tab", "another field"), ("enter", "the next field")),
}
"""Keys of a screen that no setting moves, with their words."""

SUMMARY_IDS = frozenset(binding.id for binding in BINDINGS if binding.scope == "summary")

BORROWED: dict[str, frozenset[str]] = {
    "summary": frozenset({"home.quit"}),
    "session": frozenset({"home.quit", *SUMMARY_IDS}),
    "history": frozenset({"home.quit"}),
}
"""Bindings a screen takes from another scope."""


def screen_bindings(scope: str, actions: Mapping[str, str]) -> list[Binding]:
    """The bindings of a scope; `actions` gives the Textual action by binding id, `""` the one for all others.

    In the action `{id}` stands for the binding's id.
    """
    return [
        Binding(
            binding.keys,
            actions.get(binding.id, actions.get("", "")).format(id=binding.id),
            binding.label,
            id=binding.id,
            show=False,
        )
        for binding in BINDINGS
        if binding.scope == scope
    ]


def quit_bindings() -> list[Binding]:
    """The key that ends the program, for screens on which nothing can be lost."""
    return [binding for binding in screen_bindings("home", {"home.quit": "leave"}) if binding.id == "home.quit"]


def first_key(binding_id: str, remapped: Mapping[str, str]) -> str:
    """The key that hints name: the first one of an action."""
    return key_label(keys_of(binding_id, remapped)[0])


def hint(binding_ids: str | Iterable[str], words: str, remapped: Mapping[str, str]) -> str:
    """`space pause`; several actions share words as in `+/- 15 s`."""
    ids = [binding_ids] if isinstance(binding_ids, str) else list(binding_ids)
    return f"{'/'.join(first_key(binding_id, remapped) for binding_id in ids)} {words}"


def fitting(hints: Iterable[str], width: int) -> str:
    """As many whole hints as the line has room for; the last two stay longest, and the last one always."""
    kept = list(hints)
    while len(kept) > 1 and len("  ".join(kept)) > width:
        del kept[-3 if len(kept) > 2 else 0]
    return "  ".join(kept)


def help_rows(scope: str, remapped: Mapping[str, str]) -> list[tuple[str, str]]:
    """Keys and words of everything that works in a scope."""
    borrowed = BORROWED.get(scope, frozenset())
    own = [binding for binding in BINDINGS if binding.scope == scope or binding.id in borrowed]
    everywhere = [binding for binding in BINDINGS if binding.scope == "everywhere"]
    return [*FIXED.get(scope, ()), *(_help_row(binding, remapped) for binding in (*own, *everywhere))]


def _help_row(binding: KeyBinding, remapped: Mapping[str, str]) -> tuple[str, str]:
    return "  ".join(key_label(key) for key in keys_of(binding.id, remapped)), binding.label

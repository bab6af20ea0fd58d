"""From the keymap to Textual's bindings and to the words that name keys on the screen."""

from collections.abc import Container, Iterable, Mapping
from typing import Any, Final

from textual.binding import Binding
from textual.screen import Screen

from nbd_tui.keymap import BINDINGS, keys_of
from nbd_tui.keynames import key_label

_MANY: Final = 7
_TEXTUALS_OWN: Final = frozenset({"app.focus_next", "app.focus_previous", "screen.copy_text"})
"""Actions that every screen of Textual's has, and ours have no use for."""


def screen_bindings(
    scope: str,
    actions: Mapping[str, str],
    *,
    before_fields: Container[str] = frozenset(),
    only: Container[str] | None = None,
) -> list[Binding]:
    """The bindings of a scope.

    Args:
        scope: Of the keymap.
        actions: Textual's action by binding id, `""` the one for all others; in it `{id}` stands for the binding's id.
        before_fields: Ids of bindings that hold also where a text field has the same key.
        only: The ids that are wanted; None: all of the scope.
    """
    return [
        Binding(
            binding.keys,
            actions.get(binding.id, actions.get("", "")).format(id=binding.id),
            binding.label,
            id=binding.id,
            show=False,
            priority=binding.id in before_fields,
        )
        for binding in BINDINGS
        if binding.scope == scope and (only is None or binding.id in only)
    ]


def quit_bindings() -> list[Binding]:
    """The key that ends the program, for screens on which nothing can be lost."""
    return screen_bindings("home", {"home.quit": "leave"}, only={"home.quit"})


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


def help_rows(screen: Screen[Any]) -> list[tuple[str, str]]:
    """Keys and words of everything that works on a screen at this moment, its list and the whole app included.

    Made from the bindings themselves; only keys without words are left out, such as the ones that always leave.
    """
    keys_by_words: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        is_ours = type(active.node).__module__.startswith("nbd_tui.")
        if is_ours and active.binding.description and active.binding.action not in _TEXTUALS_OWN:
            keys_by_words.setdefault(active.binding.description, []).append(key_label(key))
    return [(_in_a_row(keys), words) for words, keys in keys_by_words.items()]


def _in_a_row(keys: list[str]) -> str:
    """Many keys for one thing are a row of the keyboard, such as the digits."""
    return "  ".join(keys) if len(keys) < _MANY else f"{keys[0]} … {keys[-1]}"

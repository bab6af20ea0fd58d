"""The names of keys: as people write them, as Textual 8 has them, as the screen shows them. Knows no Textual."""

import string
import unicodedata

from nbd_tui.errors import nearest

_MODIFIERS = ("alt", "ctrl", "shift")
"""In the order in which Textual writes them."""

_NAMED = {
    "space": "space", "enter": "enter", "escape": "esc", "tab": "tab", "backspace": "backspace", "delete": "del",
    "insert": "ins", "home": "home", "end": "end", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓",
    "left": "←", "right": "→", **{f"f{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip
"""Keys that are no character, and their labels."""

_OTHER_NAMES = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "page_up": "pageup",
    "pgdn": "pagedown", "pgdown": "pagedown", "page_down": "pagedown", "spacebar": "space", "bar": "vertical_line",
    "equals": "equals_sign", "equal": "equals_sign", "period": "full_stop", "dot": "full_stop", "hyphen": "minus",
    "backtick": "grave_accent", "plus_sign": "plus", "hyphen_minus": "minus", "solidus": "slash",
    "reverse_solidus": "backslash", "commercial_at": "at", "low_line": "underscore",
}  # fmt: skip

_IN_TEXT = frozenset(
    {"space", "enter", "tab", "backspace", "delete", "home", "end", "up", "down", "left", "right", "shift+tab"}
)

_SAME_IN_TERMINALS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
"""Combinations that a terminal sends as another key."""

_SHORTER = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
"""Textual's own words for some characters' Unicode names (textual.keys.KEY_NAME_REPLACEMENTS)."""


def split_keys(keys: str) -> tuple[str, ...]:
    """The keys of a list separated by commas; a comma alone is the key itself."""
    if keys.strip() == ",":
        return (",",)
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def normalised_key(key: str) -> str | None:
    """Textual's name for what the user wrote (`+` and `Shift+r` become `plus` and `R`), None where it is no key.

    Textual names a letter by itself, in its case, and any other character by its Unicode name.
    """
    if len(key) == 1:
        return _name_of_character(key)
    *modifiers, base = key.split("+") if not key.endswith("++") else [*key[:-2].split("+"), "+"]
    wanted = {modifier.strip().lower() for modifier in modifiers}
    if not wanted <= set(_MODIFIERS) or len(wanted) != len(modifiers):
        return None
    name = _normalised_base(base.strip())
    return name if name is None or not wanted else _combined(wanted, name)


def key_label(key: str) -> str:
    """What the screen shows for a key of Textual's: `→`, `]`, `PgUp`, `ctrl+q`."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, _NAMED.get(base) or _character_of(base) or base])


def types_text(key: str) -> bool:
    """Whether a text field takes this key of Textual's: to type, or to move and delete in it and leave it."""
    return key in _IN_TEXT or ("+" not in key and key not in _NAMED)


def key_hint(key: str) -> str:
    """What a word that is no key was probably meant to be."""
    modifiers, _, base = key.lower().rpartition("+")
    if modifiers == "shift" and len(base) == 1:
        return "write the character that the two keys make"
    names = [*_NAMED, *filter(None, map(_name_of_character, string.punctuation))]
    guess = nearest(base, names)
    examples = "a key is a character, or a name such as space, enter, right, pageup, f5, ctrl+n"
    return (
        f'did you mean "{modifiers}+{guess}"?'
        if guess and modifiers
        else f'did you mean "{guess}"?'
        if guess
        else examples
    )


def _normalised_base(base: str) -> str | None:
    if len(base) == 1:
        return _name_of_character(base)
    name = base.lower().replace(" ", "_")
    name = _OTHER_NAMES.get(name, name)
    return name if name in _NAMED or _character_of(name) else None


def _combined(modifiers: set[str], name: str) -> str | None:
    if len(name) == 1:
        name = name.lower() if modifiers != {"shift"} else name.upper()
        if modifiers == {"shift"}:
            return name if name.isalpha() and len(name) == 1 else None
    elif modifiers == {"shift"} and (name not in _NAMED or name in {"space", "enter", "backspace"}):
        return None
    combined = "+".join([*sorted(modifiers), name])
    return _SAME_IN_TERMINALS.get(combined, combined)


def _name_of_character(character: str) -> str | None:
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    if not character.isprintable():
        return None
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name) or None


_CHARACTERS = {_name_of_character(chr(code)): chr(code) for code in range(33, 256) if not chr(code).isalnum()}
"""Latin-1: the hyphens that some Unicode names have cannot be told from the underscores of Textual's."""


def _character_of(name: str) -> str | None:
    """The character that Textual calls by this name."""
    if len(name) == 1 and name.isalnum():
        return name
    try:
        character = _CHARACTERS.get(name) or unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return None
    return character if _name_of_character(character) == name else None

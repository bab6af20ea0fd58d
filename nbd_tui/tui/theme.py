"""Colours of the phases, as gym timers have them, and the theme that carries them."""

from typing import Final

from textual.theme import Theme

BRIGHT: Final[dict[str, str]] = {
    "prepare": "#ffffff",
    "warm-up": "#2fe6cf",
    "work": "#3dff70",
    "last": "#ffb81f",
    "rest": "#ff5b52",
    "break": "#cc90ff",
    "cool-down": "#62a6ff",
    "paused": "#b4b8bd",
    "finished": "#ffe28a",
}
"""Digits and bars by mood: told from each other at ten metres, and still different colours on 256 and on 16."""

TINT: Final[dict[str, str]] = {
    "prepare": "#2b2d30",
    "warm-up": "#053232",
    "work": "#053719",
    "last": "#413200",
    "rest": "#410f0a",
    "break": "#320f47",
    "cool-down": "#0a234a",
    "paused": "#1f2124",
    "finished": "#26221a",
}
"""What stands behind them, dark enough for text at 9 to 1."""

VARIABLES: Final[dict[str, str]] = {
    **{f"phase-{mood}": colour for mood, colour in BRIGHT.items()},
    **{f"phase-{mood}-tint": colour for mood, colour in TINT.items()},
}
"""Theme variables; the app has them as defaults, so that every other theme works as well."""

THEME: Final = Theme(
    name="nbd",
    primary="#3dff70",
    secondary="#62a6ff",
    accent="#ffb81f",
    warning="#ffb81f",
    error="#ff5b52",
    success="#3dff70",
    foreground="#e6e8ea",
    background="#0e1012",
    surface="#15181b",
    panel="#1d2125",
    dark=True,
    variables=VARIABLES,
)

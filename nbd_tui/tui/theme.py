"""Colours of the phases, as gym timers have them, and the theme that carries them."""

from typing import Final

from textual.theme import Theme

BRIGHT: Final[dict[str, str]] = {
    "prepare": "#ffffff",
    "warm-up": "#2fe6cf",
    "work": "#3dff70",
    "last": "#ffb81f",
    "rest": "#ff5b52",
    "break": "#c795ff",
    "cool-down": "#62b0ff",
    "paused": "#b4b8bd",
    "finished": "#ffe28a",
}
"""Digits and bars by mood; far enough apart to be told from each other at ten metres."""

TINT: Final[dict[str, str]] = {
    "prepare": "#2b2d30",
    "warm-up": "#05302c",
    "work": "#07351a",
    "last": "#3f2b00",
    "rest": "#420f0c",
    "break": "#2b1347",
    "cool-down": "#0b264a",
    "paused": "#1f2124",
    "finished": "#26200c",
}
"""What stands behind them, dark enough for text at 7 to 1."""

VARIABLES: Final[dict[str, str]] = {
    **{f"phase-{mood}": colour for mood, colour in BRIGHT.items()},
    **{f"phase-{mood}-tint": colour for mood, colour in TINT.items()},
}
"""Theme variables; the app has them as defaults, so that every other theme works as well."""

THEME: Final = Theme(
    name="nbd",
    primary="#3dff70",
    secondary="#62b0ff",
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

"""Palettes: a look for each mood of the screen, as Textual themes that carry them in variables.

`$phase-work` is a bar of the strip on any background, `$phase-work-tint` the screen behind a running work phase,
`$phase-work-digits` and `$phase-work-text` what stands on that tint, `$phase-work-time` the big time on its
`$phase-work-band`; so for every mood. Other themes get the values of
the nearest palette by `defaults_for`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from textual.theme import Theme

Colour = str
"""`#rrggbb`."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one mood."""

    bar: Colour
    tint: Colour
    digits: Colour
    text: Colour
    band: tuple[Colour, Colour] | None = None
    """Behind the big time and its word, and these: where colour on the tint does not do."""

    @property
    def time(self) -> tuple[Colour, Colour]:
        """What is behind the big time, and the big time."""
        return self.band or (self.tint, self.digits)


Palette = Mapping[str, Look]
"""By mood (`workout_view.Mood`)."""


def _on_dark(text: Colour, **moods: tuple[Colour, Colour]) -> Palette:
    """Bright bars and digits of one colour on a dark tint."""
    return {mood.replace("_", "-"): Look(bright, tint, bright, text) for mood, (bright, tint) in moods.items()}


RING: Final = _on_dark(
    "#e6e8ea",
    prepare=("#ffffff", "#2b2d30"),
    warm_up=("#2fe6cf", "#053232"),
    work=("#3dff70", "#053719"),
    last=("#ffb81f", "#413200"),
    rest=("#ff776e", "#300704"),
    **{"break": ("#cc90ff", "#260a38")},
    cool_down=("#6bacff", "#071a3c"),
    paused=("#b4b8bd", "#1f2124"),
    finished=("#ffe28a", "#26221a"),
)
"""Gym timers' own: told from each other at ten metres by whoever sees all colours."""

SAFE: Final = _on_dark(
    "#e6e8ea",
    prepare=("#ffffff", "#2b2d30"),
    warm_up=("#2af88a", "#04301c"),
    work=("#43b5f8", "#03203f"),
    last=("#fdd733", "#403600"),
    rest=("#f99037", "#321500"),
    **{"break": ("#d695ca", "#2b0d28")},
    cool_down=("#bdd6ff", "#232a4a"),
    paused=("#bfc8bc", "#1f2124"),
    finished=("#b4b089", "#1c1b12"),
)
"""As far apart for eyes without red, green or blue cones as for others: work blue, its end yellow, rest orange."""

SIXTEEN: Final[Palette] = {
    **_on_dark(
        "#ffffff",
        prepare=("#ffffff", "#000000"),
        warm_up=("#55ffff", "#000000"),
        work=("#55ff55", "#000000"),
        last=("#ffff55", "#000000"),
        **{"break": ("#ff55ff", "#000000")},
        paused=("#aaaaaa", "#000000"),
        finished=("#ffff55", "#000000"),
    ),
    "rest": Look("#ff5555", "#000000", "#ff5555", "#ffffff", band=("#aa0000", "#ffffff")),
    "cool-down": Look("#5555ff", "#0000aa", "#ffffff", "#ffffff"),
}
"""Exactly colours every terminal has; bright blue alone is too dark for digits on black, and bright red not bright."""

_BLACK_ON_WHITE: Final = Look("#ffffff", "#ffffff", "#000000", "#000000")
_BAND_ON_WHITE: Final = Look("#ffffff", "#ffffff", "#000000", "#000000", band=("#000000", "#ffffff"))
_WHITE_ON_BLACK: Final = Look("#ffffff", "#000000", "#ffffff", "#ffffff")
MONO: Final[Palette] = {
    **dict.fromkeys(RING, _WHITE_ON_BLACK),
    "work": _BLACK_ON_WHITE,
    "last": _BAND_ON_WHITE,
    "paused": Look("#a0a0a0", "#000000", "#a0a0a0", "#ffffff"),
}
"""Work stands out by being inverted, its last seconds by the time turned back; the rest is left to words and shapes."""

PALETTES: Final[Mapping[str, Palette]] = {"ring": RING, "colour-blind": SAFE, "16-colours": SIXTEEN, "mono": MONO}
"""By theme name, which is also what the setting `screen.theme` says."""

DEFAULT_THEME: Final = "ring"
PLAIN_THEME: Final = "mono"
"""Drawn without any colour (`attributes.AttributesOnly`)."""

_FEW_COLOURS: Final = frozenset({"standard", "windows"})
"""Rich's names for terminals that have no more than sixteen."""


def theme_at_start(wanted: str, environ: Mapping[str, str], colour_system: str | None) -> str:
    """The theme to begin with: the one that was chosen, unless the user or the terminal has no colours for it.

    Args:
        wanted: The setting.
        environ: With `NO_COLOR` where the user wants none (https://no-color.org).
        colour_system: What Rich found out about the terminal.
    """
    if environ.get("NO_COLOR"):
        return PLAIN_THEME
    return "16-colours" if colour_system in _FEW_COLOURS and wanted != PLAIN_THEME else wanted


def variables_of(palette: Palette) -> dict[str, str]:
    """Theme variables of a palette."""
    found: dict[str, str] = {}
    for mood, look in palette.items():
        found |= {
            f"phase-{mood}": look.bar,
            f"phase-{mood}-tint": look.tint,
            f"phase-{mood}-digits": look.digits,
            f"phase-{mood}-text": look.text,
            f"phase-{mood}-band": look.time[0],
            f"phase-{mood}-time": look.time[1],
        }
    return found


DEFAULTS: Final = {**variables_of(RING), "strip-background": "transparent"}
"""For themes that bring no phase colours."""


def _theme(name: str, *, background: Colour, foreground: Colour, accent: Colour, panel: Colour) -> Theme:
    palette = PALETTES[name]
    return Theme(
        name=name,
        primary=palette["work"].bar,
        secondary=palette["cool-down"].bar,
        accent=accent,
        warning=palette["last"].bar,
        error=palette["rest"].bar,
        success=palette["work"].bar,
        foreground=foreground,
        background=background,
        surface=panel,
        panel=panel,
        dark=True,
        # Bars of few colours need something black behind them, whatever the phase.
        variables=variables_of(palette) | {"strip-background": "#000000" if panel == "#000000" else "transparent"},
    )


THEMES: Final = (
    _theme("ring", background="#0e1012", foreground="#e6e8ea", accent="#ffb81f", panel="#1d2125"),
    _theme("colour-blind", background="#0e1012", foreground="#e6e8ea", accent="#fdd733", panel="#1d2125"),
    _theme("16-colours", background="#000000", foreground="#ffffff", accent="#ffff55", panel="#000000"),
    _theme("mono", background="#000000", foreground="#ffffff", accent="#ffffff", panel="#000000"),
)
"""All of ours, the usual one first."""

"""Colours as eyes have them: contrast, and distance also to those without red, green or blue cones."""

from collections.abc import Callable, Sequence
from typing import Final

Triple = tuple[float, float, float]

_RGB_TO_CONES: Final = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_CONES_TO_LAB: Final = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
"""OKLab (Björn Ottosson, 2020)."""

EYES: Final[dict[str, Sequence[Triple]]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What is left of linear RGB, at full severity (Machado, Oliveira and Fernandes, 2009)."""


def linear(colour: str) -> Triple:
    """Linear RGB, 0 to 1, of `#rrggbb`."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2: 1 to 21."""
    dark, light = sorted(_dot((0.2126, 0.7152, 0.0722), linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def distance(one: str, other: str, eyes: str = "usual") -> float:
    """Distance in OKLab times 100: from 2 on side by side one sees a difference."""
    pairs = zip(_lab(one, eyes), _lab(other, eyes), strict=True)
    return float(100 * sum((first - second) ** 2 for first, second in pairs) ** 0.5)


def _lab(colour: str, eyes: str) -> Triple:
    seen = _each(EYES[eyes], linear(colour), lambda part: min(1.0, max(0.0, part)))
    return _each(_CONES_TO_LAB, _each(_RGB_TO_CONES, seen, lambda part: part ** (1 / 3)), float)


def _each(matrix: Sequence[Triple], vector: Triple, then: Callable[[float], float]) -> Triple:
    first, second, third = (then(_dot(row, vector)) for row in matrix)
    return first, second, third


def _dot(one: Triple, other: Triple) -> float:
    return sum(first * second for first, second in zip(one, other, strict=True))


def mixed(front: str, behind: str, share: float) -> str:
    """`front` laid over `behind`, `share` (0 to 1) of it."""
    parts = ((int(front[at : at + 2], 16), int(behind[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in parts)

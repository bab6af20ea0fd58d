"""Electronic rock at 138 in E: four on the floor, sequenced bass, guitars for the chorus, a drop at bar 36."""

from synth.render import Desk, Strip
from synth.score import About, Sheet

ABOUT = About(
    "04-voltage-corner.ogg",
    "Voltage Corner",
    "Nine Volt Orchard",
    "Red Gloves, Blue Lights",
    "Electronic Rock",
    138,
    1384,
)
ROOT = 40
POWER = (0, 7, 12)

FLOOR = {"kick": "X...X...X...X...", "snare": "....x.......x...", "hat": "..x...x...x...x.", "clap": "....x.......x..."}
FLOOR_OPEN = {
    "kick": "X...X...X...X...",
    "snare": "....X.......X..g",
    "openhat": "..x...x...x...x.",
    "hat": "xo.oxo.oxo.oxo.o",
    "clap": "....x.......x...",
}
BREAK = {
    "kick": "X..x..X...x.....",
    "snare": "....X..g.g..X...",
    "hat": "x.x.x.x.x.x.x.xo",
    "shaker": "xxxxxxxxxxxxxxxx",
}
SEQUENCE = "0 . 0 0 12 . 0 . 0 0 . 0 12 . 7 12"
SEQUENCE_2 = "0 0 12 0 0 7 0 12 0 0 7 0 12 0 12 7"
PUMP = ". . 0 0 . . 0 0 . . 0 0 . . 0 0"
CHANGES = (0, 3, -2, 5)
TRIADS: dict[int, tuple[float, ...]] = {
    0: (59.0, 64.0, 67.0),
    3: (59.0, 62.0, 67.0),
    -2: (57.0, 62.0, 66.0),
    5: (57.0, 61.0, 64.0),
    8: (60.0, 64.0, 67.0),
    7: (59.0, 63.0, 66.0),
}
HOOK = (
    "12 - - . 12 - 15 - - . 14 - 12 - - . | 10 - - . 10 - 14 - - - - . 12 - 10 - | "
    "14 - - . 14 - 17 - - . 15 - 14 - - . | 12 - - - - - 9 - 12 - - - - - . ."
)
HOOK_2 = (
    "19 - - . 19 - 22 - - . 21 - 19 - - . | 22 - - . 22 - 26 - - - - . 24 - 22 - | "
    "21 - - . 21 - 24 - - . 22 - 21 - - . | 24 - - - - - 21 - 19 - - - 21 - 24 -"
)
TWINKLE = "0 7 12 15 19 15 12 7 0 7 12 14 19 14 12 7"
"""Over a minor chord; `_twinkle` raises the third over the others."""


def _changes(sheet: Sheet, bar: int, bars: int, steps: str, part: str, octave: int, *, velocity: float = 1.0) -> None:
    for index in range(bars):
        sheet.write(part, bar + index, steps, ROOT + octave + CHANGES[index % 4], velocity=velocity)


def _twinkle(sheet: Sheet, bar: int, roots: list[int], velocity: float, rise: float = 0.0) -> None:
    for index, root in enumerate(roots):
        steps = TWINKLE if root == 0 else TWINKLE.replace("15", "16")
        pitch = ROOT + 24 + (root if root < 8 else root - 12)
        sheet.write("arp", bar + index, steps, pitch, velocity=velocity + rise * index)


def _pads(sheet: Sheet, bar: int, bars: int, velocity: float) -> None:
    sheet.chords("pad", bar, [TRIADS[CHANGES[index % 4]] for index in range(bars)], 4, velocity=velocity)


def _chorus(sheet: Sheet, bar: int) -> None:
    for index in range(8):
        root = ROOT + CHANGES[index % 4]
        sheet.write("rhythm", bar + index, "0 - - 0 - - 0 - - - 0 - 0 - 0m 0m", root, shape=POWER)
        sheet.write("bass", bar + index, "0 - 0 - 0 - 0 - 0 - 0 - 0 - 0 -", root - 12)
    _changes(sheet, bar, 8, PUMP, "synthbass", -12, velocity=0.8)
    _pads(sheet, bar, 8, 1.0)


def write() -> Sheet:
    """Intro 8, verse 8, chorus 8, verse 6, build-up 6, drop 8, chorus 8, outro 4."""
    sheet = Sheet(ABOUT)
    _opening(sheet)
    _verse(sheet)
    _chorus(sheet, 16)
    sheet.hit(16, "crash", "impact", velocity=0.8)
    sheet.drums(16, 8, FLOOR_OPEN)
    sheet.write("glide", 16, HOOK, ROOT + 24, times=2)
    sheet.hit(20, "crash2")
    sheet.fill(23, 2, snare="X.XxX.XX", tom1="..x.....", tom3="......x.")
    _second_verse(sheet)
    _build_up(sheet)
    _after_the_drop(sheet)
    sheet.levels = [(0, -3), (3.9, -2), (4, -0.5), (8, -1), (15.9, -0.5), (16, 0), (23.9, 0), (24, -1), (29.9, -1)]
    sheet.levels += [(30, -3), (34, -4), (35.5, -3), (35.99, 1), (44, 1), (52, 1), (57, 0)]
    return sheet


def _opening(sheet: Sheet) -> None:
    _twinkle(sheet, 0, [*CHANGES, *CHANGES], 0.8)
    _changes(sheet, 4, 4, SEQUENCE, "synthbass", -12, velocity=0.9)
    sheet.drums(0, 4, kick="X...X...X...X...", hat="..o...o...o...o.", level=0.85)
    sheet.drums(4, 4, FLOOR)
    _pads(sheet, 0, 8, 0.55)
    sheet.hit(4, "riser:8", velocity=0.6)
    sheet.hit(4, "crash")
    sheet.fill(7, 1, snare="x.xX", clap="x.xx")


def _verse(sheet: Sheet) -> None:
    _changes(sheet, 8, 8, SEQUENCE, "synthbass", -12)
    sheet.drums(8, 8, FLOOR)
    sheet.hit(8, "crash")
    for index in range(8):
        root = ROOT + CHANGES[index % 4]
        sheet.write("rhythm", 8 + index, ". . 0m . . . 0m . . . 0m . 0m 0m . .", root, shape=POWER, velocity=0.7)
    sheet.write(
        "clean", 8, "12 . . 15 . . 14 . 12 . 10 . 7 . . . | . . . . 12 . 14 . 15 . 14 . 10 . . .", ROOT + 12, times=4
    )
    _twinkle(sheet, 12, [*CHANGES], 0.6)
    sheet.fill(15, 2, snare="x.x.xxXX", kick="X...X...")


def _second_verse(sheet: Sheet) -> None:
    _changes(sheet, 24, 6, SEQUENCE_2, "synthbass", -12)
    sheet.drums(24, 6, BREAK)
    sheet.hit(24, "crash")
    sheet.write("choir", 24, "7 - - - - . 7 - 10 - - - 7 - - . | 5 - - - - - - . 3 - - - 5 - - .", ROOT + 24, times=3)
    for index in range(6):
        root = ROOT + CHANGES[index % 4]
        sheet.write("rhythm", 24 + index, "0 - . . . . 0m 0m . . 0 - . . 0m .", root, shape=POWER, velocity=0.8)
    sheet.fill(29, 1, snare="XxXX", tom3="x.x.")


def _build_up(sheet: Sheet) -> None:
    sheet.hit(30, "crash", "impact", velocity=0.7)
    _twinkle(sheet, 30, [0, 3, 8, 8, 5, 7], 0.55, rise=0.1)
    for index, root in enumerate((0, 3, 8, 8, 5, 7)):
        sheet.chords("pad", 30 + index, [TRIADS[root]], 4, velocity=0.7 + 0.1 * index)
    sheet.drums(30, 2, kick="X.......X.......", clap="............x...", level=0.7)
    sheet.drums(32, 2, kick="X...X...X...X...", snare="x...x...x...x...", level=0.8)
    sheet.drums(34, 1, kick="X.X.X.X.X.X.X.X.", snare="x.x.x.x.x.x.x.x.", level=0.85)
    sheet.drums(35, 1, kick="X.X.X.X.X.X.X.X.", snare="xxxxxxxxXXXXXXXX", clap="xxxxxxxxxxxxxxxx", level=0.95)
    sheet.write("synthbass", 32, "0 . 0 . 0 . 0 . 0 . 0 . 0 . 0 .", ROOT - 4 - 12 + 12, times=2, velocity=0.6, rise=0.2)
    sheet.write("synthbass", 34, "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", ROOT + 5 - 12, velocity=0.8, rise=0.1)
    sheet.write("synthbass", 35, "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", ROOT + 7 - 12, velocity=0.9, rise=0.1)
    sheet.write(
        "rhythm", 34, "0m 0m 0m 0m 0m 0m 0m 0m 0m 0m 0m 0m 0m 0m 0m 0m", ROOT + 5, shape=POWER, velocity=0.6, rise=0.2
    )
    sheet.write("rhythm", 35, "0 - - - - - - - - - - - - - - -", ROOT + 7, shape=POWER)
    sheet.hit(35.5, "riser:22")
    sheet.drop(36, 2, 30)


def _after_the_drop(sheet: Sheet) -> None:
    sheet.hit(36, "impact", "crash", "crash2")
    _changes(sheet, 36, 8, SEQUENCE_2, "synthbass", -12)
    sheet.drums(36, 8, FLOOR_OPEN)
    for index in range(8):
        root = ROOT + CHANGES[index % 4]
        sheet.write("rhythm", 36 + index, "0 - 0m 0m 0 - 0m 0m 0 - 0m 0m 0 - 0 -", root, shape=POWER)
        sheet.write("bass", 36 + index, "0 - 0 0 0 - 0 0 0 - 0 0 0 - 7 -", root - 12)
    _pads(sheet, 36, 8, 0.8)
    sheet.write("glide", 40, HOOK, ROOT + 24)
    sheet.hit(40, "crash")
    sheet.fill(43, 2, snare="X.XxXXXX", tom1="..x.....", tom2="...x....", tom3=".....x.x")
    _chorus(sheet, 44)
    sheet.hit(44, "crash", "crash2", "impact", velocity=0.9)
    sheet.drums(44, 8, FLOOR_OPEN)
    sheet.write("glide", 44, HOOK, ROOT + 24)
    sheet.write("glide", 48, HOOK_2, ROOT + 12)
    sheet.write("choir", 48, HOOK, ROOT + 12)
    sheet.hit(48, "crash2")
    sheet.fill(51, 1, snare="XXXX", kick="X.X.")
    _changes(sheet, 52, 4, SEQUENCE, "synthbass", -12, velocity=0.9)
    _twinkle(sheet, 52, [*CHANGES], 0.8)
    sheet.drums(52, 4, FLOOR)
    sheet.hit(52, "crash")
    sheet.fill(55, 1, snare="xxXX")
    sheet.hit(56, "crash", "crash2", "kick", "impact")
    sheet.chords("pad", 56, [TRIADS[0]], 4)
    sheet.write("rhythm", 56, "0 - - - - - - - - - - - . . . .", ROOT, shape=POWER)
    sheet.write("synthbass", 56, "0 - - - - - - - . . . . . . . .", ROOT - 12)


DESK = Desk(
    strips={
        "rhythm": Strip("heavy", gain_db=-7.5, room=0.05, drive=9),
        "bass": Strip("bass", gain_db=-6.0, room=0.0, drive=2.0, duck=0.5),
        "synthbass": Strip("synthbass", gain_db=-0.5, room=0.02, duck=0.55),
        "clean": Strip("clean", gain_db=-2.0, room=0.3, echo=0.45),
        "glide": Strip("glide", gain_db=-3.5, room=0.2, echo=0.3, duck=0.2),
        "choir": Strip("choir", gain_db=0.0, room=0.35, echo=0.2),
        "pad": Strip("pad", gain_db=-1.0, room=0.35, duck=0.55),
        "arp": Strip("arp", gain_db=-1.5, room=0.2, echo=0.4, duck=0.2),
    },
    drums_db=1.0,
    tone=((20, -1), (120, 0), (1_200, 0), (2_500, 2.5), (6_000, 2), (20_000, 0)),
    decay_s=1.3,
)

"""Post-grunge at 140 in D minor, low string dropped to D: a palm-muted riff, an open chorus, a drop at bar 40."""

from synth.render import Desk, Strip
from synth.score import About, Sheet

ABOUT = About(
    "02-taped-knuckles.ogg", "Taped Knuckles", "Copperjaw Union", "Nobody's Favourite", "Post-Grunge", 140, 1402
)
ROOT = 38
POWER = (0, 7, 12)

RIFF_A = "0m 0m 0 - 0m 0m 3 - 0m 0m 5 - 6 5 3 - | 0m 0m 0 - 0m 0m 3 - 0m 0m 8 - - 7 5 3"
RIFF_B = "0m 0m 0 - 0m 0m 3 - 0m 0m 5 - 6 5 3 - | 0m 0m 10 - - - 8 - - - 7 - - - 5 3"
CHUG = "0m . 0m . 0m . 0m 0m 0m . 0m . 0m . 0m ."
ROCK = {"kick": "X.....x.x.x.....", "snare": "....X.......X...", "hat": "x.o.x.o.x.o.x.o."}
ROCK_2 = {"kick": "X.....x...x..x..", "snare": "....X.......X..g", "hat": "x.o.x.o.x.o.x.o."}
OPEN_BEAT = {"kick": "X.x...x.X.x.....", "snare": "....X.......X...", "crash": "x.......x......."}
DOUBLE = {"kick": "X.x.x.x.X.x.x.xx", "snare": "....X.......X...", "openhat": "x...x...x...x..."}
CHANGES = (0, 8, 3, 10)
CHORUS = "0 - - 0 - - 0 - - - 0 - 0 - 0 -"
BASS_EIGHTHS = "0 - 0 - 0 - 0 - 0 - 0 - 0 - 0 -"
HOOK = (
    "12 - - - - - 10 - 12 - - - 15 - - - | 15 - - - 14 - 12 - 10 - - - 8 - - - | "
    "7 - - - - - 10 - 12 - - - 10 - - - | 10 - - - 12 - 14 - 14 - - - - - . ."
)
HOOK_HIGH = (
    "19 - - - - - 17 - 15 - - - 19 - - - | 20 - - - 19 - 17 - 15 - - - 12 - - - | "
    "19 - - - - - 22 - 24 - - - 22 - - - | 22 - - - 19 - 17 - 17 - 19 - 22 - 24 -"
)


def _riff(sheet: Sheet, bar: int, times: int, steps: str = RIFF_A) -> None:
    sheet.write("rhythm", bar, steps, ROOT, times=times, shape=POWER)
    sheet.write("bass", bar, steps, ROOT - 12, times=times)


def _verse(sheet: Sheet, bar: int, roots: tuple[int, ...]) -> None:
    for index, root in enumerate(roots):
        sheet.write("rhythm", bar + index, CHUG, ROOT + root, shape=POWER, velocity=0.8)
        sheet.write("bass", bar + index, BASS_EIGHTHS, ROOT - 12 + root, velocity=0.9)


def _chorus(sheet: Sheet, bar: int, times: int) -> None:
    for index in range(times * 4):
        root = CHANGES[index % 4]
        sheet.write("rhythm", bar + index, CHORUS, ROOT + root, shape=POWER)
        sheet.write(
            "wide", bar + index, "0 - - - - - - - 0 - - - - - - -", ROOT + root + 12, shape=(0, 7), velocity=0.8
        )
        sheet.write("bass", bar + index, BASS_EIGHTHS, ROOT - 12 + root)
        sheet.chords("pad", bar + index, [_triad(root)], 4)


def _triad(root: int) -> tuple[float, ...]:
    """The D minor triads, close to middle C."""
    return {0: (62.0, 65.0, 69.0), 8: (62.0, 65.0, 70.0), 3: (60.0, 65.0, 69.0), 10: (60.0, 64.0, 67.0)}[root]


def write() -> Sheet:
    """Intro 8, verse 8, chorus 8, verse 8, build-up 8, riff 8, chorus 8, outro 4."""
    sheet = Sheet(ABOUT)
    _opening(sheet)
    _verse(sheet, 8, (0, 0, 8, 10, 0, 0, 5, 3))
    sheet.drums(8, 4, ROCK)
    sheet.drums(12, 4, ROCK_2)
    sheet.write("clean", 8, "12 . . 15 . . 19 . 17 . . 15 . . 12 .", ROOT + 12, times=6, velocity=0.7)
    sheet.hit(8, "crash")
    sheet.fill(15, 2, snare="xxxxX.X.", tom1="....x...", tom3=".....x.x")
    _chorus(sheet, 16, 2)
    sheet.drums(16, 8, OPEN_BEAT)
    sheet.write("lead", 16, HOOK, ROOT + 12, times=2)
    sheet.fill(23, 2, snare="X.XXX.XX", kick="x...x...")
    _second_verse(sheet)
    _build_up(sheet)
    _after_the_drop(sheet)
    sheet.levels = [
        (0, -3),
        (3.9, -2),
        (4, 0),
        (7.99, 0),
        (8, -1),
        (15.9, -1),
        (16, 0),
        (23.9, 0),
        (24, -1),
        (31.9, -1),
    ]
    sheet.levels += [(32, -4), (36, -4), (39.5, -1.5), (39.99, 1.5), (48, 1.0), (56, 1.0), (60, 0)]
    return sheet


def _opening(sheet: Sheet) -> None:
    sheet.write("rhythm", 0, RIFF_A, ROOT, times=2, shape=POWER, velocity=0.75)
    sheet.drums(0, 4, hat="o...o...o...o...", level=0.8)
    sheet.drums(2, 2, kick="X.......X.......")
    sheet.fill(3, 2, snare="x.x.xxXX", tom1="..x.....", tom2="....x...")
    _riff(sheet, 4, 1)
    _riff(sheet, 6, 1, RIFF_B)
    sheet.drums(4, 4, ROCK)
    sheet.hit(4, "crash", "crash2")
    sheet.hit(6, "crash")
    sheet.fill(7, 1, snare="XxXX")


def _second_verse(sheet: Sheet) -> None:
    stabs = "0 - . . . . 0m 0m 3 - . . . . 0m 0m"
    sheet.hit(24, "crash")
    for index, root in enumerate((0, 0, 8, 10)):
        sheet.write("rhythm", 24 + index, stabs, ROOT + root, shape=POWER, velocity=0.9)
        sheet.write("bass", 24 + index, BASS_EIGHTHS, ROOT - 12 + root, velocity=0.95)
    _verse(sheet, 28, (0, 0, 8, 10))
    sheet.write("arp", 24, "0 3 7 12 0 3 7 15 0 3 7 12 10 7 3 7", ROOT + 24, times=8, velocity=0.7)
    sheet.drums(
        24, 4, kick="X..x..x...x.....", snare="....X.......X...", tom3="..........o..o..", hat="x.x.x.x.x.x.x.x."
    )
    sheet.drums(28, 4, ROCK_2)
    sheet.fill(31, 2, tom1="xx......", tom2="..xx....", tom3="....xxxx", snare="X...X.X.")


def _build_up(sheet: Sheet) -> None:
    sheet.hit(32, "crash", "impact", velocity=0.8)
    for index, root in enumerate((0, 8, 3, 10, 0, 8, 5, 7)):
        low = _triad(root) if root in CHANGES else tuple(ROOT + 24.0 + root + step for step in (-12, -5, 0))
        sheet.chords("pad", 32 + index, [low], 4, velocity=0.7 + 0.06 * index)
    sheet.write("clean", 32, "12 . 15 . 19 . 15 . 17 . 15 . 12 . 10 .", ROOT + 12, times=4, velocity=0.8)
    sheet.drums(32, 4, kick="X.......X.......", rim="....x.......x...", level=0.8)
    for index, root in enumerate((0, 8, 5, 7)):
        steps = "0m . 0m . " * 4 if index < 2 else "0m 0m 0m 0m " * 4
        sheet.write("rhythm", 36 + index, steps, ROOT + root, shape=POWER, velocity=0.45 + 0.16 * index, rise=0.14)
        sheet.write("bass", 36 + index, BASS_EIGHTHS, ROOT - 12 + root, velocity=0.6 + 0.12 * index)
    sheet.drums(36, 2, kick="X...X...X...X...", snare="o.o.o.o.x.x.x.x.", level=0.75)
    sheet.drums(38, 1, kick="X...X...X...X...", snare="xxxxxxxxxxxxXXXX", level=0.85)
    sheet.drums(39, 1, kick="X.X.X.X.X.X.X.X.", snare="XXXXXXXXXXXXXXXX")
    sheet.hit(39.5, "riser:28", velocity=1.0)
    sheet.drop(40, 2, 32)


def _after_the_drop(sheet: Sheet) -> None:
    sheet.hit(40, "impact", "crash", "crash2")
    _riff(sheet, 40, 2)
    _riff(sheet, 44, 1)
    _riff(sheet, 46, 1, RIFF_B)
    sheet.write("wide", 40, RIFF_A, ROOT + 12, times=3, shape=(0, 7), velocity=0.8)
    sheet.drums(40, 8, DOUBLE)
    for bar in (42, 44, 46):
        sheet.hit(bar, "crash")
    sheet.write("lead", 44, HOOK_HIGH, ROOT + 12)
    sheet.fill(47, 2, tom1="xxx.....", tom2="...xx...", tom3=".....xx.", snare="X..X..XX")
    _chorus(sheet, 48, 2)
    sheet.write("lead", 48, HOOK, ROOT + 12)
    sheet.write("lead", 52, HOOK_HIGH, ROOT + 12)
    sheet.drums(48, 4, OPEN_BEAT)
    sheet.drums(52, 4, DOUBLE | {"crash": "x.......x......."})
    sheet.fill(55, 2, snare="XXXXXXXX", tom3="x...x...", kick="x.x.x.x.")
    sheet.hit(56, "crash", "crash2")
    _riff(sheet, 56, 1)
    sheet.drums(56, 3, ROCK)
    sheet.write(
        "rhythm", 58, "0m 0m 0 - 0m 0m 3 - 0m 0m 5 - 6 5 3 - | 0 - - - - - - - - - - - - - - -", ROOT, shape=POWER
    )
    sheet.write("bass", 58, "0 - 0 - 0 - 3 - 0 - 5 - 6 5 3 - | 0 - - - - - - - - - - - - - - -", ROOT - 12)
    sheet.fill(58, 1, snare="XXXX")
    sheet.hit(59, "crash", "crash2", "kick", "impact")


DESK = Desk(
    strips={
        "rhythm": Strip("heavy", gain_db=-6.0, room=0.05, drive=10),
        "wide": Strip("heavy", gain_db=-10.5, room=0.1, drive=7, width=0.6),
        "bass": Strip("bass", gain_db=-3.0, room=0.0, drive=2.2, duck=0.25),
        "clean": Strip("clean", gain_db=-1.5, room=0.3, echo=0.35),
        "lead": Strip("leadguitar", gain_db=-2.5, room=0.25, echo=0.3, drive=6),
        "pad": Strip("pad", gain_db=-4.5, room=0.4, duck=0.2),
        "arp": Strip("arp", gain_db=-6.0, room=0.2, echo=0.4),
    },
    drums_db=0.0,
)

"""Nu-metal at 132 in C sharp, the flat second in the riff: syncopated bounce, sung chorus, a drop at bar 36."""

from synth.render import Desk, Strip
from synth.score import About, Sheet

ABOUT = About(
    "03-underdog-arithmetic.ogg", "Underdog Arithmetic", "Diesel Parish", "Show Your Working", "Nu Metal", 132, 1323
)
ROOT = 37
POWER = (0, 7, 12)

RIFF = "0 - . 0m . 0m 1 - . 0m 0m . 5 - 3 - | 0 - . 0m . 0m 1 - . 0m 0m . 8 - 7 -"
RIFF_END = "0 - . 0m . 0m 1 - . 0m 0m . 5 - 3 - | 0 - 0m 1 - 0m 3 - 0m 5 - 0m 6 - 7 -"
STABS = "0 - . . . . . . . . 0m 0m 1 - . . | . . . . . . 3 - . . 1 - 0 - . ."
BOUNCE = {"kick": "X..x.x....xx....", "snare": "....X.......X..g", "hat": "x.oox.oox.oox.oo"}
SPARSE = {"kick": "X.....x...x.....", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.xo"}
WIDE_BEAT = {"kick": "X..x..x.X.x...x.", "snare": "....X.......X...", "ride": "x.x.x.x.x.x.x.x."}
HEAVY_BEAT = {"kick": "X..x.xx.X.xx..x.", "snare": "....X.......X..x", "crash": "x...x...x...x..."}
CHANGES = (8, 5, 0, 1)
TRIADS: dict[int, tuple[float, ...]] = {
    8: (57.0, 61.0, 64.0),
    5: (57.0, 61.0, 66.0),
    0: (56.0, 61.0, 64.0),
    1: (57.0, 62.0, 66.0),
}
HOOK = (
    "15 - - - 15 - 12 - 10 - - - 12 - - - | 17 - - - - - 15 - 12 - - - - - . . | "
    "19 - - - 19 - 17 - 15 - - - 17 - - - | 20 - - - - - 19 - 17 - - - - - . ."
)
ANSWER = (
    "24 - - - - - 22 - 20 - - - 19 - - - | 20 - - - 24 - - - 22 - - - - - - - | "
    "19 - - - 22 - - - 24 - - - - - 27 - | 25 - - - - - 24 - 20 - - - - - - -"
)
WHISPER = "12 . . 13 . . 12 . . . 8 . 7 . . . | 12 . . 13 . . 15 . . . 13 . 12 . . ."


def _riff(sheet: Sheet, bar: int, times: int, steps: str = RIFF) -> None:
    sheet.write("rhythm", bar, steps, ROOT, times=times, shape=POWER)
    sheet.write("bass", bar, steps, ROOT - 12, times=times)


def _chorus(sheet: Sheet, bar: int, times: int) -> None:
    for index in range(times * 4):
        root = CHANGES[index % 4]
        at = bar + index
        sheet.write("rhythm", at, "0 - - - - - 0 - - - 0 - - - 0 -", ROOT + root, shape=POWER)
        sheet.write("wide", at, "0 - - - - - - - - - - - - - - -", ROOT + root + 12, shape=(0, 7), velocity=0.85)
        sheet.write("bass", at, "0 - 0 - 0 - 0 - 0 - 0 - 0 - 7 -", ROOT - 12 + root)
        sheet.chords("pad", at, [TRIADS[root]], 4, velocity=0.9)


def write() -> Sheet:
    """Intro 8, verse 8, chorus 8, verse 4, build-up 8, riff 8, chorus 8, outro 2."""
    sheet = Sheet(ABOUT)
    _opening(sheet)
    _verse(sheet, 8, 8)
    sheet.fill(15, 2, snare="X..X..XX", kick="..x..x..")
    _chorus(sheet, 16, 2)
    sheet.hit(16, "crash", "crash2")
    sheet.hit(20, "crash")
    sheet.drums(16, 8, WIDE_BEAT)
    sheet.write("choir", 16, HOOK, ROOT + 12, times=2)
    sheet.fill(23, 1, tom1="xx..", tom2="..x.", tom3="...x")
    _second_verse(sheet)
    _build_up(sheet)
    _after_the_drop(sheet)
    sheet.levels = [(0, -2.5), (3.9, -2), (4, 0.5), (7.99, 0.5), (8, -1), (15.9, -0.5), (16, 0), (23.9, 0), (24, -1)]
    sheet.levels += [(27.9, -0.5), (28, -3.5), (32, -4), (35.7, -1.5), (35.99, 2), (44, 1), (52, 1), (55, 0)]
    return sheet


def _opening(sheet: Sheet) -> None:
    sheet.write("bass", 0, RIFF, ROOT - 12, times=2, velocity=0.85)
    sheet.write("arp", 0, "0 . 1 . 0 . . 7 . . 8 . 7 . 1 .", ROOT + 24, times=4, velocity=0.9)
    sheet.drums(0, 4, kick="X..x.x....xx....", rim="....x.......x...", hat="o.o.o.o.o.o.o.o.", level=0.8)
    sheet.fill(3, 2, snare="..xx.xXX", kick="x...x...")
    _riff(sheet, 4, 1)
    _riff(sheet, 6, 1, RIFF_END)
    sheet.drums(4, 4, BOUNCE)
    sheet.hit(4, "crash", "crash2", "impact", velocity=0.8)
    sheet.fill(7, 1, snare="X.XX")


def _verse(sheet: Sheet, bar: int, bars: int) -> None:
    sheet.write("rhythm", bar, STABS, ROOT, times=bars // 2, shape=POWER, velocity=0.85)
    sheet.write(
        "bass", bar, "0 - . 0 . 0 - . 0 - 0 . 1 - 0 . | 0 - . 0 . 0 3 - . . 1 - 0 - . .", ROOT - 12, times=bars // 2
    )
    sheet.write("clean", bar, WHISPER, ROOT + 12, times=bars // 2, velocity=0.8)
    sheet.drums(bar, bars, SPARSE)
    sheet.hit(bar, "crash")


def _second_verse(sheet: Sheet) -> None:
    _verse(sheet, 24, 4)
    sheet.write("arp", 24, "0 0 7 0 8 0 7 1 0 0 7 0 10 8 7 1", ROOT + 24, times=4, velocity=0.9)
    sheet.write("rhythm", 26, "0m 0m . 0m . 0m 1m . 0m 0m . 0m 1m . 3m .", ROOT, times=2, shape=POWER, velocity=0.8)
    sheet.drums(24, 4, clap="....x.......x...")
    sheet.fill(27, 2, snare="x.xxX.XX", tom3="x..x..x.")


def _build_up(sheet: Sheet) -> None:
    sheet.hit(28, "crash", "impact", velocity=0.7)
    for index, root in enumerate((8, 5, 0, 1, 8, 5, 0, 1)):
        sheet.chords("pad", 28 + index, [TRIADS[root]], 4, velocity=0.75 + 0.06 * index)
    sheet.write("choir", 28, HOOK, ROOT, velocity=0.75)
    sheet.write("clean", 28, "0 7 12 15 19 15 12 7 0 7 12 15 19 15 12 7", ROOT + 12, times=4, velocity=0.7)
    sheet.drums(28, 4, kick="X.......X.......", rim="....x.......x...", hat="....o.......o...", level=0.75)
    for index in range(4):
        steps = ("0m . . . " * 4, "0m . 0m . " * 4, "0m 0m 0m 0m " * 4, "0m 0m 0m 0m " * 4)[index]
        pitch = (0, 1, 3, 5)[index]
        sheet.write("rhythm", 32 + index, steps, ROOT + pitch, shape=POWER, velocity=0.5 + 0.14 * index, rise=0.12)
        sheet.write("bass", 32 + index, "0 - 0 - " * 4, ROOT - 12 + pitch, velocity=0.6 + 0.12 * index)
        sheet.write("arp", 32 + index, "0 7 8 7 " * 4, ROOT + 24 + pitch, velocity=0.6 + 0.12 * index)
    sheet.drums(32, 2, kick="X...X...X...X...", snare="o...o...o.o.o.o.", level=0.7)
    sheet.drums(34, 1, kick="X...X...X...X...", snare="x.x.x.x.x.x.x.x.", tom3="x.x.x.x.x.x.x.x.", level=0.8)
    sheet.drums(35, 1, kick="X.X.X.X.X.X.X.X.", snare="XXXXXXXXXXXXXXXX", level=0.95)
    sheet.hit(35.75, "riser:29")
    sheet.drop(36, 1, 28)


def _after_the_drop(sheet: Sheet) -> None:
    sheet.hit(36, "impact", "crash", "crash2")
    _riff(sheet, 36, 3)
    _riff(sheet, 42, 1, RIFF_END)
    sheet.write("wide", 36, RIFF, ROOT + 12, times=4, shape=(0, 7), velocity=0.8)
    sheet.drums(36, 8, HEAVY_BEAT)
    sheet.write("arp", 40, "0 . 1 . 0 . . 7 . . 8 . 7 . 1 .", ROOT + 36, times=4)
    sheet.hit(40, "crash2")
    sheet.fill(39, 1, snare="XXXX")
    sheet.fill(43, 2, snare="X..X..XX", tom2=".xx.....", tom3="....xx..")
    _chorus(sheet, 44, 2)
    sheet.hit(44, "crash", "crash2")
    sheet.drums(44, 4, WIDE_BEAT)
    sheet.drums(48, 4, HEAVY_BEAT)
    sheet.write("choir", 44, HOOK, ROOT + 12, times=2)
    sheet.write("lead", 48, ANSWER, ROOT + 12)
    sheet.fill(51, 2, snare="XXXXXXXX", tom3="X...X...", kick="x.x.x.x.")
    _riff(sheet, 52, 1)
    sheet.drums(52, 2, HEAVY_BEAT)
    sheet.hit(54, "crash", "crash2", "kick", "impact")
    sheet.write("rhythm", 54, "0 - - - - - - - - - - - - - - -", ROOT, shape=POWER)
    sheet.write("bass", 54, "0 - - - - - - - - - - - - - - -", ROOT - 12)


DESK = Desk(
    strips={
        "rhythm": Strip("heavy", gain_db=-5.5, room=0.04, drive=13),
        "wide": Strip("heavy", gain_db=-11.0, room=0.1, drive=8, width=0.6),
        "bass": Strip("bass", gain_db=-2.0, room=0.0, drive=3.2, duck=0.3),
        "clean": Strip("clean", gain_db=-1.0, room=0.35, echo=0.4),
        "lead": Strip("leadguitar", gain_db=-4.0, room=0.25, echo=0.3, drive=6),
        "choir": Strip("choir", gain_db=1.0, room=0.3, echo=0.15),
        "pad": Strip("pad", gain_db=-5.0, room=0.4, duck=0.2),
        "arp": Strip("arp", gain_db=-5.0, room=0.15, echo=0.4),
    },
    drums_db=0.5,
    drums_room=0.12,
    decay_s=1.2,
)

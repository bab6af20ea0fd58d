"""A breather at 118 in G: muted clean guitar, a bass that sings, light drums."""

from synth.render import Desk, Strip
from synth.score import About, Sheet

ABOUT = About(
    "05-water-between-rounds.ogg",
    "Water Between Rounds",
    "The Folding Chair Club",
    "Sixty Seconds Is Plenty",
    "Indie Rock",
    118,
    1185,
)
ROOT = 43
CHANGES = (0, 4, 9, 5)
VOICINGS: dict[int, tuple[float, ...]] = {
    0: (59.0, 62.0, 67.0, 69.0),
    4: (59.0, 62.0, 66.0, 69.0),
    9: (59.0, 64.0, 67.0, 71.0),
    5: (60.0, 64.0, 67.0, 71.0),
    7: (57.0, 62.0, 66.0, 69.0),
    2: (57.0, 60.0, 64.0, 67.0),
}
CHOP = "0m . 0 - 0m . 0 . 0m . 0 - 0m . 0m 0m"
STROLL = ("0 - - 0 0 - 7 - 12 - - 7 9 - 7 -", "0 - - 0 0 - 3 - 7 - - 3 5 - 7 -")
GROOVE = {
    "kick": "X.....x.X.x.....",
    "snare": "....x..g.g..x...",
    "hat": "x.x.x.x.x.x.x.xo",
    "shaker": "oxoxoxoxoxoxoxox",
}
LIGHT = {"softkick": "X.....x.X.......", "rim": "....x.......x...", "shaker": "o.x.o.x.o.x.o.x."}
TUNE = (
    "16 - - - 14 - 12 - - - 11 - 12 - . . | 14 - - - - - 11 - 7 - - - - - . . | "
    "16 - - - 14 - 12 - - - 16 - 19 - . . | 17 - - - 16 - 14 - 12 - - - - - . ."
)
BRIDGE = (0, 5, 2, 7)


def _bed(sheet: Sheet, bar: int, bars: int, changes: tuple[int, ...], velocity: float = 1.0) -> None:
    for index in range(bars):
        root = changes[index % 4]
        low = root - 12 if root > 6 else root
        line = STROLL[1] if root in {4, 9, 2} else STROLL[0]
        sheet.write("bass", bar + index, line, ROOT - 12 + low, velocity=0.9 * velocity)
        for voice in VOICINGS[root][:3]:
            sheet.write("chop", bar + index, CHOP, voice, velocity=0.6 * velocity)


def _pads(sheet: Sheet, bar: int, bars: int, changes: tuple[int, ...], velocity: float) -> None:
    sheet.chords("pad", bar, [VOICINGS[changes[index % 4]] for index in range(bars)], 4, velocity=velocity)


def write() -> Sheet:
    """Intro 4, first tune 8, groove 8, bridge 8, tune again 8, outro 4."""
    sheet = Sheet(ABOUT)
    _bed(sheet, 0, 4, CHANGES, 0.85)
    sheet.drums(0, 4, shaker="o.x.o.x.o.x.o.x.", softkick="x.......x.......")
    sheet.fill(3, 1, rim="x.xx")
    _bed(sheet, 4, 8, CHANGES, 0.9)
    sheet.drums(4, 8, LIGHT)
    sheet.write("keys", 4, TUNE, ROOT + 12, times=2, velocity=0.85)
    sheet.fill(11, 1, snare="o.xx")
    _bed(sheet, 12, 8, CHANGES)
    _pads(sheet, 12, 8, CHANGES, 0.6)
    sheet.drums(12, 8, GROOVE)
    sheet.hit(12, "crash", velocity=0.6)
    sheet.write("glide", 12, TUNE, ROOT + 24, times=2, velocity=0.8)
    sheet.fill(19, 2, tom1="x.x.....", tom2="...xx...", tom3="......xx")
    _bridge(sheet)
    _return(sheet)
    return sheet


def _bridge(sheet: Sheet) -> None:
    _pads(sheet, 20, 8, BRIDGE, 0.9)
    for index in range(8):
        root = BRIDGE[index % 4]
        low = root - 12 if root > 6 else root
        sheet.write("bass", 20 + index, "0 - - - - - - - 0 - - - 0 - - -", ROOT - 12 + low, velocity=0.8)
        for string, voice in enumerate(VOICINGS[root]):
            steps = ". " * string + "0 - - - - - . 0 - - - - " + ". " * (4 - string)
            sheet.write("clean", 20 + index, steps, voice, velocity=0.75)
    sheet.write(
        "bells", 20, "24 . . . . . 23 . . . 19 . . . . . | 21 . . . . . 19 . . . 16 . . . . .", ROOT + 12, times=4
    )
    sheet.drums(20, 4, softkick="x.......x.......", shaker="..x...x...x...x.")
    sheet.drums(24, 4, LIGHT)
    sheet.fill(27, 2, snare="o.o.xxxX", kick="x...x...")
    sheet.hit(28, "riser:8", velocity=0.35)


def _return(sheet: Sheet) -> None:
    _bed(sheet, 28, 8, CHANGES)
    _pads(sheet, 28, 8, CHANGES, 0.8)
    sheet.drums(28, 8, GROOVE)
    sheet.hit(28, "crash", velocity=0.8)
    sheet.hit(32, "crash2", velocity=0.6)
    sheet.write("glide", 28, TUNE, ROOT + 24, times=2, velocity=0.85)
    sheet.write("keys", 28, TUNE, ROOT + 12, times=2, velocity=0.7)
    sheet.write(
        "bells", 32, "24 . . . . . 23 . . . 19 . . . . . | 21 . . . . . 19 . . . 16 . . . . .", ROOT + 12, times=2
    )
    sheet.fill(35, 1, snare="x.xx")
    _bed(sheet, 36, 3, CHANGES, 0.85)
    sheet.drums(36, 3, LIGHT)
    sheet.chords("pad", 36, [VOICINGS[root] for root in (0, 4, 5)], 4, velocity=0.6)
    sheet.chords("pad", 39, [VOICINGS[0]], 4, velocity=0.7)
    sheet.chords("clean", 39, [(43.0, 50.0, 59.0, 62.0, 69.0)], 4, velocity=0.8)
    sheet.chords("bass", 39, [(31.0,)], 4, velocity=0.8)
    sheet.hit(39, "softkick", "crash", velocity=0.5)


DESK = Desk(
    strips={
        "bass": Strip("bass", gain_db=-2.0, room=0.02, drive=1.2, duck=0.2),
        "chop": Strip("clean", gain_db=0.5, room=0.12, echo=0.1),
        "clean": Strip("clean", gain_db=-3.0, room=0.3, echo=0.35),
        "pad": Strip("pad", gain_db=-4.5, room=0.4, duck=0.2),
        "keys": Strip("epiano", gain_db=1.0, room=0.2, echo=0.2),
        "glide": Strip("glide", gain_db=-7.0, room=0.25, echo=0.3),
        "bells": Strip("bells", gain_db=-5.0, room=0.35, echo=0.35),
    },
    drums_db=-1.5,
    tone=((20, 0), (120, -1), (900, 0), (1_800, 3.5), (4_000, 5), (7_500, 1.5), (20_000, 0)),
    drums_room=0.12,
    decay_s=1.5,
    glue_db=-18.0,
)

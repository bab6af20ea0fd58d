"""A cool-down at 75 in F: electric piano, pads, a few plucked notes; the drums leave halfway."""

from synth.render import Desk, Strip
from synth.score import About, Note, Sheet

ABOUT = About(
    "06-ringside-lights-off.ogg", "Ringside, Lights Off", "Aunt Marble", "Home by the Long Road", "Ambient", 75, 756
)
ROOT = 41
CHORDS: tuple[tuple[float, ...], ...] = (
    (53.0, 60.0, 64.0, 67.0),
    (52.0, 57.0, 60.0, 67.0),
    (50.0, 57.0, 60.0, 65.0),
    (46.0, 58.0, 62.0, 65.0),
)
BASSES = (29.0, 33.0, 26.0, 34.0)
BROKEN = "0 . 1 . 2 . 3 . . . 2 . 1 . . ."
TUNE = (
    "19 - - - - - - - 16 - 14 - 12 - - - | 14 - - - - - 11 - 7 - - - - - - - | "
    "16 - - - - - - - 14 - 12 - 9 - - - | 12 - - - - - - - 9 - - - 7 - - -"
)
LATE_TUNE = (
    "12 - - - - - - - 14 - 16 - - - - - | 11 - - - - - - - - - - - 7 - - - | "
    "9 - - - - - - - 12 - - - - - - - | 7 - - - - - - - - - 5 - - - - -"
)


def write() -> Sheet:
    """Keys 4, drums and tune 8, without drums 8, nearly alone 4."""
    sheet = Sheet(ABOUT)
    for bar in range(24):
        _keys(sheet, bar, 0.85 - 0.012 * bar)
        sheet.chords("pad", bar, [CHORDS[bar % 4]], 4, velocity=(0.55 if bar < 4 else 0.8) - 0.014 * bar)
    for bar in range(22):
        level = 0.8 - 0.018 * bar if bar >= 4 else 0.4 + 0.08 * bar
        sheet.notes["bass"].append(Note(bar * 4, 3.5, (BASSES[bar % 4],), level))
    sheet.drums(4, 8, softkick="x.......o.o.....", rim="........o.......", shaker="..o...o...o...o.", level=0.8)
    sheet.drums(12, 4, softkick="x.......o.......", shaker="..o...o...o...o.", level=0.6)
    sheet.write("clean", 4, TUNE, ROOT + 12, times=2, velocity=0.8)
    sheet.write("bells", 12, LATE_TUNE, ROOT + 24, velocity=0.75)
    sheet.write("clean", 16, LATE_TUNE, ROOT + 12, velocity=0.6)
    sheet.write("bells", 20, LATE_TUNE, ROOT + 24, velocity=0.5)
    sheet.notes["keys"].append(Note(96, 4, (41.0, 53.0, 60.0, 64.0, 67.0), 0.6))
    sheet.notes["pad"].append(Note(96, 4, CHORDS[0], 0.4))
    sheet.bars = 25
    return sheet


def _keys(sheet: Sheet, bar: int, velocity: float) -> None:
    """The bar's chord: struck, then broken."""
    chord = CHORDS[bar % 4]
    sheet.notes["keys"].append(Note(bar * 4, 3.8, chord[:2], velocity))
    for step, symbol in enumerate(BROKEN.split()):
        if symbol != ".":
            pitch = chord[int(symbol)] + (12 if bar % 8 >= 4 and step >= 8 else 0)
            sheet.notes["keys"].append(Note(bar * 4 + step / 4, 1.2, (pitch,), velocity * (0.8 if step else 0.6)))


DESK = Desk(
    strips={
        "keys": Strip("epiano", gain_db=0.0, room=0.3, echo=0.2),
        "pad": Strip("pad", gain_db=-2.5, room=0.5),
        "bass": Strip("bass", gain_db=-2.0, room=0.02, drive=0.8),
        "clean": Strip("clean", gain_db=2.0, room=0.4, echo=0.4),
        "bells": Strip("bells", gain_db=3.0, room=0.5, echo=0.4),
    },
    drums_db=0.0,
    tone=((20, 2), (110, 1), (280, -3), (700, 0), (1_500, 4), (3_000, 8), (9_000, 11), (20_000, 9)),
    drums_room=0.35,
    decay_s=3.0,
    glue_db=-16.0,
    tail_s=5.0,
)

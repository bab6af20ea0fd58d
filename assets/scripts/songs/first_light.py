"""A warm-up at 90 in A minor: clean guitar and pads, a low voice that seems to talk, drums that come in late."""

from synth.render import Desk, Strip
from synth.score import About, Note, Sheet

ABOUT = About("01-first-light.ogg", "First Light", "Lantern Bridge Radio", "Before Anyone Is Up", "Post-Rock", 90, 901)
ROOT = 45
CHANGES = (0, -4, 3, -2)
ARPS = (
    "0 - 7 - 12 - 14 - 15 - 14 - 12 - 7 -",
    "0 - 7 - 12 - 16 - 19 - 16 - 12 - 7 -",
    "0 - 7 - 12 - 14 - 16 - 14 - 12 - 7 -",
    "0 - 7 - 12 - 16 - 14 - 12 - 7 - 4 -",
)
PADS: tuple[tuple[float, ...], ...] = (
    (57.0, 60.0, 64.0, 71.0),
    (57.0, 60.0, 64.0, 65.0),
    (55.0, 60.0, 64.0, 67.0),
    (55.0, 59.0, 62.0, 69.0),
)
SPEECH = (
    ". . . 7 7 7 - . 8 7 . 5 - - . . | . . 3 3 - 5 7 - - . . . . . . . | "
    ". 7 7 . 10 - 7 5 - . 3 - - - . . | . . . . 2 2 3 - 2 - - - . . . ."
)
SPEECH_2 = (
    ". . 7 7 10 - 7 . 8 7 - 5 - . 3 - | . . 3 5 - 7 8 - 7 - - - . . . . | "
    ". 10 10 . 12 - 10 7 - . 5 - 7 - . . | . . 5 - 3 2 - 3 2 - - - . . . ."
)
SWELL = (
    "12 - - - - - - - - - 14 - 15 - - - | 15 - - - - - - - - - 14 - 12 - - - | "
    "10 - - - - - 12 - - - - - - - - - | 10 - - - - - - - 14 - - - - - - -"
)


def write() -> Sheet:
    """Alone 4, with pads 4, voice and heartbeat 8, drums 8, all 6."""
    sheet = Sheet(ABOUT)
    for bar in range(30):
        velocity = 0.65 + 0.012 * bar
        sheet.write("clean", bar, ARPS[bar % 4], ROOT + CHANGES[bar % 4], velocity=velocity)
    for bar in range(2, 30):
        sheet.chords("pad", bar, [PADS[bar % 4]], 4, velocity=0.45 + 0.018 * bar)
    sheet.write("voice", 6, ". . . . . . . . . . 2 2 3 - 2 -", ROOT)
    sheet.write("voice", 8, SPEECH, ROOT)
    sheet.write("voice", 12, SPEECH_2, ROOT)
    sheet.write("voice", 16, SPEECH, ROOT)
    sheet.write("voice", 20, SPEECH_2, ROOT)
    _rhythm(sheet)
    _summit(sheet)
    return sheet


def _rhythm(sheet: Sheet) -> None:
    sheet.drums(4, 4, softkick="x.......o.......", level=0.7)
    sheet.drums(8, 8, softkick="x.....o.x.......", rim="............o...", shaker="..o...o...o...o.", level=0.85)
    sheet.drums(
        16, 8, softkick="X.....x.x...o...", rim="....x.......x...", shaker="o.x.o.x.o.x.o.x.", ride="o...o...o...o..."
    )
    sheet.fill(23, 2, tom2="o.o.....", tom3="....x.xx", rim="x..x....")
    for bar in range(8, 30):
        velocity = 0.6 + 0.015 * (bar - 8)
        root = ROOT - 12 + CHANGES[bar % 4]
        sheet.write(
            "bass",
            bar,
            "0 - - - - - 0 - 0 - - - - - 7 -" if bar >= 16 else "0 - - - - - - - - - - - - - - -",
            root,
            velocity=velocity,
        )


def _summit(sheet: Sheet) -> None:
    sheet.hit(24, "crash", "impact", velocity=0.7)
    sheet.hit(24, "riser:8", velocity=0.28)
    sheet.drums(
        24,
        6,
        kick="X.....x.x...x...",
        snare="....X.......X...",
        ride="x.o.x.o.x.o.x.o.",
        shaker="xoxoxoxoxoxoxoxo",
        level=0.9,
    )
    sheet.hit(28, "crash2", velocity=0.8)
    sheet.fill(27, 1, snare="xxxX")
    for bar in range(24, 30):
        sheet.write(
            "haze", bar, "0 - - - - - - - 0 - - - - - - -", ROOT + CHANGES[bar % 4], shape=(0, 7, 12), velocity=0.7
        )
    sheet.write("lead", 24, SWELL, ROOT + 12)
    sheet.write("lead", 28, "19 - - - - - - - 17 - - - 15 - - - | 15 - - - - - - - - - - - - - - -", ROOT + 12)
    sheet.notes["clean"].append(Note(120, 4, (45.0, 52.0, 57.0, 59.0, 64.0), 0.9))
    sheet.notes["pad"].append(Note(120, 4, PADS[0], 0.8))
    sheet.bars = 31


DESK = Desk(
    strips={
        "clean": Strip("clean", gain_db=0.0, room=0.35, echo=0.3),
        "pad": Strip("pad", gain_db=-1.5, room=0.5),
        "voice": Strip("choir", gain_db=0.0, room=0.2, echo=0.15),
        "bass": Strip("bass", gain_db=-5.0, room=0.02, drive=1.0),
        "haze": Strip("heavy", gain_db=-14.0, room=0.35, drive=6, width=0.9),
        "lead": Strip("leadguitar", gain_db=-7.0, room=0.4, echo=0.5, drive=4),
    },
    drums_db=-1.5,
    tone=((20, 0), (150, 0), (280, -2.5), (600, -1.5), (1_500, 1.5), (4_000, 4), (20_000, 5)),
    drums_room=0.3,
    decay_s=2.6,
    glue_db=-17.0,
    tail_s=4.0,
)

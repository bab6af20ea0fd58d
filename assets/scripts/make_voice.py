"""Makes the announcer's clips in assets/voice with Festival; only needed to make them anew.

    apt install festival festvox-us-slt-hts
    python assets/scripts/make_voice.py [WORD…] [--out FOLDER]

The same Festival writes the same bytes on each run.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from nbd_tui.media.cue_files import read_wav  # noqa: E402
from nbd_tui.media.polish import polished, write_clip  # noqa: E402
from nbd_tui.media.samples import resampled  # noqa: E402
from nbd_tui.workout.phrases import clip_words  # noqa: E402

VOICE = "(voice_cmu_us_slt_arctic_hts)"
RATE = 22_050
STRETCH = "(Parameter.set 'Duration_Stretch 0.9)"

# fmt: off
ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
# fmt: on
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spelled(word: str) -> str:
    """What Festival is to say for a clip's name."""
    if not word.isdecimal():
        return {"warm-up": "warm up", "halfway": "half way"}.get(word, word.replace("-", " "))
    number = int(word)
    if number < 20:
        return ONES[number - 1]
    ones = number % 10
    return TENS[number // 10 - 2] + (f" {ONES[ones - 1]}" if ones else "")


def said(word: str, folder: Path) -> np.ndarray:
    """The word as Festival says it, at `RATE`."""
    file = folder / "said.wav"
    command = ["text2wave", "-eval", VOICE, "-eval", STRETCH, "-o", str(file)]
    subprocess.run(command, input=f"{spelled(word)}.\n", text=True, check=True, capture_output=True)
    samples, rate = read_wav(file)
    return resampled(samples, rate, RATE)[:, 0].astype(np.float64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only these clips")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "voice")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for word in options.words or sorted(clip_words()):
            write_clip(options.out / f"{word}.wav", polished(said(word, Path(folder)), RATE), RATE)
            print(word)


if __name__ == "__main__":
    main()

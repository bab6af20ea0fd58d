"""Listen to the demo songs of `assets/demo` and write what is heard beside them, as it is shipped.

From the checkout, after `compose_demo.py` and after every change of the analysis: `python assets/scripts/hear_demo.py`.
Takes some seconds.
"""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from nbd_tui.library.analysis import VERSION  # noqa: E402 (found by the line above)
from nbd_tui.library.analysis.listen import listen  # noqa: E402
from nbd_tui.library.hearing_message import as_message  # noqa: E402
from nbd_tui.library.intake import Intake  # noqa: E402
from nbd_tui.library.shipped import FILE, digest_of  # noqa: E402

DEMO = ROOT / "assets" / "demo"
PLACES = 5
"""Decimals of every number that are kept: less than a frame."""


def heard(file: Path) -> dict[str, Any]:
    """What `library/shipped.py` reads of one song."""
    with closing(Intake(file, lambda: None)) as intake:
        hearing = listen(intake.chunks())
        told = json.loads(json.dumps(as_message(hearing)), parse_float=lambda number: round(float(number), PLACES))
        return {"digest": digest_of(file), "head": intake.head.hex(), "hearing": told}


def main() -> None:
    tracks = {file.name: heard(file) for file in sorted(DEMO.glob("*.ogg"))}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(told)}" for name, told in tracks.items())
    (DEMO / FILE).write_text(f'{{"version": {VERSION}, "tracks": {{\n{lines}\n}}}}\n', "utf-8")
    for name, told in tracks.items():
        hearing = told["hearing"]
        print(f"{name}  {hearing['bpm']:.2f} BPM  drops {[drop[0] for drop in hearing['drops']]}")


if __name__ == "__main__":
    main()

"""The table of measured figures: `make bench`, or `python -m tests.bench [SECTION …]`. Nothing is asserted.

Figures that are heard come from a recording of a private PulseAudio null sink; a section whose parts are missing on
this machine is skipped, with the reason. On a machine that is busy with something else, times are too long: the load
average stands beside each figure.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure, MissingPartError, as_json, as_table, load_average, say
from tests.bench.place import Place

Section = Callable[[Place], Iterator[Figure]]

NAMES: Final = (
    "parts",
    "scan",
    "listening",
    "render",
    "planning",
    "startup",
    "music",
    "session",
    "screen",
    "library",
    "keys",
    "ontime",
    "busy",
)


def sections() -> dict[str, list[Section]]:
    """The sections by name, in the order of the table.

    Raises:
        MissingPartError: this system has no pseudo terminals.
    """
    from tests.bench import parts

    found: dict[str, list[Section]] = {"parts": [parts.mixer, parts.engine], "scan": [parts.scanning]}
    try:
        from tests.bench import analysis, hearing, library, planning, rendering, screen, session, startup
    except ImportError as error:
        say(f"only parts and scan: {error}")
        return found
    return found | {
        "listening": [analysis.listening_cpu, analysis.listening_memory],
        "render": [rendering.to_wav_and_flac, rendering.to_lossy],
        "planning": [planning.planning],
        "startup": [startup.answers, startup.first_screen],
        "music": [startup.first_track],
        "session": [session.session_cost],
        "screen": [screen.screen_cost, screen.key_to_echo],
        "library": [library.library],
        "keys": [hearing.key_to_sound],
        "ontime": [hearing.on_time],
        "busy": [hearing.busy_screen],
    }


def run(wanted: list[str], place: Place) -> tuple[list[Figure], list[tuple[str, str]]]:
    """The figures of some sections, and why others are missing."""
    figures, skipped = list[Figure](), list[tuple[str, str]]()
    for name, parts in sections().items():
        for measure in parts if name in wanted else ():
            title = f"{name}: {measure.__name__.replace('_', ' ')}"
            say(f"{title} …")
            try:
                for figure in measure(place):
                    say(f"  {figure.name}: {figure.value:.3g} {figure.unit}")
                    figures.append(replace(figure, section=name, load=load_average()))
            except MissingPartError as error:
                skipped.append((title, f"skipped, {error}"))
            except (AssertionError, OSError) as error:  # the other figures are still worth having
                skipped.append((title, f"failed, {error}"))
    return figures, skipped


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.split("\n", 1)[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(NAMES)}; none: all")
    parser.add_argument("--quick", action="store_true", help="few samples, short runs, one output and size")
    parser.add_argument("--minutes", type=float, help="how long to listen for drift and dropouts (2; quick: 0.3)")
    parser.add_argument("--json", action="store_true", help="for programs to read")
    options = parser.parse_args()
    if unknown := set(options.sections) - set(NAMES):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    minutes = options.minutes or (0.3 if options.quick else 2.0)
    with tempfile.TemporaryDirectory(prefix="nbd-bench-") as scratch:
        measured = run(options.sections or list(NAMES), Place(Path(scratch), options.quick, minutes))
    sys.stdout.write((as_json if options.json else as_table)(*measured) + "\n")


if __name__ == "__main__":
    main()

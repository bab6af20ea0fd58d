"""Which output carries the sound, and in one line why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Final, TypeAlias

from nbd_tui.errors import OutputError, ServerMuteError
from nbd_tui.media.output.base import Output
from nbd_tui.media.output.cushion import Cushion
from nbd_tui.media.output.device import Buffer
from nbd_tui.media.output.silent import SilentOutput
from nbd_tui.media.output.system import SystemOutput
from nbd_tui.media.output.vlc import VlcOutput

Attach: TypeAlias = Callable[[Output], None]
"""Opens an output on a stream of its own; raises what `Output.open` raises."""

Makers: TypeAlias = Mapping[str, Callable[[], Output]]

MAKERS: Final[Makers] = {
    "vlc": VlcOutput,
    "device": partial(SystemOutput, Cushion(), Buffer()),
    "silent": SilentOutput,
}
"""One cushion and one buffer for all device outputs of the process: what was too short once is not tried again."""

LADDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "auto": ("vlc", "device"),
    "vlc": ("vlc",),
    "device": ("device",),
    "silent": ("silent",),
}
"""What is tried, in order, for each value of the setting `audio.output`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open output, and why it is not the first choice (empty when it is)."""

    output: Output
    reason: str


def open_wanted(choice: str, attach: Attach, makers: Makers = MAKERS, better_than: str = "") -> Opened:
    """Opens the best of what `choice` asks for.

    Args:
        choice: The value of the setting.
        attach: Opens one.
        makers: Makes one, by name.
        better_than: Only what comes before this one is tried; empty: everything.

    Raises:
        OutputError: none of them opens; the text says why of each, in one line.
    """
    reasons: list[str] = []
    for name in takewhile(lambda name: name != better_than, LADDERS[choice]):
        output = makers[name]()
        try:
            attach(output)
        except ServerMuteError as error:
            reasons.append(f"{name}: {error}")
            break
        except Exception as error:  # noqa: BLE001 - a broken libVLC or driver must not keep the next one from being tried
            reasons.append(f"{name}: {error}")
        else:
            return Opened(output, "; ".join([*reasons, f"using {name}"]) if reasons else "")
    raise OutputError("; ".join(reasons))

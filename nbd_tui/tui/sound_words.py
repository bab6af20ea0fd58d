"""How the sound is told in a line: where it comes out, how loud, and in short why not. Pure."""

import re
from typing import TYPE_CHECKING, Final

from nbd_tui.tui.text import clean

if TYPE_CHECKING:  # Home is painted without the engine
    from nbd_tui.session.snapshot import SoundState

MOST_TOLD: Final = 1_000
"""Characters of a reason that are looked at."""

_SILENT: Final = "silent"
_ASIDE: Final = re.compile(r"\s*\([^()]*\)")
_OUTPUT: Final = re.compile(r"^(?:no sound: )?(?:vlc|device): ")


def sound_text(sound: "SoundState") -> str:
    """`vlc · music 70 · bell 90`, and in short why there is no sound, or another than the first choice."""
    output = output_text(sound.output, sound.reason)
    if sound.output in {"", "silent"}:
        return output
    music = "music off" if sound.muted else f"music {sound.music_volume}"
    return f"{output} · {music} · bell {sound.cue_volume}"


def output_text(output: str, reason: str) -> str:
    """`vlc`, `silent: no sound device can be opened`: where the sound comes out, and in short why not elsewhere.

    Of outputs that all fail, the reason of the last one is told, which needs the least.
    """
    told = short_reasons(clean(reason, MOST_TOLD))
    if output == "silent":
        return f"{_SILENT}: {told[-1]}" if told else _SILENT
    reason = ", ".join(told)
    if not output:
        return reason or "sound starting"
    return f"{output} ({reason})" if reason else output


def silence_of(told: str) -> str:
    """Why nothing is heard of what plays, from what is told of the sound; empty where it is heard."""
    return clean(told) if told.startswith(_SILENT) else ""


def short_reasons(reason: str) -> list[str]:
    """What is wrong with each output, without what the system says of it in brackets and without what would help.

    `nbd doctor` tells the whole of it; over a workout it would hide the digits.
    """
    parts = _ASIDE.sub("", reason).split("; ")
    told = [_OUTPUT.sub("", part) for part in parts if _OUTPUT.match(part)]
    return told or [part for part in parts[:1] if part]

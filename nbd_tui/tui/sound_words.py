"""How the sound is told in a line: where it comes out, how loud, and in short why not. Pure."""

import re
from typing import Final

from nbd_tui.session.snapshot import SoundState
from nbd_tui.tui.text import clean

MOST_TOLD: Final = 1_000
"""Characters of a reason that are looked at."""

_ASIDE: Final = re.compile(r"\s*\([^()]*\)")
_OUTPUT: Final = re.compile(r"^(?:no sound: )?(?:vlc|device): ")


def sound_text(sound: SoundState) -> str:
    """`vlc · music 70 · bell 90`, and in short why there is no sound, or another than the first choice."""
    reason = short_reason(clean(sound.reason, MOST_TOLD))
    if not sound.output:
        return reason or "sound starting"
    if sound.output == "silent":
        return f"silent: {reason}" if reason else "silent"
    output = f"{sound.output} ({reason})" if reason else sound.output
    music = "music off" if sound.muted else f"music {sound.music_volume}"
    return f"{output} · {music} · bell {sound.cue_volume}"


def short_reason(reason: str) -> str:
    """What is wrong with each output, without what the system says of it in brackets and without what would help.

    `nbd doctor` tells the whole of it; over a workout it would hide the digits.
    """
    parts = _ASIDE.sub("", reason).split("; ")
    told = [_OUTPUT.sub("", part) for part in parts if _OUTPUT.match(part)]
    return ", ".join(told) or parts[0]

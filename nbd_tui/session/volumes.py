"""The user's volumes: 0 to 100 on a cubic scale, as ears expect."""

from dataclasses import dataclass, replace
from typing import Final

from nbd_tui.audio.score import Levels
from nbd_tui.keymap import Action
from nbd_tui.model.units import Decibels

STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Volumes:
    """Music and cues apart, so that a bell is heard over any music."""

    music: int = 70
    cues: int = 90
    muted: bool = False
    """The music; cues are never muted."""
    duck_db: Decibels = -12.0

    def louder_music(self, steps: int) -> "Volumes":
        """Music up or down by steps; turning it unmutes."""
        return replace(self, music=_within(self.music + steps * STEP), muted=False)

    def louder_cues(self, steps: int) -> "Volumes":
        """Cues up or down by steps."""
        return replace(self, cues=_within(self.cues + steps * STEP))

    def toggled_mute(self) -> "Volumes":
        """Music off or on."""
        return replace(self, muted=not self.muted)

    def levels(self) -> Levels:
        """As amplitude factors: (volume / 100) cubed, about 60 dB of range, like common players."""
        music = 0.0 if self.muted else (self.music / 100) ** 3
        return Levels(music=music, cues=(self.cues / 100) ** 3, duck_db=self.duck_db)


def turned(volumes: Volumes, action: Action) -> tuple[Volumes, str]:
    """The volumes after a key, and its answer; an action that is none of theirs leaves them and has none."""
    match action:
        case Action.MUTE | Action.MUSIC_UP | Action.MUSIC_DOWN:
            if action is Action.MUTE:
                volumes = volumes.toggled_mute()
            else:
                volumes = volumes.louder_music(1 if action is Action.MUSIC_UP else -1)
            return volumes, "music off" if volumes.muted else f"music {volumes.music} %"
        case Action.CUES_UP | Action.CUES_DOWN:
            volumes = volumes.louder_cues(1 if action is Action.CUES_UP else -1)
            return volumes, f"bells {volumes.cues} %"
        case _:
            return volumes, ""


def _within(volume: int) -> int:
    return min(100, max(0, volume))

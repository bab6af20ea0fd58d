"""Every action a key can cause, its default keys and its words: one registry that bindings, help and settings read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nbd_tui.errors import Problem


class Action(StrEnum):
    """What a key does in a workout. The value is the binding's id in the settings."""

    PAUSE = "workout.pause"
    DONE = "workout.done"
    SKIP = "workout.skip"
    BACK = "workout.back"
    UNDO_SKIP = "workout.undo_skip"
    RESTART = "workout.restart"
    ADD_TIME = "workout.add_time"
    REMOVE_TIME = "workout.remove_time"
    MUSIC_UP = "workout.music_up"
    MUSIC_DOWN = "workout.music_down"
    CUES_UP = "workout.cues_up"
    CUES_DOWN = "workout.cues_down"
    OTHER_TRACK = "workout.other_track"
    MUTE = "workout.mute"
    STOP = "workout.stop"


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """One action and the keys it has by default, as Textual writes them, separated by commas."""

    id: str
    keys: str
    label: str
    """A few words for the help screen and the footer."""
    scope: str
    """The screen it belongs to; keys may repeat across scopes, and `everywhere` joins every scope."""
    letter: str = ""
    """The command of plain mode."""


BINDINGS: tuple[KeyBinding, ...] = (
    KeyBinding(Action.PAUSE, "space", "pause / go on", "workout", "p"),
    KeyBinding(Action.DONE, "enter", "done (open phase)", "workout", "d"),
    KeyBinding(Action.SKIP, "right", "skip to the next phase", "workout", "s"),
    KeyBinding(Action.BACK, "left", "back: restart the phase, or the one before", "workout", "b"),
    KeyBinding(Action.UNDO_SKIP, "u", "undo the skip", "workout", "u"),
    KeyBinding(Action.RESTART, "R", "restart the workout", "workout", "R"),
    KeyBinding(Action.ADD_TIME, "plus,equals_sign", "15 s more", "workout", "+"),
    KeyBinding(Action.REMOVE_TIME, "minus", "15 s less", "workout", "-"),
    KeyBinding(Action.MUSIC_UP, "up", "music louder", "workout", "k"),
    KeyBinding(Action.MUSIC_DOWN, "down", "music quieter", "workout", "j"),
    KeyBinding(Action.CUES_UP, "pageup,right_square_bracket", "bells louder", "workout", "]"),
    KeyBinding(Action.CUES_DOWN, "pagedown,left_square_bracket", "bells quieter", "workout", "["),
    KeyBinding(Action.OTHER_TRACK, "n", "another track", "workout", "n"),
    KeyBinding(Action.MUTE, "m", "music off / on", "workout", "m"),
    KeyBinding(Action.STOP, "q,ctrl+q", "end the workout (asks)", "workout", "q"),
    KeyBinding("home.start", "enter", "start the workout", "home"),
    KeyBinding("home.quit", "q,ctrl+q", "quit", "home"),
    KeyBinding("app.help", "question_mark", "help", "everywhere"),
)


def keys_of(binding_id: str, remapped: Mapping[str, str]) -> tuple[str, ...]:
    """The keys an action has, the user's before the defaults.

    Raises:
        KeyError: no such binding.
    """
    default = {binding.id: binding.keys for binding in BINDINGS}[binding_id]
    return tuple(key.strip() for key in remapped.get(binding_id, default).split(",") if key.strip())


def keymap_problems(remapped: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with the user's keys: unknown actions, actions left without a key, two actions on one key."""
    raise NotImplementedError

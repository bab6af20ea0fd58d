"""Every action a key can cause, its default keys and its words: one registry that bindings, help and settings read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from nbd_tui.errors import Problem, did_you_mean, shown
from nbd_tui.keynames import key_hint, key_label, normalised_key, split_keys, types_text


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
    LIKE = "workout.like"
    BAN = "workout.ban"
    WHY = "workout.why"
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
    KeyBinding(Action.UNDO_SKIP, "u", "undo the skip, done, or ban", "workout", "u"),
    KeyBinding(Action.RESTART, "R", "restart the workout (asks)", "workout", "R"),
    KeyBinding(Action.ADD_TIME, "plus,equals_sign", "15 s more", "workout", "+"),
    KeyBinding(Action.REMOVE_TIME, "minus", "15 s less", "workout", "-"),
    KeyBinding(Action.MUSIC_UP, "up", "music louder", "workout", "k"),
    KeyBinding(Action.MUSIC_DOWN, "down", "music quieter", "workout", "j"),
    KeyBinding(Action.CUES_UP, "pageup,right_square_bracket", "bells louder", "workout", "]"),
    KeyBinding(Action.CUES_DOWN, "pagedown,left_square_bracket", "bells quieter", "workout", "["),
    KeyBinding(Action.OTHER_TRACK, "n", "another track", "workout", "n"),
    KeyBinding(Action.LIKE, "l", "like the track, or not any more", "workout", "l"),
    KeyBinding(Action.BAN, "b", "ban the track: it never plays again", "workout", "B"),
    KeyBinding(Action.WHY, "w", "why this track", "workout", "w"),
    KeyBinding(Action.MUTE, "m", "music off / on", "workout", "m"),
    KeyBinding(Action.STOP, "q,ctrl+q", "end the workout (asks)", "workout", "q"),
    KeyBinding("home.start", "enter", "the plan of the workout, then start", "home"),
    KeyBinding("home.start_now", "s", "start the workout at once", "home"),
    KeyBinding("home.history", "h", "history", "home"),
    KeyBinding("home.library", "l", "library", "home"),
    KeyBinding("home.search", "slash", "search", "home"),
    KeyBinding("home.new", "n", "new preset", "home"),
    KeyBinding("home.edit", "e", "edit the preset (a built-in one: a copy)", "home"),
    KeyBinding("home.copy", "c", "copy the preset", "home"),
    KeyBinding("home.rename", "f2", "rename the preset", "home"),
    KeyBinding("home.favourite", "f", "favourite, or not any more", "home"),
    KeyBinding("home.delete", "d", "delete the preset", "home"),
    KeyBinding("home.undo", "u", "bring back what was deleted", "home"),
    KeyBinding("home.quit", "q,ctrl+q", "quit", "home"),
    KeyBinding("home.settings", "comma", "settings", "home"),
    KeyBinding("settings.edit", "enter", "another value", "settings"),
    KeyBinding("settings.more", "right,plus,equals_sign", "more, the next choice, a further key", "settings"),
    KeyBinding("settings.less", "left,minus", "less, the choice before, one key less", "settings"),
    KeyBinding("settings.reset", "r,backspace,delete", "the default again", "settings"),
    KeyBinding("settings.undo", "u", "undo the last change", "settings"),
    KeyBinding("settings.bell", "t", "test bell", "settings"),
    KeyBinding("settings.back", "escape,q", "back", "settings"),
    KeyBinding("summary.still_hits", "s", "the track still hits: like it (again: no)", "summary"),
    KeyBinding("summary.fine", "f", "the track is fine", "summary"),
    KeyBinding("summary.not_again", "x", "not this track again: keep it out", "summary"),
    KeyBinding("summary.note", "e,t", "write a note", "summary"),
    KeyBinding("history.open", "enter,right", "show the session", "history"),
    KeyBinding("history.search", "slash", "search for a preset", "history"),
    KeyBinding("library.open", "enter", "open the track", "library"),
    KeyBinding("library.listen", "space", "listen to the track, or stop", "library"),
    KeyBinding("library.drop", "d", "listen from four bars before a drop", "library"),
    KeyBinding("library.like", "l", "like the track, or not any more", "library"),
    KeyBinding("library.ban", "k", "keep the track out, or let it in again", "library"),
    KeyBinding("library.double", "greater_than_sign", "double the tempo", "library"),
    KeyBinding("library.halve", "less_than_sign", "halve the tempo", "library"),
    KeyBinding("library.tap", "t", "tap the tempo", "library"),
    KeyBinding("library.type", "b", "type the tempo", "library"),
    KeyBinding("library.undo", "u", "undo the last change", "library"),
    KeyBinding("library.search", "slash", "search", "library"),
    KeyBinding("library.sort", "s", "sort by the next column", "library"),
    KeyBinding("library.reverse", "S", "sort the other way round", "library"),
    KeyBinding("library.back", "escape", "all tracks again, else back", "library"),
    KeyBinding("track.listen", "space", "listen from here, stop", "track"),
    KeyBinding("track.drop", "d", "listen from before the next drop", "track"),
    KeyBinding("track.beat_back", "left", "a beat back", "track"),
    KeyBinding("track.beat_on", "right", "a beat on", "track"),
    KeyBinding("track.bar_back", "up", "a bar back", "track"),
    KeyBinding("track.bar_on", "down", "a bar on", "track"),
    KeyBinding("track.section_back", "pageup,shift+left,ctrl+left", "a section back", "track"),
    KeyBinding("track.section_on", "pagedown,shift+right,ctrl+right", "a section on", "track"),
    KeyBinding("track.start", "home", "to the start", "track"),
    KeyBinding("track.end", "end", "to the end", "track"),
    KeyBinding("track.closer", "plus,equals_sign", "look closer, down to eight bars", "track"),
    KeyBinding("track.wider", "minus", "see more of the track", "track"),
    KeyBinding("track.double", "greater_than_sign", "twice the tempo", "track"),
    KeyBinding("track.halve", "less_than_sign", "half the tempo", "track"),
    KeyBinding("track.tap", "t", "tap the tempo, four times or more", "track"),
    KeyBinding("track.type", "b", "type the tempo", "track"),
    KeyBinding("track.move_drop", "m", "move the nearest drop here", "track"),
    KeyBinding("track.add_drop", "a", "add a drop here", "track"),
    KeyBinding("track.remove_drop", "x,delete", "remove the nearest drop", "track"),
    KeyBinding("track.as_heard", "r", "tempo and drops as heard again", "track"),
    KeyBinding("track.like", "l", "like it, or not any more", "track"),
    KeyBinding("track.ban", "k", "keep it out, or not any more", "track"),
    KeyBinding("track.undo", "u", "undo the last change", "track"),
    KeyBinding("track.back", "escape", "back", "track"),
    KeyBinding("plan.start", "enter", "start with what is shown", "plan"),
    KeyBinding("plan.before", "left", "the stretch before", "plan"),
    KeyBinding("plan.after", "right", "the stretch after", "plan"),
    KeyBinding("plan.first", "home", "the first stretch", "plan"),
    KeyBinding("plan.last", "end", "the last stretch", "plan"),
    KeyBinding("plan.listen", "space", "listen around the bell, or stop", "plan"),
    KeyBinding("plan.another", "n", "the next best track here", "plan"),
    KeyBinding("plan.pin", "p", "pin the track to its place, or let it go", "plan"),
    KeyBinding("plan.keep", "P", "keep what is pinned in the preset", "plan"),
    KeyBinding("plan.why", "w", "why this track, and all warnings", "plan"),
    KeyBinding("plan.roll", "r", "roll again, but for what is pinned or swapped", "plan"),
    KeyBinding("plan.undo", "u", "undo the last change", "plan"),
    KeyBinding("plan.back", "escape,q", "back, without a workout", "plan"),
    KeyBinding("interrupted.resume", "enter,space", "go on with it, paused at first", "interrupted"),
    KeyBinding("interrupted.file", "f", "keep it in the history as it is", "interrupted"),
    KeyBinding("interrupted.drop", "d", "drop it (asks)", "interrupted"),
    KeyBinding("interrupted.later", "escape,q", "decide at the next start", "interrupted"),
    KeyBinding("form.save", "ctrl+s", "save", "form"),
    KeyBinding("form.start", "ctrl+r,f5", "save and start", "form"),
    KeyBinding("form.back", "escape", "leave (asks where something would be lost)", "form"),
    KeyBinding("app.suspend", "ctrl+z", "pause, and back to the shell; fg returns", "everywhere"),
    KeyBinding("app.help", "question_mark,f1", "help", "everywhere"),
    KeyBinding("app.palette", "ctrl+p", "everything there is, by its words", "everywhere"),
    KeyBinding("app.gloves", "g", "glove mode on / off", "everywhere"),
)


QUIT_KEY = "ctrl+q"
"""Textual quits on it before any binding is asked, so only actions that end something may have it."""

QUIT_IDS = frozenset({str(Action.STOP), "home.quit"})

EVERYWHERE = "everywhere"

_ALSO_IN: Mapping[str, frozenset[str]] = {
    "home.quit": frozenset({"summary", "history", "library", "track"}),
    "home.settings": frozenset({"library"}),
}
"""Scopes in which a binding of another one works too."""

LIST_KEYS = frozenset({"up", "down", "home", "end", "pageup", "pagedown"})
"""Lists of presets, settings, sessions and tracks take these before any action."""

_SCOPES_WITH_LISTS = frozenset({"home", "settings", "summary", "history", "library", EVERYWHERE})

EFFORT_KEYS = frozenset("1234567890")
"""How hard it was; 0 is 10."""

_SCOPES_WITH_TEXT = frozenset({"form"})


def binding_of(binding_id: str) -> KeyBinding:
    """The binding with this id.

    Raises:
        KeyError: no such binding.
    """
    return {binding.id: binding for binding in BINDINGS}[binding_id]


def bindings_in(scope: str) -> tuple[KeyBinding, ...]:
    """The bindings that work in a scope, those of `everywhere` last."""
    own = tuple(binding for binding in BINDINGS if binding.scope == scope)
    return own if scope == EVERYWHERE else (*own, *bindings_in(EVERYWHERE))


def keys_of(binding_id: str, remapped: Mapping[str, str]) -> tuple[str, ...]:
    """The keys an action has, the user's before the defaults, as Textual names them.

    Raises:
        KeyError: no such binding.
    """
    default = binding_of(binding_id).keys
    written = split_keys(remapped.get(binding_id, default))
    return tuple(dict.fromkeys(normalised_key(key) or key for key in written))


def keymap_of(remapped: Mapping[str, str]) -> dict[str, str]:
    """The user's keys as `App.set_keymap` takes them: binding id to Textual's key names, separated by commas."""
    return {binding_id: ",".join(keys_of(binding_id, remapped)) for binding_id in remapped}


def keymap_problems(remapped: Mapping[str, str]) -> tuple[Problem, ...]:
    """What is wrong with the user's keys; `Problem.key` is the binding's id.

    Unknown actions, actions left without a key, keys that are none, keys that never arrive, two actions on one key.
    """
    known = {binding.id for binding in BINDINGS}
    single = [problem for binding_id, keys in remapped.items() for problem in _problems_of_one(binding_id, keys)]
    return (*single, *_clashes({binding_id: keys for binding_id, keys in remapped.items() if binding_id in known}))


def _problems_of_one(binding_id: str, keys: str) -> Iterator[Problem]:
    ids = [binding.id for binding in BINDINGS]
    if binding_id not in ids:
        yield Problem("is not an action", key=binding_id, hint=did_you_mean(binding_id, ids, otherwise="actions"))
        return
    label, scopes = binding_of(binding_id).label, _scopes(binding_of(binding_id))
    if not (written := split_keys(keys)):
        yield Problem(
            f'leaves "{label}" without a key', key=binding_id, hint="name a key, or remove the line for the default"
        )
    for key in written:
        normal = normalised_key(key)
        if normal is None:
            yield Problem(f"{shown(key)} is not a key", key=binding_id, hint=key_hint(key))
        elif normal == "ctrl+c":
            yield Problem("ctrl+c is kept for copying and never reaches an action", key=binding_id)
        elif normal == QUIT_KEY and binding_id not in QUIT_IDS:
            yield Problem(f'ctrl+q always quits and cannot be "{label}"', key=binding_id)
        elif normal in LIST_KEYS and scopes & _SCOPES_WITH_LISTS:
            yield Problem(f'{normal} moves in lists and cannot be "{label}"', key=binding_id)
        elif normal in EFFORT_KEYS and scopes & {"summary", EVERYWHERE}:
            yield Problem(f'{normal} says how hard it was and cannot be "{label}"', key=binding_id)
        elif types_text(normal) and scopes & _SCOPES_WITH_TEXT:
            yield Problem(f'{key_label(normal)} is typed into the form and cannot be "{label}"', key=binding_id)


def _scopes(binding: KeyBinding) -> frozenset[str]:
    return _ALSO_IN.get(binding.id, frozenset()) | {binding.scope}


def _clashes(remapped: Mapping[str, str]) -> Iterator[Problem]:
    """Two actions that meet in some scope on one key, each pair told once, at the action the user has moved."""
    for first, second in combinations(BINDINGS, 2):
        meet = _scopes(first) & _scopes(second) or EVERYWHERE in {first.scope, second.scope}
        if not meet or not {first.id, second.id} & remapped.keys():
            continue
        at, other = (second, first) if second.id in remapped else (first, second)
        for key in keys_of(at.id, remapped):
            if key in keys_of(other.id, remapped):
                message = f'the key {key_label(key)} is both "{at.label}" and "{other.label}" ({other.id})'
                yield Problem(message, key=at.id, hint=f"give {other.id} another key as well, or choose a free one")

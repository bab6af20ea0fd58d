"""Music as data: notes, drum hits, and a sheet on which a song is written bar by bar.

Times are in beats (quarter notes) from the song's first beat, everything in 4/4. Notes are written as steps of a
sixteenth, separated by blanks: `.` silence, `-` hold, a number a note that many semitones above the root, `3m` muted,
`0+7` two strings. Drum lanes are strings of sixteenths: `.` nothing, `o` soft, `x` normal, `X` accent.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil

BEATS_PER_BAR = 4
_STEPS_PER_BEAT = 4
_HIT_VELOCITY = {"g": 0.22, "o": 0.5, "x": 0.82, "X": 1.0}


@dataclass(frozen=True)
class Note:
    """One or more strings struck together."""

    beat: float
    beats: float
    midi: tuple[float, ...]
    velocity: float = 1.0
    muted: bool = False


@dataclass(frozen=True)
class Hit:
    """A stroke on a piece of the kit, or an effect."""

    beat: float
    piece: str
    velocity: float


@dataclass(frozen=True)
class About:
    """What the tags of a file say."""

    file: str
    title: str
    artist: str
    album: str
    genre: str
    bpm: int
    seed: int


@dataclass
class Sheet:
    """A song being written."""

    about: About
    bars: int = 0
    notes: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))
    hits: list[Hit] = field(default_factory=list)
    drops: list[float] = field(default_factory=list)
    """Beats at which everything slams back in."""
    lulls: list[tuple[float, float]] = field(default_factory=list)
    """Beats from and to which nothing sounds."""
    levels: list[tuple[float, float]] = field(default_factory=list)
    """The main fader: (bar, dB), straight lines in between."""
    build_ups: list[float] = field(default_factory=list)
    """Beat at which the build-up to the drop of the same index begins."""

    def write(
        self,
        part: str,
        bar: float,
        steps: str,
        root: float,
        *,
        times: int = 1,
        shape: tuple[float, ...] = (0,),
        velocity: float = 1.0,
        rise: float = 0.0,
    ) -> None:
        """Writes a line of steps, `times` over; each note sounds as `shape` on its pitch; `rise` is a crescendo."""
        symbols = [symbol for symbol in steps.split() if symbol != "|"] * times
        start = bar * BEATS_PER_BAR
        for index, note in _parsed(symbols):
            grown = velocity + rise * index / max(1, len(symbols))
            midi = tuple(root + pitch + string for pitch in note.midi for string in shape)
            self.notes[part].append(replace(note, beat=start + note.beat, midi=midi, velocity=grown))
        self._reach(start + len(symbols) / _STEPS_PER_BEAT)

    def _reach(self, beat: float) -> None:
        """The song lasts at least until the bar that holds this beat is over."""
        self.bars = max(self.bars, ceil(beat / BEATS_PER_BAR))

    def chords(
        self, part: str, bar: float, chords: list[tuple[float, ...]], beats: float, velocity: float = 1.0
    ) -> None:
        """Writes chords of given pitches, each `beats` long."""
        for index, midi in enumerate(chords):
            self.notes[part].append(Note(bar * BEATS_PER_BAR + index * beats, beats, midi, velocity))
        self._reach(bar * BEATS_PER_BAR + len(chords) * beats)

    def drums(
        self, bar: float, bars: float, groove: Mapping[str, str] | None = None, *, level: float = 1.0, **lanes: str
    ) -> None:
        """Writes drum lanes, those of a groove and single ones, each repeated to fill `bars`."""
        steps = round(bars * BEATS_PER_BAR * _STEPS_PER_BEAT)
        for piece, lane in {**(groove or {}), **lanes}.items():
            pattern = lane.replace(" ", "").replace("|", "")
            for step in range(steps):
                mark = pattern[step % len(pattern)]
                if mark != ".":
                    beat = bar * BEATS_PER_BAR + step / _STEPS_PER_BEAT
                    self.hits.append(Hit(beat, piece, _HIT_VELOCITY[mark] * level))

    def fill(self, bar: float, beats: float, level: float = 1.0, **lanes: str) -> None:
        """Replaces the last `beats` before the end of `bar` by a fill; cymbals that ring stay."""
        end = (bar + 1) * BEATS_PER_BAR
        start = end - beats
        self.hits = [hit for hit in self.hits if not start <= hit.beat < end or hit.piece in {"crash", "riser"}]
        self.drums(start / BEATS_PER_BAR, beats / BEATS_PER_BAR, None, level=level, **lanes)

    def hit(self, bar: float, *pieces: str, velocity: float = 1.0) -> None:
        """One stroke on each piece at the start of a bar."""
        self.hits.extend(Hit(bar * BEATS_PER_BAR, piece, velocity) for piece in pieces)

    def drop(self, bar: float, lull_beats: float, build_up_bar: float) -> None:
        """Silence for the last beats before `bar`, then the drop: cuts notes and hits that lie in between."""
        beat = bar * BEATS_PER_BAR
        start = beat - lull_beats
        self.hits = [hit for hit in self.hits if not start <= hit.beat < beat]
        for part, notes in self.notes.items():
            self.notes[part] = [_cut(note, start) for note in notes if not start <= note.beat < beat]
        self.drops.append(beat)
        self.lulls.append((start, beat))
        self.build_ups.append(build_up_bar * BEATS_PER_BAR)


def _cut(note: Note, beat: float) -> Note:
    """`note` that ends at `beat` when it began before it."""
    return replace(note, beats=min(note.beats, beat - note.beat)) if note.beat < beat else note


def _parsed(symbols: list[str]) -> list[tuple[int, Note]]:
    """(step, note) of each note in the line; a note's pitches are still relative to the root."""
    found: list[tuple[int, Note]] = []
    for step, symbol in enumerate(symbols):
        if symbol == "-" and found:
            start, note = found[-1]
            if round((note.beat + note.beats) * _STEPS_PER_BEAT) == step:
                found[-1] = (start, replace(note, beats=note.beats + 1 / _STEPS_PER_BEAT))
        elif symbol not in {".", "-"}:
            midi = tuple(float(pitch) for pitch in symbol.rstrip("m").split("+"))
            beat = step / _STEPS_PER_BEAT
            found.append((step, Note(beat, 1 / _STEPS_PER_BEAT, midi, muted=symbol.endswith("m"))))
    return found

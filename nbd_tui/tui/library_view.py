"""What the library says of tracks: columns, cells and lines; words and numbers, no widgets. Pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from rich.cells import cell_len

from nbd_tui.model.hearing import Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.model.units import Bpm
from nbd_tui.tui.keys import first_key
from nbd_tui.tui.library_order import Column, Sorting
from nbd_tui.tui.ports_library import PreviewState
from nbd_tui.tui.tempo_edit import bpm_text
from nbd_tui.tui.text import Glyphs, clean, clock, fit, pad, to_ascii
from nbd_tui.workout.phase import PhaseKind

Layout: TypeAlias = Mapping[Column, int]
"""The columns of a table from left to right, with their cells; one cell is between two."""

Parts: TypeAlias = tuple[tuple[str, str], ...]
"""Texts with their tones, see `LineParts`."""

_LEAST: Final = {Column.OPINION: 2, Column.TITLE: 15, Column.ARTIST: 10, Column.BPM: 9}
"""Of the columns every table has."""
_MORE: Final = (
    (Column.ENERGY, 7), (Column.DROPS, 6), (Column.SUITS, 9), (Column.LOUDNESS, 5), (Column.TITLE, 18),
    (Column.ARTIST, 14), (Column.TITLE, 20), (Column.BPM, 14), (Column.LENGTH, 7), (Column.SUITS, 14),
    (Column.GENRE, 10), (Column.ALBUM, 14), (Column.BPM, 18),
)  # fmt: skip
"""What a wider window has besides, or wider, in this order."""
_SHARES: Final = {Column.TITLE: 4, Column.ARTIST: 3, Column.ALBUM: 3, Column.GENRE: 1}
"""Who gets the cells that are left."""
_WITH_CONFIDENCE: Final = 14
"""Cells of the tempo from which on it tells how sure it is."""
_WITH_BOTH: Final = 18
"""Cells from which on it tells who says which of two that contradict each other."""
_RIGHT: Final = frozenset({Column.LENGTH, Column.LOUDNESS, Column.DROPS})

WIDE: Final = 100
"""Cells of a line from which on there is room for artists in it."""

_SHORT: Final = {PhaseKind.WARM_UP: "warm", PhaseKind.WORK: "work", PhaseKind.REST: "rest", PhaseKind.COOL_DOWN: "cool"}

_SAYS: Final = {TempoSource.USER: "by you", TempoSource.HEARD: "heard", TempoSource.TAG: "in the tag"}

NONE_FOUND: Final = "No track has all of these words. esc shows all again."

SIGNS: Final = {Opinion.LIKED: "★", Opinion.BANNED: "×", None: ""}
_TONES: Final = {Opinion.LIKED: "warn", Opinion.BANNED: "bad", None: ""}


@lru_cache(maxsize=8)
def layout_of(width: int) -> Layout:
    """The columns a table of `width` cells has."""
    cells = dict(_LEAST)
    for column, wanted in _MORE:
        wider = cells | {column: wanted}
        if _used(wider) > width:
            break
        cells = wider
    cells = {column: cells[column] for column in Column if column in cells}
    left, texts = width - _used(cells), [column for column in cells if column in _SHARES]
    whole = sum(_SHARES[column] for column in texts)
    shared = {column: max(0, left) * _SHARES[column] // whole for column in texts}
    shared[Column.TITLE] += max(0, left) - sum(shared.values())
    return {column: length + shared.get(column, 0) for column, length in cells.items()}


def heading(layout: Layout, sorting: Sorting, glyphs: Glyphs) -> str:
    """The names of the columns; an arrow stands behind the one that is sorted by."""
    arrow = "↓" if sorting.is_reversed else "↑"
    names = {column: f"{column}{arrow if column is sorting.column else ''}" for column in layout}
    return _plain(" ".join(_cell(column, names[column], cells, glyphs) for column, cells in layout.items()), glyphs)


def row_parts(row: LibraryRow, suited: Sequence[PhaseKind], layout: Layout, glyphs: Glyphs) -> Parts:
    """A track in the table; one that is kept out, or cannot be heard, steps back."""
    steps_back = "dim" if row.opinion is Opinion.BANNED or row.problem else ""
    parts: list[tuple[str, str]] = []
    for column, cells in layout.items():
        text = suited_words(suited, cells) if column is Column.SUITS else _TEXTS[column](row, cells, glyphs)
        tone = steps_back or _tone(column, row)
        parts += ((_cell(column, text, cells, glyphs), tone), (" ", ""))
    return tuple(parts[:-1])


def suited_words(suited: Sequence[PhaseKind], cells: int) -> str:
    """`work rest`; `warm +2` where not all have room."""
    words = [_SHORT[kind] for kind in suited]
    told = (" ".join([*words[:count], f"+{len(words) - count}"]) for count in range(len(words) - 1, 0, -1))
    return next((text for text in (" ".join(words), *told) if len(text) <= cells), "")


def tempo_words(tempo: Tempo | None) -> str:
    """`138 heard · 92 in the tag`: the tempo, who says so, and what else is said."""
    if tempo is None:
        return "no tempo"
    if not tempo.is_reliable:
        return f"no steady beat ({bpm_text(tempo.bpm)} BPM, {_percent(tempo.confidence, ' %')} sure)"
    if tempo.other is not None:
        other = TempoSource.HEARD if tempo.source is TempoSource.TAG else TempoSource.TAG
        return f"{bpm_text(tempo.bpm)} {_SAYS[tempo.source]} · {bpm_text(tempo.other)} {_SAYS[other]}"
    sure = f", {_percent(tempo.confidence, ' %')} sure" if tempo.source is TempoSource.HEARD else ""
    return f"{bpm_text(tempo.bpm)} BPM {_SAYS[tempo.source]}{sure}"


def name_of(row: LibraryRow, glyphs: Glyphs, width: int = WIDE) -> str:
    """Title and artist, harmless, in place of an artist the folder; in a line of little width the title alone."""
    whose = (clean(row.artist) or folder_words(row)) if width >= WIDE else ""
    return f" {glyphs.dot} ".join(part for part in (clean(row.title) or "?", whose) if part)


def folder_words(row: LibraryRow) -> str:
    """Where a file lies: tells tracks apart whose tags say nothing."""
    folder = clean(row.path.parent.name)
    return f"in {folder}" if folder else ""


def about(row: LibraryRow, hearing: Hearing | None, glyphs: Glyphs) -> str:
    """What there is to say of a track beside its name."""
    if row.problem:
        return f"cannot be analysed: {clean(row.problem)}"
    drops = [clock(int(drop.at_s)) for drop in hearing.drops] if hearing else []
    facts = (
        tempo_words(row.tempo),
        "" if row.is_heard else "not heard yet",
        f"drop{'s' if len(drops) > 1 else ''} at {', '.join(drops)}" if drops else "",
    )
    return f" {glyphs.dot} ".join(fact for fact in facts if fact)


def count_words(found: int, total: int, waiting: int) -> str:
    """`1,204 tracks · 37 still to hear`, and how many are found, where not all are shown."""
    tracks = f"{total:,} track{'' if total == 1 else 's'}"
    tracks = tracks if found == total else f"{found:,} of {tracks}"
    return f"{tracks} · {waiting:,} still to hear" if waiting else tracks


def unheard_words(row: LibraryRow) -> str:
    """In place of the picture of a track."""
    if row.problem:
        return "nothing could be heard in it; it is tried again once it changes"
    return "not heard yet: that happens while the program is open"


def empty_words(keys: Mapping[str, str], *, is_reading: bool, has_folder: bool) -> str:
    """What to do where there is no track at all.

    Args:
        keys: the user's.
        is_reading: it is not known yet whether there is none.
        has_folder: the settings name a music folder.
    """
    if is_reading:
        return "reading …"
    settings = first_key("home.settings", keys)
    if has_folder:
        return f"No track was found in the music folders yet. Press {settings} to see them, or look through them again."
    return f"No music yet. Press {settings} for the settings: name a folder there, and its tracks appear here."


def playing_words(state: PreviewState, row: LibraryRow | None, glyphs: Glyphs) -> str:
    """`♪ Wolf Like Me 1:02` of a track that is listened to, by its file name where its row is not known."""
    if state.path is None:
        return ""
    name = clean(row.title if row else state.path.stem)
    return f"{glyphs.note} {name} {clock(int(state.at_s)) if state.is_playing else glyphs.ellipsis}"


def _used(cells: Mapping[Column, int]) -> int:
    return sum(cells.values()) + len(cells) - 1


def _cell(column: Column, text: str, cells: int, glyphs: Glyphs) -> str:
    """Text in its column; numbers end where those above and below end, one cell left for the arrow of the heading."""
    if column not in _RIGHT:
        return pad(_plain(text, glyphs), cells, glyphs.ellipsis)
    arrow = "" if text[-1:] in {"↑", "↓"} else " "
    text = fit(_plain(text + arrow, glyphs), cells, glyphs.ellipsis)
    return " " * (cells - cell_len(text)) + text


def _bpm(row: LibraryRow, cells: int, glyphs: Glyphs) -> str:
    """`138 heard 90%`; in a narrow column `138 ?` where there is hardly a beat, and else who says so.

    Where another tempo is said, that comes in place of how sure it is: `138 heard / 92 tag`.
    """
    tempo = row.tempo
    if tempo is None:
        return _nothing(row, glyphs)
    if tempo.other is not None and tempo.is_reliable:
        return _both(tempo, tempo.other, cells)
    is_wide = cells >= _WITH_CONFIDENCE
    says = str(tempo.source) if is_wide or tempo.is_reliable else "?"
    if is_wide and tempo.source is TempoSource.HEARD:
        says += f" {_percent(tempo.confidence, '%')}"
    return f"{tempo.bpm:<3.0f} {says}"


def _both(tempo: Tempo, other: Bpm, cells: int) -> str:
    """`138 heard / 92 tag`, `138 / 92 tag`, `138 / 92`."""
    tag = f" {TempoSource.TAG}" if cells >= _WITH_CONFIDENCE else ""
    if tempo.source is TempoSource.TAG:
        return f"{tempo.bpm:.0f}{tag} / {other:.0f}{f' {TempoSource.HEARD}' if cells >= _WITH_BOTH else ''}"
    return f"{tempo.bpm:.0f}{f' {tempo.source}' if cells >= _WITH_BOTH else ''} / {other:.0f}{tag}"


def _energy(row: LibraryRow, cells: int, glyphs: Glyphs) -> str:  # noqa: ARG001 - as the others
    """A bar and a number."""
    if not row.is_heard:
        return _nothing(row, glyphs)
    value = min(1.0, max(0.0, row.intensity))
    return f"{glyphs.bars[max(1, round(value * 8))]} {value * 100:.0f}"


def _nothing(row: LibraryRow, glyphs: Glyphs) -> str:
    """A dash where something was looked for in vain; nothing where nobody has looked."""
    return glyphs.dash if row.is_heard else ""


def _percent(confidence: float, sign: str) -> str:
    return f"{min(1.0, max(0.0, confidence)) * 100:.0f}{sign}"


def _tone(column: Column, row: LibraryRow) -> str:
    if column is Column.OPINION:
        return _TONES[row.opinion]
    if column is Column.BPM:
        return (
            "dim" if row.tempo is None or not row.tempo.is_reliable else "warn" if row.tempo.other is not None else ""
        )
    return "" if column in {Column.TITLE, Column.ENERGY, Column.SUITS} else "dim"


@lru_cache(maxsize=2_000)
def _harmless(text: str) -> str:
    return clean(text)


def _length(row: LibraryRow) -> str:
    return "" if row.duration_s is None else clock(int(row.duration_s))


def _loudness(row: LibraryRow, glyphs: Glyphs) -> str:
    return _nothing(row, glyphs) if row.lufs is None else f"{row.lufs:.0f}"


_TEXTS: Final[Mapping[Column, Callable[[LibraryRow, int, Glyphs], str]]] = {
    Column.OPINION: lambda row, _, __: SIGNS[row.opinion],
    Column.TITLE: lambda row, _, __: _harmless(row.title) or "?",
    Column.ARTIST: lambda row, _, __: _harmless(row.artist),
    Column.ALBUM: lambda row, _, __: _harmless(row.album),
    Column.GENRE: lambda row, _, __: _harmless(row.genre),
    Column.LENGTH: lambda row, _, __: _length(row),
    Column.BPM: _bpm,
    Column.ENERGY: _energy,
    Column.LOUDNESS: lambda row, _, glyphs: _loudness(row, glyphs),
    Column.DROPS: lambda row, _, __: str(row.drops) if row.drops else "",
}


def _plain(text: str, glyphs: Glyphs) -> str:
    return to_ascii(text) if glyphs.ascii_only else text

"""`nbd tracks`: the library as a table, or as JSON."""

import json
import shutil
import sys
from typing import Final

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.paths import places
from nbd_tui.session.taste import bands_for
from nbd_tui.settings import load_settings
from nbd_tui.store.database import open_database
from nbd_tui.store.hearings import HearingStore
from nbd_tui.tui.library_order import BY_ARTIST, Listing, Tracks
from nbd_tui.tui.library_view import heading, layout_of, row_parts
from nbd_tui.tui.text import glyphs_for
from nbd_tui.workout.phase import PhaseKind

UNLIMITED: Final = 160
"""Cells of the table where it goes into a file or another program."""


def list_tracks(words: tuple[str, ...], *, as_json: bool) -> int:
    """Prints the tracks by artist and album, all, or those with every word in title, artist, album or genre.

    Raises:
        LibraryError: they cannot be read.
        SettingsError: what they are to suit cannot be read.
    """
    bands = load_settings(places().settings_file).music.bands
    listing = Listing(Tracks(_rows(), bands_for(bands)))
    listing.arrange(" ".join(words), BY_ARTIST)
    if as_json:
        for place in listing.shown:
            suited = listing.tracks.suited(place)
            print(json.dumps(as_json_object(listing.tracks.rows[place], suited), ensure_ascii=True))
    elif listing.shown:
        _print_table(listing)
    else:
        print("no track has all of these words" if listing.tracks.rows else "no tracks yet; nbd scan reads your music")
    return 0


def as_json_object(row: LibraryRow, suited: tuple[PhaseKind, ...]) -> dict[str, object]:
    """What is known of a track; what was not heard is null."""
    heard = row.is_heard
    return {
        "path": str(row.path),
        "title": row.title,
        "artist": row.artist,
        "album": row.album,
        "genre": row.genre,
        "duration_s": row.duration_s,
        "bpm": row.tempo.bpm if row.tempo else None,
        "bpm_source": str(row.tempo.source) if row.tempo else None,
        "bpm_other": row.tempo.other if row.tempo else None,
        "confidence": row.tempo.confidence if row.tempo else None,
        "steady": row.is_steady if heard else None,
        "energy": round(row.intensity, 3) if heard else None,
        "lufs": row.lufs,
        "drops": row.drops if heard else None,
        "suits": [str(kind) for kind in suited],
        "opinion": str(row.opinion) if row.opinion else None,
        "problem": row.problem or None,
    }


def _rows() -> list[LibraryRow]:
    where = places().database
    if not where.exists():
        return []
    with open_database(where).connected() as connection:
        return HearingStore(connection).rows()


def _print_table(listing: Listing) -> None:
    width = shutil.get_terminal_size((80, 24)).columns - 1 if sys.stdout.isatty() else UNLIMITED
    layout, glyphs = layout_of(width), glyphs_for(sys.stdout.encoding)
    print(heading(layout, listing.sorting, glyphs).rstrip())
    for place in listing.shown:
        parts = row_parts(listing.tracks.rows[place], listing.tracks.suited(place), layout, glyphs)
        print("".join(text for text, _ in parts).rstrip())

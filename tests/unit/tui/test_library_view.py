"""What the library says of tracks."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.tui.library_order import BY_ARTIST, Column, Sorting
from nbd_tui.tui.library_view import (
    about,
    count_words,
    empty_words,
    heading,
    layout_of,
    name_of,
    playing_words,
    row_parts,
    tempo_words,
    unheard_words,
)
from nbd_tui.tui.ports_library import PreviewState
from nbd_tui.tui.text import ASCII, UNICODE, Glyphs
from tests.screens.fake_library import hearing, wolf
from tests.unit.soundtrack.suited import suited_phases

NARROW, USUAL, WIDE = 54, 74, 194
"""Cells of the table in windows of 60, 80 and 200 columns."""


def shown(row: LibraryRow, width: int = USUAL, glyphs: Glyphs = UNICODE) -> str:
    return "".join(text for text, _ in row_parts(row, suited_phases(138.0, 0.8), layout_of(width), glyphs))


class TestColumns:
    def test_the_narrowest_window_keeps_what_counts_most(self) -> None:
        kept = [Column.OPINION, Column.TITLE, Column.ARTIST, Column.BPM, Column.ENERGY, Column.DROPS]
        assert list(layout_of(NARROW)) == kept

    def test_the_usual_window_has_all_that_is_heard(self) -> None:
        assert {Column.LOUDNESS, Column.SUITS} <= layout_of(USUAL).keys()

    def test_a_wide_window_has_every_column(self) -> None:
        assert list(layout_of(WIDE)) == list(Column)

    @given(st.integers(NARROW, 400))
    def test_they_fill_the_width(self, width: int) -> None:
        assert sum(layout_of(width).values()) + len(layout_of(width)) - 1 == width

    @given(st.integers(NARROW, 300))
    def test_a_wider_window_loses_none(self, width: int) -> None:
        assert layout_of(width).keys() <= layout_of(width + 1).keys()

    @given(st.integers(0, NARROW))
    def test_a_window_too_small_breaks_nothing(self, width: int) -> None:
        assert layout_of(width)

    @pytest.mark.parametrize("column", Column)
    @pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
    def test_the_heading_says_by_which_and_which_way(self, column: Column, glyphs: Glyphs) -> None:
        up, down = ("^", "v") if glyphs.ascii_only else ("↑", "↓")
        name = "*" if glyphs.ascii_only and column is Column.OPINION else str(column)
        assert f"{name}{up}" in heading(layout_of(WIDE), Sorting(column), glyphs)
        assert f"{name}{down}" in heading(layout_of(WIDE), Sorting(column, is_reversed=True), glyphs)
        assert heading(layout_of(WIDE), Sorting(column), glyphs).count(up) == 1

    @pytest.mark.parametrize("width", [NARROW, USUAL, 94, 114, WIDE])
    def test_the_heading_is_as_wide_as_the_rows(self, width: int) -> None:
        assert cell_len(heading(layout_of(width), BY_ARTIST, UNICODE)) == width == cell_len(shown(wolf(), width))


HEARD = Tempo(138.0, TempoSource.HEARD, 0.9)


class TestRow:
    def test_says_everything(self) -> None:
        row = wolf(opinion=Opinion.LIKED)
        for part in (
            "★",
            "Wolf Like Me",
            "TV on",
            "138 heard / 92 tag",
            "80",
            "-9",
            "2",
            "work",
            "4:39",
            "Indie",
            "Return",
        ):
            assert part in shown(row, WIDE)

    def test_a_narrow_one_says_where_the_tempo_is_from(self) -> None:
        assert "138 heard" in shown(wolf(tempo=HEARD), NARROW)
        assert "138 heard 90%" in shown(wolf(tempo=HEARD), WIDE)
        assert "140 yours" in shown(wolf(tempo=Tempo(140.2, TempoSource.USER, 1.0)), NARROW)
        assert "92  tag" in shown(wolf(tempo=Tempo(92.0, TempoSource.TAG, 1.0)), NARROW)

    @pytest.mark.parametrize(
        ("source", "wide", "usual"),
        [
            (TempoSource.HEARD, "138 heard / 92 tag", "138 / 92 tag"),
            (TempoSource.USER, "138 yours / 92 tag", "138 / 92 tag"),
            (TempoSource.TAG, "138 tag / 92 heard", "138 tag / 92"),
        ],
    )
    def test_two_tempos_that_contradict_each_other_are_both_told(
        self, source: TempoSource, wide: str, usual: str
    ) -> None:
        both = wolf(tempo=Tempo(138.0, source, 0.9, 92.0))
        assert wide in shown(both, WIDE)
        assert usual in shown(both, 120)
        assert "138 / 92" in shown(both, NARROW)

    def test_a_tempo_that_is_hardly_one_has_a_question_mark(self) -> None:
        unsure = wolf(tempo=Tempo(98.0, TempoSource.HEARD, 0.2))
        assert "98  ?" in shown(unsure, NARROW)
        assert "98  heard 20%" in shown(unsure, WIDE)

    def test_what_was_looked_for_in_vain_has_a_dash_and_what_was_not_has_none(self) -> None:
        assert shown(wolf(tempo=None, lufs=None)).count("–") == 2
        assert "–" not in shown(LibraryRow(Path("/new.mp3"), "new"))

    def test_what_is_kept_out_steps_back(self) -> None:
        parts = row_parts(wolf(opinion=Opinion.BANNED), (), layout_of(USUAL), UNICODE)
        assert "×" in parts[0][0]
        assert {tone for text, tone in parts if text.strip()} == {"dim"}

    @given(st.text(max_size=60), st.text(max_size=60), st.integers(NARROW, 220), st.sampled_from([UNICODE, ASCII]))
    def test_text_of_files_stays_in_its_column(self, title: str, artist: str, width: int, glyphs: Glyphs) -> None:
        row = wolf(title=title, artist=artist, album=title, genre=artist)
        text = shown(row, width, glyphs)
        assert cell_len(text) == width
        assert not {"Cc", "Cf", "Cs"} & set(map(unicodedata.category, text))
        assert text.isascii() or not glyphs.ascii_only

    @given(st.floats(0, 1e6), st.floats(-200, 20), st.integers(0, 9999), st.floats(0, 5e5), st.floats(-1, 2))
    def test_strange_numbers_stay_in_their_columns(
        self, bpm: float, lufs: float, drops: int, length_s: float, value: float
    ) -> None:
        tempo = Tempo(bpm, TempoSource.HEARD, value)
        row = wolf(tempo=tempo, lufs=lufs, drops=drops, duration_s=length_s, intensity=value)
        for width in (NARROW, USUAL, WIDE):
            assert cell_len(shown(row, width)) == width


class TestWords:
    @pytest.mark.parametrize(
        ("tempo", "expected"),
        [
            (None, "no tempo"),
            (Tempo(138.0, TempoSource.HEARD, 0.9), "138 BPM heard, 90 % sure"),
            (Tempo(149.6, TempoSource.HEARD, 0.03), "no steady beat (149.6 BPM, 3 % sure)"),
            (Tempo(138.0, TempoSource.HEARD, 0.9, 92.0), "138 heard · 92 in the tag"),
            (Tempo(92.5, TempoSource.TAG, 1.0), "92.5 BPM in the tag"),
            (Tempo(92.0, TempoSource.TAG, 1.0, 138.0), "92 in the tag · 138 heard"),
            (Tempo(69.0, TempoSource.USER, 1.0), "69 BPM by you"),
            (Tempo(69.0, TempoSource.USER, 1.0, 92.0), "69 by you · 92 in the tag"),
        ],
    )
    def test_a_tempo_and_what_contradicts_it(self, tempo: Tempo | None, expected: str) -> None:
        assert tempo_words(tempo) == expected

    def test_the_drops_with_their_times(self) -> None:
        assert about(wolf(), hearing(drops=2), UNICODE).endswith("92 in the tag · drops at 0:59, 2:00")
        assert about(wolf(), hearing(drops=1), UNICODE).endswith("drop at 1:28")

    def test_what_was_not_heard_and_what_cannot_be(self) -> None:
        assert "not heard yet" in about(wolf(is_heard=False), None, UNICODE)
        broken = wolf(is_heard=False, problem="no\x1b[2J header")
        assert about(broken, None, UNICODE) == "cannot be analysed: no [2J header"
        assert unheard_words(broken) != unheard_words(wolf(is_heard=False))

    def test_the_artist_has_room_in_wide_windows(self) -> None:
        assert name_of(wolf(), UNICODE) == "Wolf Like Me · TV on the Radio"
        assert name_of(wolf(), UNICODE, 80) == "Wolf Like Me"

    def test_counts(self) -> None:
        assert count_words(1204, 1204, 37) == "1,204 tracks · 37 still to hear"
        assert count_words(1, 1, 0) == "1 track"
        assert count_words(12, 1204, 0) == "12 of 1,204 tracks"

    def test_what_to_do_where_there_is_nothing(self) -> None:
        assert "reading" in empty_words({}, is_reading=True, has_folder=False)
        assert empty_words({}, is_reading=False, has_folder=False).startswith("No music yet. Press , for the settings")
        assert "F7" in empty_words({"home.settings": "f7"}, is_reading=False, has_folder=True)

    def test_what_plays(self) -> None:
        playing = PreviewState(Path("/m/wolf.flac"), 62.4, is_playing=True)
        assert playing_words(playing, wolf(), UNICODE) == "♪ Wolf Like Me 1:02"
        assert playing_words(playing, None, UNICODE) == "♪ wolf 1:02"
        assert playing_words(PreviewState(Path("/m/wolf.flac")), wolf(), UNICODE) == "♪ Wolf Like Me …"
        assert not playing_words(PreviewState(), None, UNICODE)

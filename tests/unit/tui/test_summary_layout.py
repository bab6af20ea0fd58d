from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.tui.summary_layout import SummaryLayout, summary_layout

FIXED = 6


@given(st.integers(12, 100), st.integers(0, 60), st.integers(0, 3))
def test_the_parts_fill_the_window_and_never_more(height: int, tracks: int, kind_rows: int) -> None:
    layout = summary_layout(height, tracks, kind_rows)
    used = layout.strip + layout.time + layout.word + layout.tracks
    assert used == height - FIXED - kind_rows
    assert min(layout.strip, layout.time, layout.word) >= 0


@given(st.integers(12, 100), st.integers(0, 60), st.integers(0, 3))
def test_some_tracks_stay_before_anything_is_drawn_large(height: int, tracks: int, kind_rows: int) -> None:
    layout = summary_layout(height, tracks, kind_rows)
    if layout.time or layout.strip:
        assert layout.tracks >= min(4, max(1, tracks))
    if layout.strip:
        assert layout.time, "the strip is the first to go"


def test_a_low_window_has_lines_only_a_higher_one_the_time_and_then_the_strip() -> None:
    assert summary_layout(15, 5, 2) == SummaryLayout(strip=0, time=0, word=1, tracks=6)
    assert summary_layout(19, 5, 1) == SummaryLayout(strip=0, time=6, word=1, tracks=5)
    assert summary_layout(24, 5, 1) == SummaryLayout(strip=3, time=8, word=1, tracks=5)
    assert summary_layout(24, 40, 1) == SummaryLayout(strip=3, time=7, word=1, tracks=6)

"""What Home lists and says of the past."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.store.presets import LoadedPreset
from nbd_tui.store.records import NO_WEEK, WeekStats
from nbd_tui.tui.home_view import ago, last_done_line, matches, sections, shortened, week_line
from nbd_tui.tui.preset_view import PresetView, preset_view
from nbd_tui.workout.quick import QuickForm, preset_of
from tests.screens.fake_session import builtin_presets

TODAY = date(2026, 11, 22)


def own(name: str) -> PresetView:
    return preset_view(LoadedPreset(name, preset_of(QuickForm(name)), builtin=False, file=Path(f"{name}.toml")))


VIEWS = [own("a"), own("b"), *map(preset_view, builtin_presets())]


def test_favourites_then_ones_own_then_what_is_built_in() -> None:
    listed = sections(VIEWS, ("tabata", "b", "gone"))
    assert [(section.heading, len(section.views)) for section in listed] == [
        ("favourites", 2),
        ("yours", 1),
        ("built in", len(VIEWS) - 3),
    ]
    assert [view.loaded.id for view in listed[0].views] == ["b", "tabata"]


@given(st.sets(st.sampled_from([view.loaded.id for view in VIEWS])), st.text(max_size=6))
def test_nothing_is_listed_twice_and_nothing_that_matches_is_left_out(favourites: set[str], query: str) -> None:
    listed = [view for section in sections(VIEWS, favourites, query) for view in section.views]
    assert sorted(view.loaded.id for view in listed) == sorted(view.loaded.id for view in VIEWS if matches(view, query))
    for section in sections(VIEWS, favourites, query):
        assert section.views
        places = [VIEWS.index(view) for view in section.views]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("UEBUNG", False), ("übung", True), ("ubung", True), ("12 x", True), ("12×3", True), ("zzz", False),
     ("yours work", True), ("built", False), ("cool", False)],
)  # fmt: skip
def test_a_search_minds_neither_case_nor_accents(query: str, found: bool) -> None:
    assert matches(own("Übung 12 × 3 12x3"), query) is found


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "today"), (0, "today"), (1, "yesterday"), (2, "2 days ago"), (13, "13 days ago"), (14, "2 weeks ago"),
     (62, "8 weeks ago"), (63, "on 2026-09-20")],
)  # fmt: skip
def test_days_are_told_as_people_do(days: int, words: str) -> None:
    assert ago(TODAY - timedelta(days=days), TODAY) == words


def test_the_last_time_is_told_as_soon_as_it_is_known() -> None:
    assert last_done_line("x", None, TODAY) == ""
    assert last_done_line("x", {}, TODAY) == "not done yet"
    assert last_done_line("x", {"x": TODAY}, TODAY) == "last done today"


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (NO_WEEK, ""),
        (WeekStats(85, 1, 1, 1), "85 min this week"),
        (WeekStats(85, 3, 3, 5), "85 min this week · 3 days in a row"),
        (WeekStats(0, 0, 0, 5), "5 weeks in a row"),
    ],
)
def test_the_week(week: WeekStats, words: str) -> None:
    assert week_line(week) == words


def test_the_state_of_the_library_gives_way_to_that_of_the_sound() -> None:
    words = "32 tracks - analysing 9 of 32, 58 a minute, less than a minute left"
    assert shortened(words, 80, beside="vlc") == words
    assert shortened(words, 70, beside="silent") == "32 tracks - analysing 9 of 32, 58 a minute"
    assert shortened(words, 20, beside="silent") == "32 tracks - analysing 9 of 32"
    assert shortened(words, 20, beside="") == words

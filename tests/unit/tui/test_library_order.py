"""Finding and ordering tracks: what is shown, in which order, and how little is looked at for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Opinion
from nbd_tui.model.tempo import Tempo, TempoSource
from nbd_tui.session.taste import bands_for
from nbd_tui.tui.library_order import BY_ARTIST, Column, Listing, Sorting, Tracks, first_sorting, folded, narrowed
from nbd_tui.workout.music import BandWish
from nbd_tui.workout.phase import PhaseKind
from tests.screens.fake_library import many, wolf

MANY = Tracks(many(400))


def track(name: str, **changes: object) -> LibraryRow:
    plain = LibraryRow(Path(f"/music/{name}.mp3"), name)
    return plain._replace(**changes)  # type: ignore[arg-type]


def titles(listing: Listing) -> list[str]:
    return [listing.tracks.rows[place].title for place in listing.shown]


def listed(rows: Sequence[LibraryRow], query: str = "", sorting: Sorting = BY_ARTIST) -> list[str]:
    listing = Listing(Tracks(rows))
    listing.arrange(query, sorting)
    return titles(listing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Motörhead", "motorhead"),
        ("Ærø Café", "aero cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İzmir ışık", "izmir isik"),
        ("Đorđe Łódź", "dorde lodz"),
        ("日本語", "日本語"),
        ("ﬁre", "fire"),
    ],
)
def test_letters_as_they_are_typed(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


class TestSearch:
    ROWS = (
        track("Wolf Like Me", artist="TV on the Radio", album="Return to Cookie Mountain", genre="Indie Rock"),
        track("Jóga", artist="Björk", album="Homogenic", genre="Electronic"),
        track("Ace of Spades", artist="Motörhead", genre="Metal"),
    )

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["Jóga", "Ace of Spades", "Wolf Like Me"]),
            ("  ", ["Jóga", "Ace of Spades", "Wolf Like Me"]),
            ("wolf", ["Wolf Like Me"]),
            ("radio wolf", ["Wolf Like Me"]),
            ("COOKIE indie", ["Wolf Like Me"]),
            ("bjork", ["Jóga"]),
            ("Björk joga", ["Jóga"]),
            ("metal", ["Ace of Spades"]),
            ("wolf björk", []),
            ("o", ["Jóga", "Ace of Spades", "Wolf Like Me"]),
        ],
    )
    def test_words_in_any_order_anywhere(self, query: str, expected: list[str]) -> None:
        assert listed(self.ROWS, query) == expected

    def test_no_word_runs_from_one_field_into_the_next(self) -> None:
        assert listed(self.ROWS, "metv") == []

    @given(st.lists(st.sampled_from(["w", "wo", "wolf", "o", "fire ae", "ae fire", "", "cafe 1", "1"]), max_size=6))
    def test_typing_on_finds_what_asking_at_once_does(self, queries: list[str]) -> None:
        listing = Listing(MANY)
        for query in queries:
            listing.arrange(query, BY_ARTIST)
            fresh = Listing(MANY)
            fresh.arrange(query, BY_ARTIST)
            assert list(listing.shown) == list(fresh.shown)


class TestSort:
    @pytest.mark.parametrize("column", Column)
    @pytest.mark.parametrize("is_reversed", [False, True])
    def test_every_column_both_ways_has_all_tracks_once(self, column: Column, is_reversed: bool) -> None:
        assert sorted(MANY.order(Sorting(column, is_reversed))) == list(range(400))

    def test_unknown_values_come_last_both_ways(self) -> None:
        rows = [track("none"), track("slow", tempo=_heard(70.0)), track("fast", tempo=_heard(170.0))]
        assert listed(rows, sorting=Sorting(Column.BPM)) == ["slow", "fast", "none"]
        assert listed(rows, sorting=Sorting(Column.BPM, is_reversed=True)) == ["fast", "slow", "none"]

    def test_nothing_heard_is_not_nothing(self) -> None:
        rows = [track("unheard"), track("calm", is_heard=True), track("hard", is_heard=True, intensity=0.9, drops=2)]
        for column in (Column.ENERGY, Column.DROPS):
            assert listed(rows, sorting=Sorting(column)) == ["calm", "hard", "unheard"]
            assert listed(rows, sorting=first_sorting(column)) == ["hard", "calm", "unheard"]

    def test_what_is_alike_keeps_its_order_both_ways(self) -> None:
        rows = [track(str(number), artist="x", genre="rock" if number % 2 else "pop") for number in range(6)]
        assert listed(rows, sorting=Sorting(Column.GENRE)) == ["0", "2", "4", "1", "3", "5"]
        assert listed(rows, sorting=Sorting(Column.GENRE, is_reversed=True)) == ["1", "3", "5", "0", "2", "4"]

    def test_texts_without_case_and_accents(self) -> None:
        assert listed([track("b"), track("Á"), track("C")], sorting=Sorting(Column.TITLE)) == ["Á", "b", "C"]

    def test_first_what_one_likes_then_what_one_bans_then_the_rest(self) -> None:
        rows = [track("plain"), track("banned", opinion=Opinion.BANNED), track("liked", opinion=Opinion.LIKED)]
        assert listed(rows, sorting=first_sorting(Column.OPINION)) == ["liked", "banned", "plain"]

    def test_by_phases_in_the_order_of_a_workout(self) -> None:
        rows = [
            track("cool", tempo=_heard(70.0), is_heard=True, is_steady=True, intensity=0.1),
            track("warm", tempo=_heard(90.0), is_heard=True, is_steady=True, intensity=0.5),
            track("work", tempo=_heard(138.0), is_heard=True, is_steady=True, intensity=0.9),
            track("none", tempo=_heard(160.0), is_heard=True, is_steady=True, intensity=0.6),
        ]
        assert listed(rows, sorting=first_sorting(Column.SUITS)) == ["warm", "work", "cool", "none"]

    def test_a_change_of_a_track_counts_at_the_next_sort(self) -> None:
        tracks = Tracks([track("a"), track("b")])
        by_opinion = first_sorting(Column.OPINION)
        assert list(tracks.order(by_opinion)) == [0, 1]
        tracks.replace(1, track("b", opinion=Opinion.LIKED))
        assert list(tracks.order(by_opinion)) == [1, 0]


def test_a_tempo_that_is_changed_suits_other_phases() -> None:
    tracks = Tracks([wolf(tempo=_heard(100.0))])
    tracks.replace(0, wolf(tempo=Tempo(138.0, TempoSource.USER, 1.0)))
    assert tracks.suited(0) == (PhaseKind.WORK,)


def test_a_tempo_that_is_hardly_one_counts_for_nothing() -> None:
    assert Tracks([wolf(tempo=Tempo(138.0, TempoSource.HEARD, 0.1))]).suited(0) == ()


def test_a_track_is_found_by_its_path() -> None:
    assert [MANY.place_of(row.path) for row in MANY.rows] == list(range(400))
    assert MANY.place_of(Path("/elsewhere.mp3")) is None


class Counted(list[str]):
    """Texts that count how often one is looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - whatever a list takes and gives
        self.looks += 1
        return super().__getitem__(place)


class TestFiftyThousand:
    """How much is looked at, in place of how long it takes."""

    def tracks(self) -> Tracks:
        tracks = Tracks(many(50_000))
        tracks.texts = Counted(tracks.texts)
        return tracks

    def test_a_letter_more_looks_only_at_what_is_left(self) -> None:
        tracks = self.tracks()
        texts, listing = tracks.texts, Listing(tracks)
        assert isinstance(texts, Counted)
        for query in ("w", "wo", "wol", "wolf", "wolf 1", "wolf 12"):
            texts.looks, before = 0, len(listing.shown) or len(tracks.rows)
            listing.arrange(query, BY_ARTIST)
            assert texts.looks <= before
        assert 0 < len(listing.shown) < 1_000

    def test_a_rare_word_spares_the_others(self) -> None:
        texts = Counted(["fire 123456 e", *["fire e"] * 9_999])
        assert list(narrowed(texts, range(10_000), ["e", "123456"])) == [0]
        assert texts.looks == 10_001

    def test_sorting_looks_at_no_text_of_the_search_and_is_kept(self) -> None:
        tracks = self.tracks()
        first = tracks.order(Sorting(Column.BPM))
        listing = Listing(tracks)
        listing.arrange("", Sorting(Column.BPM))
        assert listing.shown is first
        assert isinstance(tracks.texts, Counted)
        assert tracks.texts.looks == 0


def _heard(bpm: float) -> Tempo:
    return Tempo(bpm, TempoSource.HEARD, 0.9)


def test_tracks_suit_the_bands_that_are_asked_for() -> None:
    wishes = {PhaseKind.WORK: BandWish(bpm=(95, 105)), PhaseKind.WARM_UP: BandWish(bpm=(60, 70))}
    tracks = Tracks([wolf(tempo=_heard(100.0))], bands_for(wishes))
    assert PhaseKind.WORK in tracks.suited(0)
    assert PhaseKind.WARM_UP not in tracks.suited(0)
    tracks.replace(0, wolf(tempo=_heard(80.0)))
    assert PhaseKind.WORK not in tracks.suited(0)

"""The soundtrack of a whole session."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.model.arc import Arc
from nbd_tui.model.hearing import EnergyCurve, Hearing
from nbd_tui.model.opinion import Opinion
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.filling import LONGEST_BAR_S, length_of
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.level import part_db
from nbd_tui.soundtrack.plan import HOLE_S, Brief, Soundtrack
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.telling import in_band, warnings, why
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline
from tests.unit.soundtrack.planning import (
    EXTREMES,
    Library,
    drop,
    heard,
    libraries,
    planned,
    random_library,
    song,
    workout,
    workouts,
)

ROUNDS = workout(("prepare", 30), ("work", 180), ("rest", 60), repeat=6)


def test_the_drop_is_heard_at_the_bell_and_the_build_up_under_the_rest() -> None:
    library = Library.of(slams=heard(300, 136, [drop(100.0, 80.0)]))
    soundtrack = planned(workout(("rest", 60), ("work", 120)), library, Brief(MusicTaste(second_wind_s=None)))
    slot = next(slot for slot in soundtrack.slots if slot.landing)
    assert slot.landing_s == pytest.approx(60.0, abs=1e-9)
    assert slot.start_s == pytest.approx(40.0, abs=1e-9)
    assert slot.in_s == pytest.approx(80.0)


def test_a_rest_shorter_than_the_build_up_is_entered_later_in_it_on_a_bar() -> None:
    library = Library.of(slams=heard(300, 120, [drop(100.0, 60.0)]))
    soundtrack = planned(workout(("rest", 30), ("work", 120)), library, Brief(MusicTaste(second_wind_s=None)))
    slot = next(slot for slot in soundtrack.slots if slot.landing)
    assert slot.landing_s == pytest.approx(30.0, abs=1e-9)
    assert slot.in_s in set(heard(300, 120).downbeats_s)
    assert 4.0 <= slot.start_s <= 6.0


def test_where_nothing_plays_before_the_build_up_is_entered_at_once() -> None:
    library = Library.of(slams=heard(300, 100, [drop(18.75, 2.0)]))
    soundtrack = planned(workout(("prepare", 10), ("work", 60)), library)
    assert soundtrack.slots[0].start_s == 0.0
    assert soundtrack.slots[0].landing_s == pytest.approx(10.0)
    assert soundtrack.silences == ()


def test_a_drop_near_the_end_of_its_track_is_better_than_none_and_another_track_goes_on() -> None:
    library = Library.of(late=heard(140, 136, [drop(100.0, 90.0)]), even=heard(240, 136), calm=heard(240, 118))
    slots = planned(workout(("rest", 60), ("work", 180)), library, Brief(MusicTaste(second_wind_s=None))).slots
    assert [slot.song.track.title for slot in slots] == ["calm", "late", "even"]
    assert slots[1].landing_s == pytest.approx(60.0)
    too_late = Library.of(late=heard(125, 136, [drop(100.0, 90.0)]), even=heard(240, 136))
    slots = planned(workout(("rest", 60), ("work", 180)), too_late, Brief(MusicTaste(second_wind_s=None))).slots
    assert all(slot.landing is None or slot.landing.on is On.DOWNBEAT for slot in slots)


def test_what_drives_hardest_in_a_library_of_calm_music_is_for_the_last_round() -> None:
    calm = {f"t{number}": heard(200, 136) for number in range(12)}
    songs = [song(name, hearing, energy=0.3 + 0.02 * number) for number, (name, hearing) in enumerate(calm.items())]
    library = Library(songs, {one.path: calm[one.track.title] for one in songs})
    soundtrack = planned(workout(("work", 100), ("rest", 40), repeat=5), library)
    first = {slot.place: slot.song.energy or 0.0 for slot in reversed(soundtrack.slots)}
    work = [first[place] for place, want in enumerate(soundtrack.places) if want.kind is PhaseKind.WORK]
    assert np.corrcoef(work, np.arange(len(work)))[0, 1] >= 0.9
    assert work[-1] >= 0.5


def test_where_no_drop_fits_a_downbeat_lands_on_the_bell() -> None:
    library = Library.of(even=heard(300, 136))
    slot = planned(workout(("rest", 60), ("work", 120)), library, Brief(MusicTaste(second_wind_s=None))).slots[-1]
    assert slot.landing is not None
    assert slot.landing.on is On.DOWNBEAT
    assert slot.landing_s == pytest.approx(60.0, abs=1e-9)
    assert slot.landing.at_s in set(heard(300, 136).downbeats_s)


def test_the_second_wind_has_the_strongest_drop_45_seconds_before_the_end_of_the_last_round() -> None:
    library = random_library(60)
    best = song("best", heard(240, 138, [drop(60.0, 50.0, score=80.0)]), energy=1.0)
    with_best = Library([*library.songs, best], {best.path: heard(240, 138, [drop(60.0, 50.0, score=80.0)])})
    both = Library(with_best.songs, {})
    both.hearing = lambda path: with_best.hearing(path) or library.hearing(path)
    soundtrack = planned(ROUNDS, both)
    winds = [slot for slot in soundtrack.slots if soundtrack.places[slot.place].is_second_wind and slot.landing]
    last_round_end_s = max(want.end_s for want in soundtrack.places if want.kind is PhaseKind.WORK)
    assert [slot.song.path for slot in winds] == [best.path]
    assert winds[0].landing_s is not None
    assert 0.0 <= last_round_end_s - 45 - winds[0].landing_s < 4.0, "at most a bar earlier"


@pytest.mark.parametrize("bpm", [126.0, 130.0, 130.5])
def test_the_second_wind_takes_over_on_a_bar_and_is_mixed_in_where_the_tempo_is_the_same(bpm: float) -> None:
    library = Library.of(first=heard(240, 130, [drop(20.0)]), wind=heard(240, bpm, [drop(62.0, 55.0, score=80.0)]))
    round_, wind = planned(workout(("rest", 40), ("work", 120)), library).slots[-2:]
    assert (round_.song.track.title, wind.song.track.title) == ("first", "wind")
    bars = heard(240, 130).downbeats_s
    assert min(abs(bar - (round_.in_s + wind.start_s - round_.start_s)) for bar in bars) < 1e-6
    assert wind.fade_in_s == round_.fade_out_s == (0.02 if bpm == 126.0 else 2.0)


def test_the_second_wind_keeps_the_only_drop_though_another_round_would_like_it_more() -> None:
    library = Library.of(even=heard(200, 138), slams=heard(200, 134, [drop(60.0, 50.0)]))
    soundtrack = planned(workout(("rest", 30), ("work", 60), repeat=2), library)
    last = next(slot for slot in soundtrack.slots if slot.landing and soundtrack.places[slot.place].is_second_wind)
    assert last.song.track.title == "slams"


def test_the_bars_of_a_track_without_a_steady_beat_mean_nothing() -> None:
    library = Library.of(pads=heard(200, 110, confidence=0.1))
    slot = planned(workout(("rest", 60)), library).slots[0]
    assert slot.in_s == 0.0
    assert slot.landing is None


def test_a_short_last_round_has_its_second_wind_at_its_bell() -> None:
    soundtrack = planned(workout(("rest", 30), ("work", 60), repeat=3), random_library(40))
    assert [want.is_second_wind for want in soundtrack.places if want.kind is PhaseKind.WORK] == [False, False, True]


def test_a_banned_track_never_plays_and_a_liked_one_is_preferred() -> None:
    twin = heard(240, 138)
    songs = [song("a", twin), song("b", twin, opinion=Opinion.LIKED), song("c", twin, opinion=Opinion.BANNED)]
    library = Library(songs, {one.path: twin for one in songs})
    for seed in range(20):
        soundtrack = planned(workout(("work", 80)), library, Brief(rules=Rules(seed=seed)))
        assert soundtrack.slots[0].song.track.title == "b"


def test_what_was_heard_lately_rests() -> None:
    twin = heard(240, 138)
    songs = [song("tired", twin, rested=0), song("fresh", twin)]
    library = Library(songs, {one.path: twin for one in songs})
    assert {planned(workout(("work", 60)), library, Brief(rules=Rules(seed=s))).slots[0].song.track.title
            for s in range(20)} == {"fresh"}  # fmt: skip


def test_a_fast_rock_track_never_outranks_a_slow_one_in_the_cool_down() -> None:
    fast, slow = heard(240, 160), heard(240, 75)
    songs = [song("fast", fast, energy=0.9, genre="Rock"), song("slow", slow, energy=0.3)]
    library = Library(songs, {songs[0].path: fast, songs[1].path: slow})
    for seed in range(20):
        assert planned(workout(("cool-down", 180)), library, Brief(rules=Rules(seed=seed))).slots[0].song is songs[1]


def test_a_pin_and_a_fixed_track_play_whatever_they_are() -> None:
    library = random_library(30)
    slowest = int(np.argmin(library.catalogue.bpm))
    work = next(i for i, want in enumerate(planned(ROUNDS, library).places) if want.kind is PhaseKind.WORK)
    pinned = planned(ROUNDS, library, Brief(rules=Rules(pinned={work: np.array([slowest])})))
    fixed = planned(ROUNDS, library, Brief(rules=Rules(fixed={work: slowest})))
    for soundtrack in (pinned, fixed):
        first = next(slot for slot in soundtrack.slots if slot.place == work)
        assert first.song is library.catalogue.songs[slowest]


def test_a_barred_track_does_not_come_back_to_its_place() -> None:
    library = random_library(30)
    before = planned(ROUNDS, library)
    index = library.catalogue.songs.index(before.slots[2].song)
    after = planned(ROUNDS, library, Brief(rules=Rules(barred={before.slots[2].place: frozenset({index})})))
    assert all(slot.song is not before.slots[2].song for slot in after.slots if slot.place == before.slots[2].place)


@pytest.mark.parametrize("arc", Arc)
def test_a_library_of_two_hundred_serves_a_session_well(arc: Arc) -> None:
    """The bars of the product: aligned, in their band, no repeat, the wanted curve followed."""
    soundtrack = planned(ROUNDS, random_library(200, seed=5), Brief(MusicTaste(arc)))
    bells = [want for want in soundtrack.places if want.bell_segment is not None]
    landed = [slot for slot in soundtrack.slots if slot.landing and slot.landing.on is On.DROP]
    work = [slot for slot in soundtrack.slots if soundtrack.places[slot.place].kind is PhaseKind.WORK]
    inside = [s.song.tempo is not None and in_band(s.song.tempo.bpm, soundtrack.places[s.place].intent) for s in work]
    assert len({slot.bell_segment for slot in landed} - {None}) >= 0.9 * len(bells)
    assert sum(inside) >= 0.95 * len(inside)
    assert len({slot.song.path for slot in soundtrack.slots}) == len(soundtrack.slots)
    if arc is not Arc.STEADY:
        heard_first = {slot.place: slot for slot in reversed(soundtrack.slots)}
        planned_energy = [heard_first[i].song.energy for i in range(len(soundtrack.places))]
        wanted = [want.energy for want in soundtrack.places]
        assert np.corrcoef(np.array(planned_energy, float), wanted)[0, 1] >= 0.8


def test_seeds_make_different_sessions_and_the_same_seed_the_same() -> None:
    library = random_library(200)
    titles = [
        tuple(slot.song.track.title for slot in planned(ROUNDS, library, Brief(rules=Rules(seed=seed))).slots)
        for seed in (1, 2, 1)
    ]
    assert titles[0] == titles[2] != titles[1]


def test_the_order_of_the_library_does_not_show() -> None:
    library = random_library(50)
    turned = Library(library.songs[::-1], {})
    turned.hearing = library.hearing
    assert planned(ROUNDS, library).slots == planned(ROUNDS, turned).slots


def test_all_tracks_reach_one_loudness_and_a_quiet_master_sinks_the_session() -> None:
    library = random_library(60)
    even = planned(ROUNDS, library)
    assert even.target_lufs == -14.0
    assert {round(slot.gain_db + (slot.song.lufs or 0.0), 6) for slot in even.slots} == {-14.0}
    quiet = [replace(one, lufs=-20.0, true_peak_db=-1.0) for one in library.songs]
    sunk = Library(quiet, {})
    sunk.hearing = library.hearing
    soundtrack = planned(ROUNDS, sunk)
    assert soundtrack.target_lufs == pytest.approx(-16.0)
    assert {round(slot.gain_db, 6) for slot in soundtrack.slots} == {4.0}


def test_a_track_is_levelled_by_the_part_that_is_heard() -> None:
    whole = EnergyCurve(4.0, (0.9,) * 400 + (0.9 - 1.5 / 24,) * 400)
    louder, softer = part_db(whole, 0.0, 50.0), part_db(whole, 120.0, 180.0)
    assert louder - softer == pytest.approx(1.5, abs=0.01)
    assert softer < 0.0 < louder
    assert part_db(whole, 0.0, 200.0) == pytest.approx(0.0)
    assert part_db(EnergyCurve(4.0, (1.0,) * 400 + (0.2,) * 400), 110.0, 190.0) == -2.0
    assert part_db(EnergyCurve(), 0.0, 100.0) == part_db(whole, 10.0, 12.0) == 0.0


def test_words_tell_why_and_what_is_missing() -> None:
    library = Library.of(slams=heard(300, 138, [drop(100.0, 80.0)]))
    soundtrack = planned(workout(("rest", 60), ("work", 120), repeat=3), library)
    slot = next(slot for slot in soundtrack.slots if slot.landing)
    assert why(slot, soundtrack.places[slot.place]).startswith("138 BPM for work 125–142; energy 80, wanted")
    assert "its drop at 1:40 lands on the bell" in why(slot, soundtrack.places[slot.place])
    told = warnings(soundtrack, library.catalogue)
    assert any(text.startswith("rest: 0 of 1 tracks fit") for text in told)
    assert any("repeat a track" in text for text in told)


@settings(deadline=None, max_examples=150)
@given(timeline=workouts, library=libraries(), seed=st.integers(0, 2**32), arc=st.sampled_from(Arc))
def test_every_moment_has_music_or_a_reason_and_no_track_is_read_outside_itself(
    timeline: Timeline, library: Library, seed: int, arc: Arc
) -> None:
    is_whole(planned(timeline, library, Brief(MusicTaste(arc), Rules(seed=seed))), library)


@pytest.mark.parametrize("library", EXTREMES.values(), ids=list(EXTREMES))
@settings(deadline=None, max_examples=15)
@given(timeline=workouts)
def test_that_holds_for_the_poorest_libraries_too(library: Library, timeline: Timeline) -> None:
    soundtrack = planned(timeline, library)
    is_whole(soundtrack, library)
    assert all(silence.reason for silence in soundtrack.silences)


@pytest.mark.parametrize(("name", "reason"), [("empty", "there are no tracks"), ("banned", "every track is banned")])
def test_a_session_without_music_says_why(name: str, reason: str) -> None:
    (silence,) = planned(ROUNDS, EXTREMES[name]).silences
    assert (silence.start_s, silence.end_s, silence.reason) == (0.0, ROUNDS.total_s, reason)


@pytest.mark.parametrize("rules", [Rules(), Rules(fixed={1: 0})], ids=["free", "wished for"])
def test_a_jingle_takes_no_place_from_a_song(rules: Rules) -> None:
    library = Library.of(song=heard(60, 130), jingle=heard(3.0, 130))
    for timeline in (workout(("work", 600)), workout(("work", 30), ("rest", 25), repeat=3)):
        soundtrack = planned(timeline, library, Brief(rules=rules if len(timeline.segments) > 1 else Rules()))
        assert {slot.song.track.title for slot in soundtrack.slots} == {"song"}
        assert soundtrack.silences == ()


def is_whole(soundtrack: Soundtrack, library: Library) -> None:
    """Every moment has music or a reason, and no track is read outside itself."""
    covered = sorted(
        [(slot.start_s, slot.end_s) for slot in soundtrack.slots]
        + [(silence.start_s, silence.end_s) for silence in soundtrack.silences]
    )
    at_s = 0.0
    for start_s, end_s in covered:
        assert start_s <= at_s + HOLE_S + 1e-6
        at_s = max(at_s, end_s)
    assert at_s >= soundtrack.length_s - HOLE_S - 1e-6
    assert [slot.start_s for slot in soundtrack.slots] == sorted(slot.start_s for slot in soundtrack.slots)
    for slot in soundtrack.slots:
        hearing: Hearing | None = library.hearing(slot.song.path)
        assert slot.song.opinion is not Opinion.BANNED
        assert slot.in_s >= 0.0
        assert slot.out_s <= length_of(slot.song, hearing) + 1e-6
        assert slot.start_s <= slot.end_s
        assert slot.start_s >= 0.0
        assert slot.fade_in_s + slot.fade_out_s <= slot.end_s - slot.start_s + 1e-6
        if slot.landing_s is not None:
            want = soundtrack.places[slot.place]
            early_s = want.start_s + (want.bell_s or 0.0) - slot.landing_s
            assert -1e-6 <= early_s <= (1e-6 if want.bell_segment is not None else LONGEST_BAR_S)

"""Music the user has chosen, and where in it the bell comes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nbd_tui.model.units import Seconds
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.filling import Slot
from nbd_tui.soundtrack.landing import On, ways_in
from nbd_tui.soundtrack.pin import Pin, PinnedPlace, WorkoutPins
from nbd_tui.soundtrack.plan import Brief, Soundtrack, plan
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import MusicTaste
from nbd_tui.soundtrack.telling import why
from nbd_tui.soundtrack.wants import wants
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline
from tests.unit.soundtrack.planning import Library, drop, heard, random_library, song, workout

ROUNDS = workout(("rest", 60), ("work", 120), repeat=3)
OWN = song("own", heard(300, 100, [drop(200.0, 180.0)]))


def pin(from_s: Seconds | None = None, drop_s: Seconds | None = None) -> Pin:
    return Pin(OWN.path, from_s, drop_s, is_track=True)


def planned_with(pins: WorkoutPins, timeline: Timeline = ROUNDS, *, is_heard: bool = True) -> Soundtrack:
    """A plan in which the pinned track plays where it is pinned, and nowhere else."""
    library = random_library(40)
    own = OWN if is_heard else replace(OWN, tempo=None, drops=())
    both = Library([*library.songs, own], {})
    both.hearing = lambda path: (heard(300, 100, [drop(200.0, 180.0)]) if is_heard else None) if path == OWN.path \
        else library.hearing(path)  # fmt: skip
    taste = MusicTaste(second_wind_s=None, pins=pins)
    stretches = plan_stretches(timeline.segments, taste)
    places = wants(timeline.segments, stretches, taste)
    number = both.catalogue.numbers[OWN.path]
    numbers = {place: np.array([number]) for place, want in enumerate(places) if want.pin}
    rules = Rules(seed=3, pinned=numbers, guests=[number])
    return plan(timeline.segments, stretches, both.catalogue, both.hearing, Brief(taste, rules))


def slots_of(soundtrack: Soundtrack, kind: PhaseKind = PhaseKind.WORK) -> list[Slot]:
    return [slot for slot in soundtrack.slots if soundtrack.places[slot.place].kind is kind]


@pytest.mark.parametrize("is_heard", [True, False])
def test_the_chosen_drop_falls_on_the_bell_and_the_music_comes_from_where_it_should(is_heard: bool) -> None:
    soundtrack = planned_with(WorkoutPins({}, {3: pin(62.0, 83.0)}), is_heard=is_heard)
    (slot,) = [slot for slot in slots_of(soundtrack) if slot.song.path == OWN.path]
    assert slot.landing_s == pytest.approx(60 + 120 + 60)
    assert slot.landing is not None
    assert slot.landing.at_s == 83.0
    assert slot.in_s == 62.0
    assert slot.start_s == pytest.approx(240 - 21)
    assert why(slot, soundtrack.places[slot.place]).startswith("your choice; ")


def test_a_track_begins_where_the_user_says() -> None:
    soundtrack = planned_with(WorkoutPins({PhaseKind.REST: pin(from_s=30.0)}))
    firsts = {slot.stretch: slot for slot in reversed(slots_of(soundtrack, PhaseKind.REST))}
    assert {(slot.song.path, slot.in_s) for slot in firsts.values()} == {(OWN.path, 30.0)}


def test_a_rest_shorter_than_the_way_to_the_drop_is_entered_later() -> None:
    soundtrack = planned_with(WorkoutPins({}, {1: pin(20.0, 90.0)}), workout(("rest", 30), ("work", 60)))
    slot = next(slot for slot in soundtrack.slots if slot.song.path == OWN.path)
    assert slot.landing_s == pytest.approx(30)
    assert slot.in_s >= 90 - 26


def test_what_is_pinned_to_one_round_plays_in_no_other() -> None:
    soundtrack = planned_with(WorkoutPins({}, {1: pin()}))
    assert {slot.stretch for slot in soundtrack.slots if slot.song.path == OWN.path} == {1}


def test_a_round_with_music_of_its_own_is_a_stretch_of_its_own() -> None:
    tabata = workout(("work", 20), ("rest", 10), repeat=8)
    assert len(plan_stretches(tabata.segments)) == 1
    taste = MusicTaste(second_wind_s=None, pins=WorkoutPins({}, {4: pin()}))
    stretches = plan_stretches(tabata.segments, taste)
    assert [(stretch.first_index, stretch.last_index) for stretch in stretches] == [(0, 3), (4, 5), (6, 14)]
    shelves = [want.shelf for want in wants(tabata.segments, stretches, taste)]
    assert shelves == [PhaseKind.WORK, PinnedPlace(PhaseKind.WORK, pin()), PhaseKind.WORK]


def test_the_one_track_of_the_last_round_is_heard_to_the_end() -> None:
    long = workout(("rest", 60), ("work", 180))
    for pinned, places in ((WorkoutPins(), 3), (WorkoutPins({}, {1: pin()}), 2)):
        taste = MusicTaste(pins=pinned)
        assert len(wants(long.segments, plan_stretches(long.segments, taste), taste)) == places


def test_another_track_in_its_place_goes_by_its_own_drops() -> None:
    taste = MusicTaste(pins=WorkoutPins({}, {1: pin(62.0, 83.0)}))
    want = wants(ROUNDS.segments, plan_stretches(ROUNDS.segments, taste), taste)[1]
    other = ways_in(want.played_by(Path("/music/other.mp3")), heard(300, 100, [drop(150.0, 140.0)]), 300.0)
    own = ways_in(want.played_by(OWN.path), None, 300.0)
    assert other.landing is not None
    assert other.landing.at_s == 150.0
    assert own.landing is not None
    assert (own.landing.on, own.landing.at_s, own.entries_s, own.start_s) == (On.DROP, 83.0, (62.0,), 62.0)

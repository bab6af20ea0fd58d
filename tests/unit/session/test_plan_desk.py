"""Plans before a workout: what they are made of, and that a session plays them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nbd_tui.model.track import Track
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.pins import Pins
from nbd_tui.session.plan_desk import PlanDesk
from nbd_tui.session.planned import Asked, Planned
from nbd_tui.session.pool import Pool
from nbd_tui.soundtrack.filling import HearingOf
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.pin import Pin, PinnedPlace, Shelf, WorkoutPins
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.soundtrack.taste import USUAL_TASTE, MusicTaste
from nbd_tui.soundtrack.wants import wants
from nbd_tui.soundtrack.wish import Used
from nbd_tui.workout.phase import PhaseKind
from nbd_tui.workout.timeline import Timeline
from tests.unit.soundtrack.planning import Library, drop, heard, random_library, song, workout

ROUNDS = workout(("work", 180), ("rest", 60), repeat=3)


def pool_of(songs: Sequence[Song]) -> Pool:
    pool = Pool(None, [one.track for one in songs])
    pool.learn({}, {str(one.path): one for one in songs})
    return pool


def desk_of(library: Library, timeline: Timeline = ROUNDS, pins: Pins | None = None) -> PlanDesk:
    @contextmanager
    def hearings() -> Iterator[HearingOf]:
        yield library.hearing

    return PlanDesk(timeline, pool_of(library.songs), pins or Pins({}), USUAL_TASTE, hearings)


def others(planned: Planned, place: int) -> dict[int, Path]:
    return {other: path for other, path in planned.firsts.items() if other != place}


def test_a_plan_has_reasons_pictures_and_drops() -> None:
    planned = desk_of(random_library(60)).plan(Asked(3))
    assert len(planned.places) == 6, "with the second wind"
    assert len(planned.whys) == len(planned.soundtrack.slots)
    assert set(planned.firsts.values()) <= planned.hearings.keys()
    landed = [slot for slot in planned.soundtrack.slots if slot.landing and slot.landing.on is On.DROP]
    assert landed
    assert "lands on the bell" in planned.why(landed[0])
    assert planned == desk_of(random_library(60)).plan(Asked(3))
    assert planned.tracks == 60


def test_what_is_fixed_stays_where_everything_else_is_rolled_again() -> None:
    desk = desk_of(random_library(80))
    first = desk.plan(Asked(1))
    second = desk.plan(Asked(3, {2: first.firsts[2]}))
    assert second.firsts[2] == first.firsts[2]
    assert second.firsts != first.firsts


def test_another_track_for_one_place_leaves_the_others_alone() -> None:
    desk = desk_of(random_library(80))
    planned = desk.plan(Asked(1))
    refused: frozenset[Path] = frozenset()
    for _ in range(3):
        refused |= {planned.firsts[2]}
        other = desk.plan(Asked(1, others(planned, 2), {2: refused}))
        assert other.firsts[2] not in refused
        assert others(other, 2) == others(planned, 2)
        planned = other
    everything = frozenset(one.path for one in random_library(80).songs)
    assert 2 not in desk.plan(Asked(1, others(planned, 2), {2: everything})).firsts


def test_a_session_begins_its_stretches_with_the_tracks_of_the_plan() -> None:
    library = random_library(50)
    script = desk_of(library).plan(Asked(5)).script
    stretches = plan_stretches(ROUNDS.segments)
    chooser = Chooser(wants(ROUNDS.segments, stretches), pool_of(library.songs), script)
    played: list[Track] = []
    for index in script.tracks:
        track = chooser.first(index, Used([one.path for one in played], [one.artist for one in played]), ())
        assert track is not None
        assert track.path == script.tracks[index]
        played.append(track)


def test_a_stretch_longer_than_its_track_names_what_follows() -> None:
    library = Library.of(**{name: heard(90.0, 138.0, [drop(30.0, 15.0)]) for name in "abcdef"})
    script = desk_of(library, workout(("rest", 200))).plan(Asked(1)).script
    assert len({script.tracks[0], *script.then[0]}) == 1 + len(script.then[0]) == 3


def test_without_any_drop_there_is_no_second_wind_and_the_session_has_its_place_empty() -> None:
    timeline = workout(("work", 240), ("cool-down", 120))
    library = Library.of(**{name: heard(300.0, 138.0) for name in "abcdef"})
    planned = desk_of(library, timeline).plan(Asked(1))
    assert [want.kind.value for want in planned.places] == ["work", "cool-down"]
    assert planned.script.tracks.keys() == {0, 2}
    chooser = Chooser(
        wants(timeline.segments, plan_stretches(timeline.segments)), pool_of(library.songs), planned.script
    )
    assert chooser.first(1, Used([planned.firsts[0]], [""]), ()) is None
    cool_down = chooser.first(2, Used([planned.firsts[0]], [""]), ())
    assert cool_down is not None
    assert cool_down.path == planned.firsts[1]


class ReadPins(Pins):
    """Pins that have been read."""

    def __init__(self, shelf: Shelf, track: Track) -> None:
        super().__init__({})
        self._tracks = {shelf: (track,)}


def test_a_pinned_kind_plays_nothing_else() -> None:
    library, only = random_library(40), song("rest music", heard(200.0, 100.0))
    planned = desk_of(library, pins=ReadPins(PhaseKind.REST, only.track)).plan(Asked(1))
    rests = [planned.track_of(place) for place, want in enumerate(planned.places) if want.kind is PhaseKind.REST]
    assert set(rests) == {only.path}
    assert only.path not in {planned.track_of(place) for place in (0, 2, 4, 5)}


def test_the_music_of_one_round_plays_there_with_its_drop_on_the_bell() -> None:
    library, own = random_library(40), song("own", heard(200.0, 100.0))
    pin = Pin(own.path, drop_s=83.0, is_track=True)
    place = next(s.index for s in ROUNDS.segments if s.kind is PhaseKind.WORK)
    desk = PlanDesk(
        ROUNDS, pool_of(library.songs), ReadPins(PinnedPlace(PhaseKind.WORK, pin), own.track),
        MusicTaste(pins=WorkoutPins({}, {place: pin})), desk_of(library)._hearings, note="rest pin gone.mp3: not there",
    )  # fmt: skip
    planned = desk.plan(Asked(1))
    (slot,) = [slot for slot in planned.soundtrack.slots if slot.song.path == own.path]
    assert slot.bell_segment == place, "and other music follows when it is over"
    assert slot.landing is not None
    assert slot.landing.at_s == 83.0
    assert planned.warnings[0] == "rest pin gone.mp3: not there"


def test_what_is_missing_is_told() -> None:
    library = Library.of(a=heard(240.0, 138.0))
    assert not any("not heard yet" in line for line in desk_of(library).plan(Asked(1)).warnings)
    two = Library([*library.songs, song("b", None, energy=None)], {library.songs[0].path: heard(240.0, 138.0)})
    warnings = desk_of(two).plan(Asked(1)).warnings
    assert warnings[0] == "tempo not heard yet: 1 of 2 tracks; tags and genre decide"
    empty = desk_of(Library([], {})).plan(Asked(1))
    assert empty.firsts == {}
    assert any("there are no tracks" in line for line in empty.warnings)
    assert empty.script.tracks == {}


def test_more_tracks_ask_for_another_plan_and_more_hearings_do_not() -> None:
    library = random_library(40)
    pool = pool_of(library.songs[:4])
    pool.growing = True
    desk = PlanDesk(ROUNDS, pool, Pins({}), USUAL_TASTE, desk_of(library)._hearings)
    before = desk.version()
    assert desk.version() == before
    pool.learn({}, {str(library.songs[0].path): library.songs[1]})
    assert desk.version() == before
    pool.add(one.track for one in library.songs)
    assert desk.version() != before


def test_plans_and_sessions_follow_the_same_taste() -> None:
    segments = ROUNDS.segments
    places = wants(segments, plan_stretches(segments))
    assert desk_of(random_library(5)).plan(Asked(1)).places == places

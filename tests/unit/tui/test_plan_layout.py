"""Where the parts of a plan are drawn."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.session.planned import Planned
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.stretch import plan_stretches
from nbd_tui.tui.plan_layout import (
    LEAST_COLUMNS,
    PlanPicture,
    block_name,
    columns_of,
    curves,
    scrolled_to,
)
from nbd_tui.workout.timeline import Timeline
from tests.unit.soundtrack.planning import Library, drop, heard, libraries, planned, workout, workouts

widths = st.integers(30, 250)


def plan_of(timeline: Timeline, library: Library) -> Planned:
    soundtrack = planned(timeline, library)
    hearings = {song.path: hearing for song in library.songs if (hearing := library.hearing(song.path))}
    whys = ("",) * len(soundtrack.slots)
    return Planned(1, timeline, plan_stretches(timeline.segments), soundtrack, whys, (), hearings)


@settings(max_examples=60, deadline=None)
@given(workouts, libraries(), widths)
def test_everything_of_any_plan_has_its_place(timeline: Timeline, library: Library, width: int) -> None:
    made = plan_of(timeline, library)
    picture = PlanPicture(made, width)
    columns = [column for block in picture.blocks for column in range(block.column, block.end)]
    assert len(columns) == len(set(columns)), "no two stretches overlap"
    assert all(block.width >= LEAST_COLUMNS for block in picture.blocks)
    assert picture.width >= min(width, max(columns) + 1)
    assert picture.heights.keys() <= set(columns)
    assert all(value is None or 0.0 <= value <= 1.0 for value in picture.heights.values())
    assert [len(curve) for curve in curves(picture, width)] == [width, width]
    for title in picture.titles():
        block = picture.blocks[title.slot.place]
        assert block.column <= title.column < title.column + title.width <= block.end
    assert all(landed.lead_from <= landed.column < landed.room_to for landed in picture.landed())
    assert all(block_name(made, block.place) and columns_of(made, block.place, width) for block in picture.blocks)


@given(workouts, widths, st.data())
def test_a_marked_stretch_is_seen(timeline: Timeline, width: int, data: st.DataObject) -> None:
    picture = PlanPicture(plan_of(timeline, Library([], {})), width)
    scroll = 0
    for place in data.draw(st.lists(st.integers(0, len(picture.blocks) - 1), min_size=1, max_size=6)):
        block = picture.blocks[place]
        scroll = scrolled_to(block, scroll, width, picture.width)
        assert 0 <= scroll <= max(0, picture.width - width)
        assert scroll <= block.column
        assert block.end <= scroll + width
        assert scrolled_to(block, scroll, width, picture.width) == scroll, "what is seen does not move"


def test_a_drop_stands_under_its_bell_and_its_build_up_under_the_rest_before() -> None:
    timeline = workout(("work", 120), ("rest", 60), ("work", 120))
    library = Library.of(**{name: heard(240.0, 138.0, [drop(60.0, 45.0)]) for name in "abcdef"})
    picture = PlanPicture(plan_of(timeline, library), 120)
    second = picture.blocks[2]
    landed = next(one for one in picture.landed() if one.column == second.column)
    assert landed.on is On.DROP
    rest = picture.blocks[1]
    assert rest.column < landed.lead_from < rest.end
    assert [block_name(picture.planned, block.place) for block in picture.blocks][:3] == ["round 1", "rest", "round 2"]


def test_a_short_workout_has_the_whole_window() -> None:
    picture = PlanPicture(plan_of(workout(("work", 120), ("rest", 60)), Library([], {})), 100)
    assert picture.width == 100

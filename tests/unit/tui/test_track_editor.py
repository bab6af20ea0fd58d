"""What the user says of a track, as it is being said."""

from hypothesis import given
from hypothesis import strategies as st

from nbd_tui.model.hearing import Drop, Hearing
from nbd_tui.model.library_row import LibraryRow
from nbd_tui.model.opinion import Correction, Opinion
from nbd_tui.model.tempo import tempo_of
from nbd_tui.model.units import to_frames
from nbd_tui.tui.drop_edit import DropAnswer
from nbd_tui.tui.tempo_edit import TempoAnswer
from nbd_tui.tui.track_editor import Change, Said, TrackEditor
from tests.screens.fake_library import wolf

ROW = wolf(tempo=None)
HEARD = Hearing(to_frames(100.0), 120.0, 0.9, beats_s=(1.0, 1.5, 2.0), drops=(Drop(2.0, 3.0),))


def tempo(bpm: float) -> TempoAnswer:
    return TempoAnswer(bpm, "so fast")


def after(editor: TrackEditor, change: Change | None) -> TrackEditor:
    assert change is not None
    return editor.after(change)


def test_the_users_tempo_counts() -> None:
    editor = TrackEditor(ROW, HEARD)
    assert editor.bpm == 120.0
    editor = after(editor, editor.with_tempo(tempo(90.0)))
    assert (editor.bpm, editor.found.bpm, editor.said.correction) == (90.0, 90.0, Correction(90.0))


def test_the_tempo_that_counts_anyhow_is_no_correction() -> None:
    editor = TrackEditor(ROW, HEARD, Said(Correction(60.0)))
    change = editor.with_tempo(tempo(120.0))
    assert change is not None
    assert change.said.correction == Correction()
    assert change.words == "so fast, as it was before"


def test_where_the_beat_is_unsure_the_tags_tempo_counts_and_the_heard_one_is_a_correction() -> None:
    unsure = Hearing(HEARD.frames, 120.0, 0.1)
    editor = TrackEditor(wolf(tempo=tempo_of(92.0, 120.0, 0.1)), unsure)
    assert editor.bpm == 92.0
    assert after(editor, editor.with_tempo(tempo(120.0))).said.correction == Correction(120.0)


def test_no_tempo_and_no_drops_change_nothing() -> None:
    editor = TrackEditor(ROW, HEARD)
    assert editor.with_tempo(TempoAnswer(None, "no")) is None
    assert editor.with_drops(DropAnswer(None, "no")) is None
    assert editor.as_heard() is None


def test_drops_as_heard_are_no_correction() -> None:
    editor = TrackEditor(ROW, HEARD, Said(Correction(90.0, ())))
    assert editor.found.drops == ()
    editor = after(editor, editor.with_drops(DropAnswer((2.0,), "back")))
    assert editor.said.correction == Correction(90.0)
    assert editor.found.drops == HEARD.drops


def test_a_track_that_was_not_heard_has_a_length_and_the_users_beats() -> None:
    editor = TrackEditor(LibraryRow(ROW.path, "x", duration_s=10.0))
    assert editor.bpm is None
    editor = after(editor, editor.with_tempo(tempo(60.0)))
    assert len(editor.found.beats_s) == 11


OPERATIONS = st.lists(
    st.one_of(
        st.floats(20.0, 400.0).map(tempo),
        st.lists(st.floats(0.0, 100.0), max_size=4).map(lambda found: DropAnswer(tuple(sorted(found)), "drops")),
        st.sampled_from(Opinion),
        st.just("as heard"),
    ),
    max_size=15,
)


@given(OPERATIONS)
def test_taking_back_everything_leads_back_to_the_beginning(operations: list[object]) -> None:
    editor = first = TrackEditor(ROW, HEARD, Said(Correction(77.0), Opinion.LIKED))
    states = []
    for one in operations:
        match one:
            case TempoAnswer():
                change = editor.with_tempo(one)
            case DropAnswer():
                change = editor.with_drops(one)
            case Opinion():
                change = editor.judged(one)
            case _:
                change = editor.as_heard()
        if change is not None:
            states.append(editor.said)
            editor = editor.after(change)
    for said in reversed(states):
        before = editor.before()
        assert before is not None
        editor = before[0]
        assert editor.said == said
    assert editor.before() is None
    assert editor.said == first.said

"""What a new player goes on with."""

from nbd_tui.audio.score import CueHit, CueMissed, CueSounded, Score, SourceRef, VoiceEnded, VoiceSpan, VoiceStarted
from nbd_tui.player.resume import Progress

FILE = SourceRef("a.flac")


def test_what_is_over_does_not_come_again() -> None:
    progress = Progress()
    for report in (CueSounded("bell", 100), CueMissed("late", 100), VoiceEnded("short", 100, early=True)):
        progress.note(report)
    score = Score(
        3,
        voices=(VoiceSpan("short", FILE, 0, None), VoiceSpan("long", FILE, 0, None)),
        cues=(CueHit("bell", "bell", 100), CueHit("late", "bell", 20), CueHit("next", "bell", 200)),
    )
    rest = progress.rest_of(score)

    assert [span.id for span in rest.voices] == ["long"]
    assert [cue.id for cue in rest.cues] == ["next"]


def test_a_voice_begun_by_a_key_joins_in_where_it_would_be() -> None:
    progress = Progress()
    progress.note(VoiceStarted("by-key", 777))
    begun = VoiceSpan("by-key", FILE, 500, None, snap=True)
    not_begun = VoiceSpan("other", FILE, 500, None, snap=True)
    rest = progress.rest_of(Score(voices=(begun, not_begun)))

    assert rest.voices == (VoiceSpan("by-key", FILE, 777, None), not_begun)


def test_ids_no_longer_in_the_score_are_forgotten() -> None:
    progress = Progress()
    progress.note(CueSounded("bell", 100))
    progress.forget_all_but(Score())
    score = Score(cues=(CueHit("bell", "bell", 100),))

    assert progress.rest_of(score) == score

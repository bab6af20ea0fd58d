"""A session plays what was decided before it began."""

from dataclasses import replace
from pathlib import Path

from nbd_tui.model.opinion import Opinion
from nbd_tui.session.chooser import Chooser
from nbd_tui.session.pool import Pool
from nbd_tui.session.script import Script
from nbd_tui.soundtrack.songs import Song
from nbd_tui.soundtrack.wish import Used
from tests.unit.session.offline import a_track
from tests.unit.session.test_chooser import places, pool_of, song

SONGS = [song(number, 120.0 + number) for number in range(20)]


def script_of(*numbers: int, **more: object) -> Script:
    tracks = {index: SONGS[number].path for index, number in enumerate(numbers)}
    return Script(7, tracks, songs={one.path: one for one in SONGS}, **more)  # type: ignore[arg-type]


def used(*numbers: int) -> Used:
    return Used([SONGS[number].path for number in numbers], [SONGS[number].track.artist for number in numbers])


def chooser(script: Script, pool: Pool | None = None) -> Chooser:
    return Chooser(places(), pool or pool_of(SONGS), script)


def test_the_script_comes_before_every_rule() -> None:
    scripted = chooser(script_of(19, 3, 3, 0, 12))
    taken: list[int] = []
    for index in range(5):
        track = scripted.first(index, used(*taken), ())
        assert track is not None
        taken.append(int(track.path.stem))
    assert taken == [19, 3, 3, 0, 12], "also the worst one, and the one that comes twice"


def test_what_may_not_play_or_was_heard_out_of_turn_is_chosen_anew() -> None:
    scripted = chooser(script_of(19, 3, 18, 0, 12))
    for track in (scripted.first(0, used(), {SONGS[19].path}), scripted.first(2, used(19, 3, 18), ())):
        assert track is not None
        assert track.path not in {SONGS[number].path for number in (19, 3, 18, 0, 12)}, "others keep theirs"


def test_followers_come_in_their_order_and_then_whatever_fits() -> None:
    scripted = chooser(script_of(19, 3, then={0: (SONGS[17].path, SONGS[16].path)}))
    played = [19]
    for wanted in (17, 16):
        track = scripted.follower(0, used(*played), ())
        assert track == SONGS[wanted].track
        played.append(wanted)
    last = scripted.follower(0, used(*played), ())
    assert last is not None
    assert last.path not in {SONGS[number].path for number in (19, 17, 16, 3)}


def test_a_track_that_the_pool_does_not_have_yet_plays_all_the_same() -> None:
    pool = pool_of(SONGS[:3])
    pool.growing = True
    scripted = chooser(script_of(19), pool)
    assert scripted.first(0, used(), ()) == SONGS[19].track
    pool.growing = False
    assert scripted.first(0, used(), ()) != SONGS[19].track, "it is not there any more"
    unknown = Script(7, {0: Path("nobody knows.ogg")})
    assert chooser(unknown, pool_of(SONGS[:1])).first(0, used(), ()) == SONGS[0].track


def test_a_track_that_is_kept_out_by_now_does_not_play() -> None:
    pool = pool_of(SONGS)
    scripted = chooser(script_of(19), pool)
    assert scripted.first(0, used(), ()) == SONGS[19].track
    pool.learn_of([replace(SONGS[19], opinion=Opinion.BANNED)])
    assert scripted.first(0, used(), ()) != SONGS[19].track


def test_all_tracks_of_a_script_are_brought_to_one_loudness() -> None:
    quiet = Song(a_track(30, 200.0), lufs=-24.0, true_peak_db=-1.0)
    assert chooser(Script(1, {0: quiet.path}, songs={quiet.path: quiet})).target_lufs == -20.0

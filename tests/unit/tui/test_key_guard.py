"""One press of a key counts once."""

from nbd_tui.tui.key_guard import KeyGuard
from tests.screens.fake_session import FakeClock


def test_the_same_key_is_ignored_for_400_ms() -> None:
    clock = FakeClock()
    guard = KeyGuard(clock)
    assert guard.allows("skip")
    clock.advance(0.399)
    assert not guard.allows("skip")
    clock.advance(0.002)
    assert guard.allows("skip")


def test_another_key_is_not_held_up() -> None:
    guard = KeyGuard(FakeClock())
    assert guard.allows("skip")
    assert guard.allows("back")


def test_a_held_key_still_gets_through_now_and_then() -> None:
    clock = FakeClock()
    guard = KeyGuard(clock)
    passed = 0
    for _ in range(41):
        passed += guard.allows("skip")
        clock.advance(0.03125)
    assert passed == 4

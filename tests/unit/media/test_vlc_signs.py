"""By what signs a stream through libVLC is taken to be dead."""

from nbd_tui.media.output.vlc import BLOCK, Complaints, Pace
from nbd_tui.model.units import RATE

ERROR, WARNING = 4, 3


def reading(pace: Pace, blocks: int, start: float) -> float:
    """Reads a burst of twenty blocks, then one every 20 ms; the time of the last."""
    now = start
    for block in range(blocks):
        now = start + max(0, block - 20) * BLOCK / RATE
        pace.read(now, BLOCK)
    return now


def test_the_pace_is_that_of_the_reads_after_the_burst() -> None:
    pace = Pace()
    now = reading(pace, 200, start=50.0)
    pair = pace.pair(latency=0.15)

    assert pair.frame == 200 * BLOCK
    assert abs(pair.at - (now + BLOCK / RATE + 0.15)) < 1e-9
    assert pace.failure(now + 0.1) is None


def test_a_late_read_moves_nothing() -> None:
    pace = Pace()
    now = reading(pace, 200, start=50.0)
    before = pace.pair(0.15)
    pace.read(now + 0.09, BLOCK)
    after = pace.pair(0.15)

    assert abs((after.at - before.at) - (after.frame - before.frame) / RATE) < 1e-9


def test_reads_that_cease_are_a_failure() -> None:
    pace = Pace()
    now = reading(pace, 100, start=50.0)

    assert pace.failure(now + 0.5) is None
    assert "stopped reading" in (pace.failure(now + 0.7) or "")


def test_lateness_that_stays_is_a_failure_and_one_that_passes_is_not() -> None:
    passing, staying = Pace(), Pace()
    for pace in (passing, staying):
        now = reading(pace, 100, start=50.0)
    for block in range(1, 60):
        due = now + block * BLOCK / RATE
        staying.read(due + 0.3, BLOCK)
        passing.read(due + (0.3 if block < 10 else 0.0), BLOCK)

    assert passing.failure(due + 0.3) is None
    assert staying.failure(due + 0.3) == "libVLC fell behind"


def test_one_error_is_nothing_and_one_for_every_block_is_the_end() -> None:
    now = 10.0
    complaints = Complaints(lambda: now)
    complaints.hear(None, ERROR, None, b"cannot connect", None)
    for _ in range(50):
        complaints.hear(None, WARNING, None, b"playback too early", None)
    assert complaints.failure(now) is None

    for _ in range(6):
        now += 0.02
        complaints.hear(None, ERROR, None, b"cannot write", None)
    assert complaints.failure(now) == "the sound server or device is gone"
    assert complaints.failure(now + 5.0) is None

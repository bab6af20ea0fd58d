"""How much sound a server is given in hand: little, for a key is heard the sooner, and more where it would run dry."""

from typing import Final

from nbd_tui.model.units import Monotonic, Seconds

STEPS_MS: Final = (110, 140, 180, 230)
"""Asked for at first, and each time the sound has nearly run dry. With 110 ms PulseAudio asks
when 65 are in hand, and a player that stood still for 75 ms made no hole (measured with a null sink); 10 ms more make a
key heard 5 ms later."""

REQUEST_MS: Final = 20
"""What the server asks for at least at once: the smaller, the sooner a key is heard, and the more it costs."""

NEAR: Final[Seconds] = 0.015
"""Less in hand when a chunk is handed over: it was a near miss."""

ONE_STALL: Final[Seconds] = 1.0
"""Chunks that are handed over so soon after a near miss belong to the same one."""

CALM: Final[Seconds] = 180.0
"""For so long a smaller cushion would have done: then it becomes smaller."""


class Cushion:
    """Outlives the outputs that use it. Grows before the sound breaks off, and without a hole. Pure."""

    def __init__(self) -> None:
        self._step = 0
        self._calm_since: Monotonic | None = None
        self._grown_at: Monotonic | None = None

    @property
    def ms(self) -> int:
        """Milliseconds in hand, the device's own included."""
        return STEPS_MS[self._step]

    @property
    def request_ms(self) -> int:
        """Milliseconds to be asked for at once."""
        return REQUEST_MS

    def note(self, in_hand: Seconds, now: Monotonic) -> None:
        """So much was in hand when a chunk was handed over."""
        if in_hand < NEAR:
            self._grow(now)
            self._calm_since = now
        elif self._calm_since is None or in_hand < NEAR + self._last_step:
            self._calm_since = now
        elif now - self._calm_since > CALM and self._step:
            self._step -= 1
            self._calm_since = now

    def broke_off(self, now: Monotonic) -> None:
        """The server had nothing left, whatever we think that was in hand: it may itself have stood still."""
        self.note(0.0, now)

    def _grow(self, now: Monotonic) -> None:
        if self._grown_at is None or now - self._grown_at > ONE_STALL:
            self._step = min(self._step + 1, len(STEPS_MS) - 1)
            self._grown_at = now

    @property
    def _last_step(self) -> Seconds:
        """So much less would be in hand with the next smaller one: half of what the server keeps less."""
        return (STEPS_MS[self._step] - STEPS_MS[max(0, self._step - 1)]) / 2000

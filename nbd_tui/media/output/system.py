"""The system's default device, by the best way there is to it."""

from collections.abc import Callable

from nbd_tui.media import libpulse
from nbd_tui.media.libpulse import Line
from nbd_tui.media.output.base import ClockPair, Output, Render
from nbd_tui.media.output.cushion import Cushion
from nbd_tui.media.output.device import Buffer, DeviceOutput
from nbd_tui.media.output.pulse import PulseOutput


class SystemOutput:
    """A sound server of PulseAudio's kind is spoken to directly, all else is left to miniaudio.

    One cushion and one buffer serve all of a process: what was too little once is not tried again.
    """

    name = "device"

    def __init__(self, cushion: Cushion, buffer: Buffer, reach: Callable[[], Line | None] = libpulse.reach) -> None:
        self._cushion = cushion
        self._buffer = buffer
        self._reach = reach
        self._output: Output | None = None

    def open(self, render: Render) -> None:
        """Opens the one or the other.

        Raises:
            OutputError: there is no device, it does not start, or the sound server does not answer.
        """
        line = self._reach()
        output = DeviceOutput(buffer=self._buffer) if line is None else PulseOutput(line, cushion=self._cushion)
        output.open(render)
        self._output = output

    def clock(self) -> ClockPair | None:
        """As the one in use tells it."""
        return self._output.clock() if self._output else None

    def failure(self) -> str | None:
        """As the one in use tells it."""
        return self._output.failure() if self._output else None

    def close(self) -> None:
        """Closes the one in use."""
        if self._output is not None:
            self._output.close()

"""Textual's driver for a terminal that is drawn on already; imported only where there is such a terminal."""

from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from nbd_tui.tui.drawn import ENTER, DrawnTerminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.driver import Driver


def taking_over(drawn: DrawnTerminal, answer_signals: "Callable[[], None]") -> "type[Driver]":
    """A driver that paints over the picture, which else would be cleared away before there is another.

    Args:
        drawn: the terminal.
        answer_signals: has the app answer those that `drawn` has answered until then.
    """

    class TakingOver(LinuxDriver):
        """See `taking_over`."""

        def __init__(
            self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
        ) -> None:
            super().__init__(app, debug=debug, mouse=mouse, size=size)
            self._is_drawn = True

        def start_application_mode(self) -> None:
            """The first time the terminal is in the app's modes already; it goes back to those before.

            So it does where the app cannot begin: then it is `drawn` that gives it back.
            """
            before = drawn.hand_over()
            if before is not None:
                answer_signals()
            try:
                super().start_application_mode()  # type: ignore[no-untyped-call]
            except BaseException:
                drawn.take_back(before)
                raise
            self.attrs_before = before or self.attrs_before
            self._is_drawn = False

        def write(self, data: str) -> None:
            """Whatever is not done yet."""
            if not (self._is_drawn and data == ENTER):
                super().write(data)

    return TakingOver

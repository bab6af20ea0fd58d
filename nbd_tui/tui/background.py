"""Work that a screen has done beside itself."""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from textual.dom import DOMNode

if TYPE_CHECKING:
    from nbd_tui.session.kept import Interruption
    from nbd_tui.tui.ports_interrupted import InterruptedSessions

log = logging.getLogger(__name__)


def in_background(
    node: DOMNode, work: Callable[[], Awaitable[None]], *, group: str = "default", exclusive: bool = False
) -> None:
    """Has `work` done on behalf of `node`, with which it ends.

    It takes a function rather than a coroutine: one that is called off before it has begun would be left unawaited.

    Args:
        node: a screen, or the app.
        work: a function of async.
        group: of the node's work.
        exclusive: calls off what else of the group is being done.
    """
    node.run_worker(cast("Any", work), group=group, exclusive=exclusive)


def look_safely(sessions: "InterruptedSessions") -> "tuple[Interruption, ...]":
    """What was interrupted; whatever lies in that folder, the program starts. Waits for the disk."""
    try:
        return sessions.look()
    except Exception:  # the boundary of files that anything may have happened to
        log.exception("the journals of interrupted sessions could not be looked at")
        return ()

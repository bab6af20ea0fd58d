"""Work that a screen has done beside itself."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from textual.dom import DOMNode


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

"""What the screens ask of the library and of its listening post. The command line wires them; tests give lists."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from nbd_tui.model.units import Seconds
from nbd_tui.session.preview_state import PreviewState as PreviewState  # noqa: PLC0414 - part of this port

if TYPE_CHECKING:  # Home is painted without any of it
    from concurrent.futures import Future
    from pathlib import Path

    from nbd_tui.model.hearing import Hearing
    from nbd_tui.model.library_row import LibraryRow
    from nbd_tui.model.opinion import Correction, Opinion


class LibraryPort(Protocol):
    """The tracks there are, and what is heard in them and thought of them.

    Reading may wait for the disk: call it from a thread. Writing never makes anybody wait.
    """

    def rows(self) -> "Sequence[LibraryRow]":
        """Every track that is there.

        Raises:
            LibraryError: they cannot be read.
        """
        ...

    def version(self) -> int:
        """Another number whenever the rows have changed. Cheap, from any thread."""
        ...

    def hearing(self, path: "Path") -> "Hearing | None":
        """What is heard in a track; None: it was not analysed yet, or could not be.

        Raises:
            LibraryError: it cannot be read.
        """
        ...

    def correction(self, path: "Path") -> "Correction":
        """What the user says of a track instead.

        Raises:
            LibraryError: it cannot be read.
        """
        ...

    def opinions(self, paths: "Sequence[Path]") -> "Mapping[Path, Opinion]":
        """What the user thinks of some tracks, those left out of which nothing was said.

        Raises:
            LibraryError: it cannot be read.
        """
        ...

    def correct(self, path: "Path", correction: "Correction") -> "Future[None]":
        """Keeps what the user says of a track, in place of what was said before.

        Returns:
            At once, what is done when it is written, and has the `NbdError` when it cannot be.
        """
        ...

    def judge(self, path: "Path", opinion: "Opinion | None") -> "Future[None]":
        """Keeps what the user thinks of a track; None takes it back. Returns as `correct`."""
        ...

    def progress(self) -> str:
        """How far the analysis is ("analysing 120 of 1,204, 12 min left"), empty where there is none. Cheap."""
        ...


class PreviewPort(Protocol):
    """Plays one track at a time, outside any workout. No method blocks."""

    def play(
        self, path: "Path", at_s: Seconds = 0.0, *, until_s: Seconds | None = None, bell_s: Seconds | None = None
    ) -> None:
        """Plays a track from a second of it on, in place of what plays.

        Args:
            path: of the track.
            at_s: the second.
            until_s: the second with which it ends; None: with the track.
            bell_s: the second at which the bell of a round is heard; None: it is not.
        """
        ...

    def stop(self) -> None:
        """Fades out what plays; nothing where nothing does."""
        ...

    def state(self) -> PreviewState:
        """What is heard. Cheap, at any moment."""
        ...


class NoLibrary:
    """Has no tracks."""

    def rows(self) -> "Sequence[LibraryRow]":
        """None."""
        return ()

    def version(self) -> int:
        """Nothing ever changes."""
        return 0

    def hearing(self, path: "Path") -> "Hearing | None":  # noqa: ARG002
        """Nothing is heard."""
        return None

    def correction(self, path: "Path") -> "Correction":  # noqa: ARG002
        """None."""
        from nbd_tui.model.opinion import Correction

        return Correction()

    def opinions(self, paths: "Sequence[Path]") -> "Mapping[Path, Opinion]":  # noqa: ARG002
        """None."""
        return {}

    def correct(self, path: "Path", correction: "Correction") -> "Future[None]":  # noqa: ARG002
        """Forgets it."""
        return _done()

    def judge(self, path: "Path", opinion: "Opinion | None") -> "Future[None]":  # noqa: ARG002
        """Forgets it."""
        return _done()

    def progress(self) -> str:
        """There is nothing to do."""
        return ""


class NoPreview:
    """Is silent."""

    def play(
        self, path: "Path", at_s: Seconds = 0.0, *, until_s: Seconds | None = None, bell_s: Seconds | None = None
    ) -> None:
        """Not a sound."""

    def stop(self) -> None:
        """There is nothing to stop."""

    def state(self) -> PreviewState:
        """Nothing plays."""
        return PreviewState()


def _done() -> "Future[None]":
    from concurrent.futures import Future

    done: Future[None] = Future()
    done.set_result(None)
    return done


NO_LIBRARY: Final = NoLibrary()
NO_PREVIEW: Final = NoPreview()

"""Whose fault it is that a file cannot be played; only the file's own is worth remembering."""

from enum import StrEnum


class Fault(StrEnum):
    """What was in the way."""

    FILE = "file"
    """It is damaged, of a kind nobody knows, or kills its decoder: it fails again until it changes."""
    CIRCUMSTANCES = "circumstances"
    """No libVLC, no space, a drive that is gone, a decoder that made no progress: another time it may go well."""
    WORKER = "worker"
    """The process that decodes does not start: no file can be examined."""

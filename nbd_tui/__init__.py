"""nbd-tui: a terminal workout timer that scores the workout from the user's own music."""

__version__ = "0.1.0"

"""The workout core: presets, timelines, the engine. Pure: no I/O, clock, randomness or threads."""

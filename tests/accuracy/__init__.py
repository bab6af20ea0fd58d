"""How well the program hears: music with known truth, scoring, and the table of `make accuracy`."""

"""Hearing the music: what a file holds of tempo, beats, loudness, energy and drops. Pure but for `worker`.

One pass over the samples (`features`) keeps what the rest needs, at a hundredth of the size; `tempo`, `beats`,
`downbeats`, `loudness`, `energy` and `drops` read only that. `listen` puts them together.
"""

from typing import Final

VERSION: Final = 3
"""Of what the analysis finds. One more makes every track be listened to again; what users corrected stays."""

"""How much drive a genre has, from nothing but its name in the tag. Pure, and deliberately small."""

from typing import Final

ENERGY: Final[dict[str, float]] = {
    "acoustic": 0.2,
    "afrobeat": 0.65,
    "alternative": 0.7,
    "ambient": 0.05,
    "baroque": 0.1,
    "ballad": 0.2,
    "bass": 0.85,
    "big beat": 0.9,
    "blues": 0.4,
    "breakbeat": 0.9,
    "chamber": 0.1,
    "chill": 0.15,
    "classic rock": 0.75,
    "classical": 0.1,
    "club": 0.85,
    "country": 0.45,
    "dance": 0.85,
    "darkwave": 0.5,
    "disco": 0.75,
    "downtempo": 0.2,
    "dream": 0.2,
    "drone": 0.05,
    "drum & bass": 0.95,
    "drum and bass": 0.95,
    "dub": 0.4,
    "dubstep": 0.9,
    "easy listening": 0.15,
    "ebm": 0.9,
    "edm": 0.9,
    "electro": 0.85,
    "emo": 0.75,
    "folk": 0.3,
    "folk metal": 0.95,
    "folk rock": 0.5,
    "folk-rock": 0.5,
    "funk": 0.65,
    "garage": 0.8,
    "gospel": 0.4,
    "grime": 0.9,
    "grunge": 0.8,
    "hard rock": 0.95,
    "hardcore": 1.0,
    "hardstyle": 1.0,
    "hip hop": 0.8,
    "hip-hop": 0.8,
    "house": 0.8,
    "indie": 0.65,
    "indie rock": 0.75,
    "industrial": 0.9,
    "jazz": 0.3,
    "jungle": 0.95,
    "latin": 0.65,
    "lo-fi": 0.2,
    "lounge": 0.15,
    "meditat": 0.05,
    "metal": 1.0,
    "new age": 0.05,
    "new wave": 0.65,
    "opera": 0.2,
    "piano": 0.15,
    "pop": 0.6,
    "post-rock": 0.45,
    "power ballad": 0.4,
    "psytrance": 0.95,
    "punk": 0.95,
    "r&b": 0.45,
    "rap": 0.8,
    "rave": 0.95,
    "reggae": 0.4,
    "rnb": 0.45,
    "rock": 0.85,
    "shoegaze": 0.45,
    "ska": 0.8,
    "slow": 0.3,
    "slow rock": 0.4,
    "soft rock": 0.4,
    "soul": 0.4,
    "soundtrack": 0.4,
    "symphon": 0.25,
    "symphonic metal": 0.95,
    "synthpop": 0.65,
    "synthwave": 0.7,
    "techno": 0.9,
    "thrash": 1.0,
    "trance": 0.85,
    "trap": 0.85,
    "trip-hop": 0.3,
    "trip hop": 0.3,
    "world": 0.45,
}
"""Words found in genre names, with the drive they stand for (0 to 1); the longest word found in a name counts."""

SPOKEN: Final = (
    "audiobook",
    "audio book",
    "audio theatre",
    "comedy",
    "hörbuch",
    "hörspiel",
    "podcast",
    "speech",
    "spoken",
)

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "heavy": ("grunge", "hard rock", "hardcore", "industrial", "metal", "punk", "symphonic metal", "thrash"),
    "rock": ("classic rock", "garage", "rock", "ska"),
    "indie": ("alternative", "dream", "emo", "indie", "lo-fi", "new wave", "post-rock", "shoegaze", "slow rock"),
    "electronic": (
        *("bass", "big beat", "breakbeat", "club", "dance", "darkwave", "downtempo", "drum & bass", "drum and bass"),
        *("dubstep", "ebm", "edm", "electro", "hardstyle", "house", "jungle", "psytrance", "rave", "synthpop"),
        *("synthwave", "techno", "trance", "trip hop", "trip-hop"),
    ),
    "hip hop": ("grime", "hip hop", "hip-hop", "rap", "trap"),
    "pop": ("disco", "pop"),
    "soul": ("funk", "gospel", "r&b", "rnb", "soul"),
    "jazz": ("blues", "easy listening", "jazz", "lounge"),
    "classical": ("baroque", "chamber", "classical", "opera", "piano", "soundtrack", "symphon"),
    "folk": ("acoustic", "ballad", "country", "folk", "folk rock", "folk-rock", "soft rock"),
    "world": ("afrobeat", "dub", "latin", "reggae", "world"),
    "calm": ("ambient", "chill", "drone", "meditat", "new age"),
}
"""Words found in genre names by the family they belong to; the longest word found in a name counts."""

_LONGEST_NAME: Final = 100
_FAMILY_OF: Final = {word: family for family, words in FAMILIES.items() for word in words}
_FAMILY_WORDS: Final = tuple(sorted(_FAMILY_OF, key=lambda word: (-len(word), word)))
_WORDS: Final = tuple(sorted(ENERGY, key=lambda word: (-len(word), word)))


def genre_energy(genre: str) -> float | None:
    """The drive of a genre, 0 to 1; None where the name says nothing."""
    name = genre[:_LONGEST_NAME].casefold()
    return next((ENERGY[word] for word in _WORDS if word in name), None)


def genre_family(genre: str) -> str:
    """The family of a genre; the name itself where it is of none, empty for no genre."""
    name = " ".join(genre[:_LONGEST_NAME].casefold().split())
    return next((_FAMILY_OF[word] for word in _FAMILY_WORDS if word in name), name)


def is_spoken(genre: str) -> bool:
    """Whether the genre is talk rather than music."""
    name = genre[:_LONGEST_NAME].casefold()
    return any(word in name for word in SPOKEN)

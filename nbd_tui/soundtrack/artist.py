"""Which names are the same artist. Pure."""

from functools import lru_cache


@lru_cache(maxsize=20_000)
def artist_key(artist: str) -> str:
    """The artist without guests, for comparing: "A feat. B" and "a ft. C" are the same."""
    name = " ".join(artist.casefold().split())
    for mark in (" feat", " ft.", " ft ", " featuring "):
        name = name.split(mark, 1)[0]
    return name

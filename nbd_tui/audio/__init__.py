"""The mixer and what it plays: pure, sample-clocked, numpy only (the player process imports it)."""

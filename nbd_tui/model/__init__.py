"""Plain values every layer shares: units and tracks. Pure, standard library only."""

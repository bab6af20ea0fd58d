"""Sound outputs: what carries the mixed stream to the ears."""

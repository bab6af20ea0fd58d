"""A running workout: engine, music and player under one conductor. No Textual."""

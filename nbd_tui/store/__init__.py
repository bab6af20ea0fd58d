"""What is kept: presets, tracks, the database."""

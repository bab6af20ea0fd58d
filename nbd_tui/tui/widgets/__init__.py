"""Data in, messages out; a widget knows no session."""

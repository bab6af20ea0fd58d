"""Codecs and sound devices: the only place that imports vlc or miniaudio. No pydantic, sqlite or Textual (the player imports it)."""

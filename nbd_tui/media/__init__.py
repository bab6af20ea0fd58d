"""Codecs and sound devices: the only place that imports vlc or miniaudio.

The player imports it, so no pydantic, sqlite or Textual.
"""

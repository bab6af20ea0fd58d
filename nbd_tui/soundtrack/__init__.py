"""Choosing music for phases. Pure."""

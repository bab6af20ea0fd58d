"""The user's music: scanning, tags, probing. I/O."""

"""The demo songs: one module each, with `write() -> Sheet` and the `DESK` it is mixed on."""

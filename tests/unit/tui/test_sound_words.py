"""The line that tells the sound."""

import pytest

from nbd_tui.session.snapshot import SoundState
from nbd_tui.tui.sound_words import output_text, silence_of, sound_text

NO_LIBRARY = (
    "vlc: libVLC cannot be loaded (/nowhere/libvlc.so: cannot open shared object file: No such file or directory); "
    "install libVLC: `sudo apt install libvlc5 vlc-plugin-base` (Debian, Ubuntu), `sudo pacman -S vlc` (Arch)"
)
NO_DEVICE = "device: no sound device can be opened (failed to init device)"


@pytest.mark.parametrize(
    ("sound", "text"),
    [
        (SoundState(), "sound starting"),
        (SoundState(output="silent"), "silent"),
        (SoundState(output="silent", reason="no sound device"), "silent: no sound device"),
        (SoundState(output="device", reason="no libVLC"), "device (no libVLC) · music 70 · bell 90"),
        (SoundState(output="vlc", muted=True), "vlc · music off · bell 90"),
        (
            SoundState(output="silent", reason=f"no sound: {NO_LIBRARY}; {NO_DEVICE}"),
            "silent: no sound device can be opened",
        ),
        (
            SoundState(output="device", reason=f"{NO_LIBRARY}; using device"),
            "device (libVLC cannot be loaded) · music 70 · bell 90",
        ),
        (SoundState(output="", reason="the player died (signal 9); it starts anew"), "the player died"),
    ],
)
def test_sound_is_told_with_its_reason(sound: SoundState, text: str) -> None:
    assert sound_text(sound) == text
    assert len(text) <= 78, "the width of a line at 80 columns"


def test_a_reason_is_text() -> None:
    assert sound_text(SoundState(output="silent", reason="[/x]\x1b[2J\nboom")) == "silent: [/x] [2J boom"


def test_what_is_not_heard_says_why_and_what_is_heard_says_nothing() -> None:
    silent = output_text("silent", "no sound: device: no sound device can be opened")
    assert silence_of(silent) == "silent: no sound device can be opened"
    assert silence_of("sound: vlc") == silence_of("vlc · music 70 · bell 90") == silence_of("") == ""

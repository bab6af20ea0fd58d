"""Tempo maps of MIDI files."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accuracy.midi import read_midi


def midi(*tracks: bytes, division: int = 96) -> bytes:
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), division)
    return head + b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)


def tempo(delta: int, us: int) -> bytes:
    return bytes([delta, 0xFF, 0x51, 3]) + us.to_bytes(3, "big")


def test_a_tempo_map_and_notes_with_running_status() -> None:
    name = bytes([0, 0xFF, 0x03, 2]) + b"ab"
    notes = bytes([0, 0x90, 60, 100, 96, 60, 0, 0, 61, 90, 0x81, 0x00, 61, 0])
    song = read_midi(midi(tempo(0, 500_000) + tempo(96, 250_000), name + notes))
    assert song.tempi == ((0, 500_000), (96, 250_000))
    assert song.note_ticks == (0, 96)
    assert song.last_tick == 96 + 128
    assert song.seconds_of(np.array([0.0, 48.0, 96.0, 192.0])) == pytest.approx([0, 0.25, 0.5, 0.75])
    assert song.beats_until(1.1) == pytest.approx([0, 0.5, 0.75, 1.0])


def test_without_a_tempo_it_is_120() -> None:
    assert read_midi(midi(b"\x00\xff\x2f\x00")).tempi == ((0, 500_000),)


@pytest.mark.parametrize("data", [b"", b"RIFF" + bytes(20), midi(division=0xE728)])
def test_what_is_no_tempo_map(data: bytes) -> None:
    with pytest.raises(ValueError, match="MIDI"):
        read_midi(data)


@given(st.lists(st.tuples(st.integers(0, 127), st.integers(200_000, 900_000)), min_size=1, max_size=8))
def test_beats_never_go_back(changes: list[tuple[int, int]]) -> None:
    song = read_midi(midi(b"".join(tempo(delta, us) for delta, us in changes)))
    beats_s = song.beats_until(20.0)
    assert (np.diff(beats_s) > 0).all()
    assert len(beats_s) >= 20 / 0.9

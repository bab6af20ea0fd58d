"""Every file we can read gives the same frames from every in-point, and every broken one a reason."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbd_tui.audio.source import Samples
from nbd_tui.errors import DecodeError
from nbd_tui.media import decode, mp3_index
from nbd_tui.media.decode import open_stream, survey
from nbd_tui.model.units import RATE, Frames
from tests import audio_files

SECONDS = 13
FORTY_FOUR: dict[str, Callable[[Path, Samples], Path]] = {
    "plain.wav": audio_files.write_wav,
    "plain.flac": audio_files.write_flac,
    "plain.ogg": audio_files.write_ogg,
    "constant.mp3": audio_files.write_mp3,
    "variable.mp3": lambda path, samples: audio_files.write_mp3(path, samples, variable=True),
    "mono.mp3": lambda path, samples: audio_files.write_mp3(path, samples[:, :1], variable=True),
}
COPIES = {
    "mp3 called.ogg": "constant.mp3",
    "flac called.mp3": "plain.flac",
    "ogg called.mp3": "plain.ogg",
    "wav without ending": "plain.wav",
    "~tilde, 'quote' ü [x].mp3": "variable.mp3",
}
NAMES = (*FORTY_FOUR, *COPIES, "bare.mp3")
OTHER_RATES: dict[str, tuple[int, Callable[[Path, Samples, int], Path]]] = {
    "48.wav": (48_000, audio_files.write_wav),
    "96.wav": (96_000, audio_files.write_wav),
    "48.flac": (48_000, audio_files.write_flac),
    "48.ogg": (48_000, audio_files.write_ogg),
    "48.mp3": (48_000, lambda path, samples, rate: audio_files.write_mp3(path, samples[:, :1], rate)),
    "22.mp3": (22_050, audio_files.write_mp3),
}
IN_POINTS = (1, 3 * RATE + 17, 10 * RATE + 5, 11 * RATE + 12_345, (SECONDS - 1) * RATE)


def read(path: Path, in_point: Frames = 0, frames: Frames = sys.maxsize) -> Samples:
    stream = open_stream(path, in_point)
    pieces: list[Samples] = [np.zeros((0, 2), np.float32)]
    while sum(map(len, pieces)) < frames and (piece := stream.read(8192)) is not None:
        pieces.append(piece)
    stream.close()
    return np.concatenate(pieces)[:frames]


def lag(part: Samples, whole: Samples, around: Frames) -> int:
    """How many frames after `around` the place in `whole` is that is most like `part`."""
    window, reach = part[:4096, 0], 100
    region = whole[around - reach : around + reach + len(window), 0]
    places = np.lib.stride_tricks.sliding_window_view(region, len(window))
    return int(np.argmin(np.square(places - window).sum(axis=1))) - reach


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    samples = audio_files.music(SECONDS)
    for name, write in FORTY_FOUR.items():
        write(folder / name, samples)
    for name, original in COPIES.items():
        (folder / name).write_bytes((folder / original).read_bytes())
    (folder / "bare.mp3").write_bytes(audio_files.without_first_mp3_frame(folder / "variable.mp3"))
    for name, (rate, write_at) in OTHER_RATES.items():
        write_at(folder / name, audio_files.music(SECONDS, rate), rate)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_in_point_is_exact_to_the_sample(folder: Path, name: str) -> None:
    whole = read(folder / name)

    assert len(whole) >= SECONDS * RATE
    assert survey(folder / name).frames == len(whole)
    for in_point in (*IN_POINTS, len(whole) - 10):
        np.testing.assert_array_equal(read(folder / name, in_point, 20_000), whole[in_point : in_point + 20_000])


@pytest.mark.parametrize("name", OTHER_RATES)
def test_at_other_rates_every_in_point_is_within_a_sample(folder: Path, name: str) -> None:
    whole = read(folder / name)

    assert abs(len(whole) - SECONDS * RATE) < 0.1 * RATE
    for in_point in IN_POINTS[1:]:
        assert abs(lag(read(folder / name, in_point, 8192), whole, in_point)) <= 1


@pytest.mark.parametrize("name", ["constant.mp3", "variable.mp3", "bare.mp3", "mono.mp3", "48.mp3", "22.mp3"])
def test_little_of_an_mp3_is_decoded_to_reach_an_in_point(folder: Path, name: str) -> None:
    entry = mp3_index.entry_before(folder / name, 11 * RATE)

    assert entry is not None
    assert 9 * RATE < entry.frame < 11 * RATE
    assert abs(entry.end - survey(folder / name).frames) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_an_in_point_at_or_past_the_end_gives_nothing(folder: Path, name: str) -> None:
    length = survey(folder / name).frames

    assert len(read(folder / name, length)) == 0
    assert len(read(folder / name, length + 10 * RATE)) == 0


@settings(deadline=None, max_examples=25)
@given(sizes=st.lists(st.integers(1, 20_000), min_size=1, max_size=30), in_point=st.integers(0, SECONDS * RATE))
def test_the_size_of_the_pieces_does_not_matter(folder: Path, sizes: list[int], in_point: int) -> None:
    path = folder / "bare.mp3"
    stream = open_stream(path, in_point)
    pieces = [piece for size in sizes if (piece := stream.read(size)) is not None]
    stream.close()
    together = np.concatenate([np.zeros((0, 2), np.float32), *pieces])

    np.testing.assert_array_equal(together, read(path, in_point, len(together)))


def test_one_call_gives_at_most_what_was_asked(folder: Path) -> None:
    stream = open_stream(folder / "plain.flac")
    piece = stream.read(10)
    stream.close()

    assert piece is not None
    assert len(piece) == 10


@pytest.mark.parametrize(("kind", "step"), [("PCM_U8", 2**-7), ("PCM_16", 2**-15), ("PCM_24", 2**-23), ("FLOAT", 0)])
def test_wav_of_every_width_gives_its_samples(tmp_path: Path, kind: str, step: float) -> None:
    samples = audio_files.noise(2)
    decoded = read(audio_files.write_wav(tmp_path / "x.wav", samples, kind=kind))

    np.testing.assert_allclose(decoded, samples, atol=step + 1e-7)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_mono_is_heard_on_both_sides_at_full_level(tmp_path: Path, rate: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)[:, None] / 2
    decoded = read(audio_files.write_wav(tmp_path / "x.wav", tone.astype(np.float32), rate))

    np.testing.assert_array_equal(decoded[:, 0], decoded[:, 1])
    assert np.abs(decoded).max() == pytest.approx(0.5, abs=0.01)


def test_five_channels_and_a_subwoofer_are_mixed_to_two(tmp_path: Path) -> None:
    surround = np.zeros((2 * RATE, 6), np.float32)
    surround[:, 0] = audio_files.noise(2)[:, 0]
    decoded = read(audio_files.write_wav(tmp_path / "x.wav", surround))

    assert decoded.shape == (2 * RATE, 2)
    assert np.abs(decoded[:, 0]).max() > 2 * np.abs(decoded[:, 1]).max()


def test_surround_in_vorbis_is_left_to_libvlc(tmp_path: Path) -> None:
    path = audio_files.write_ogg(tmp_path / "x.ogg", np.repeat(audio_files.noise(1.5), 3, axis=1))

    with pytest.raises(DecodeError, match="without decoding it first"):
        open_stream(path)


def test_nan_infinity_and_absurd_levels_are_taken_out(tmp_path: Path) -> None:
    samples = audio_files.noise(2)
    samples[100:200], samples[300], samples[400], samples[500] = np.nan, np.inf, -np.inf, 1e30
    decoded = read(audio_files.write_float_wav(tmp_path / "x.wav", samples))

    assert np.isfinite(decoded).all()
    assert np.abs(decoded).max() <= 2.0
    assert not decoded[100:200].any()
    np.testing.assert_array_equal(decoded[600:], samples[600:])


def test_the_survey_tells_length_peak_and_level(tmp_path: Path) -> None:
    samples = np.zeros((2 * RATE, 2), np.float32)
    samples[:RATE] = 0.5
    found = survey(audio_files.write_wav(tmp_path / "x.wav", samples))

    assert (found.frames, found.peak) == (2 * RATE, 0.5)
    assert found.rms_db == pytest.approx(20 * np.log10(0.5) - 10 * np.log10(2), abs=0.01)


@pytest.mark.parametrize("ending", ["mp3", "flac", "ogg", "wav", ""])
def test_random_bytes_are_refused_with_a_reason(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(np.random.default_rng(3).bytes(20_000))

    with pytest.raises(DecodeError, match=r"."):
        survey(path)


@pytest.mark.parametrize(
    ("magic", "ending"), [(b"RIFF\x00\x00\x00\x00WAVE", "wav"), (b"fLaC", "flac"), (b"\xff\xfb\x90\x64", "mp3")]
)
def test_random_bytes_behind_the_right_magic_are_refused(tmp_path: Path, magic: bytes, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(magic + np.random.default_rng(3).bytes(20_000))

    with pytest.raises(DecodeError, match=r"."):
        survey(path)


def test_what_cannot_be_opened_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()

    with pytest.raises(DecodeError, match="empty"):
        open_stream(tmp_path / "empty.mp3")
    with pytest.raises(DecodeError, match="no such file"):
        open_stream(tmp_path / "gone.mp3")
    with pytest.raises(DecodeError, match="cannot be read"):
        open_stream(tmp_path)


def test_less_than_a_second_is_no_track(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match=r"only 0\.5 s"):
        survey(audio_files.write_wav(tmp_path / "x.wav", audio_files.noise(0.5)))


@pytest.mark.parametrize("name", ["plain.wav", "plain.flac", "plain.ogg", "variable.mp3", "bare.mp3"])
def test_a_file_cut_in_the_middle_gives_what_it_has(folder: Path, tmp_path: Path, name: str) -> None:
    whole, cut = read(folder / name), tmp_path / name
    data = (folder / name).read_bytes()
    cut.write_bytes(data[: len(data) * 6 // 10])
    decoded = read(cut)

    assert 0.3 * len(whole) < len(decoded) < 0.9 * len(whole)
    np.testing.assert_array_equal(decoded[:RATE], whole[:RATE])
    in_point = len(decoded) - RATE // 2
    np.testing.assert_array_equal(read(cut, in_point), decoded[in_point:])


@pytest.mark.parametrize("name", ["constant.mp3", "bare.mp3"])
@pytest.mark.parametrize("damage", ["begins in the middle", "junk in the middle", "tags around", "zeros at the end"])
def test_in_points_of_awkward_mp3_files_are_exact(folder: Path, tmp_path: Path, name: str, damage: str) -> None:
    data = (folder / name).read_bytes()
    middle = len(data) // 2
    tag = b"ID3\x04\x00\x00\x00\x00\x08\x00" + bytes(1024)
    damaged = {
        "begins in the middle": data[20_001:],
        "junk in the middle": data[:middle] + bytes(range(256)) * 30 + data[middle:],
        "tags around": tag + tag + data + b"TAG".ljust(128, b" "),
        "zeros at the end": data + bytes(5000),
    }[damage]
    path = tmp_path / "x.mp3"
    path.write_bytes(damaged)
    whole = read(path)
    for in_point in (*IN_POINTS[1:4], len(whole) - RATE):
        np.testing.assert_array_equal(read(path, in_point, 20_000), whole[in_point : in_point + 20_000])


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the file system takes only names in Unicode")
@pytest.mark.parametrize("name", ["bare.mp3", "plain.ogg", "plain.flac", "plain.wav"])
def test_names_that_are_not_utf8_are_opened(folder: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9 " + name.encode())
    path.write_bytes((folder / name).read_bytes())
    whole = read(folder / name)

    np.testing.assert_array_equal(read(path, 12 * RATE, 1000), whole[12 * RATE : 12 * RATE + 1000])


class TestWithoutMiniaudio:
    """The standard library reads the WAV files that the cache of decoded copies holds."""

    @pytest.fixture(autouse=True)
    def no_miniaudio(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(decode, "miniaudio_module", lambda: None)

    @pytest.mark.parametrize(
        ("kind", "step"), [("PCM_U8", 2**-7), ("PCM_16", 2**-15), ("PCM_24", 2**-23), ("PCM_32", 0)]
    )
    def test_wav_gives_its_samples_from_any_in_point(self, tmp_path: Path, kind: str, step: float) -> None:
        samples = audio_files.noise(2)
        path = audio_files.write_wav(tmp_path / "x.wav", samples, kind=kind)

        np.testing.assert_allclose(read(path, 12_345), samples[12_345:], atol=step + 1e-7)
        assert len(read(path, 10 * RATE)) == 0

    def test_mono_is_heard_on_both_sides(self, tmp_path: Path) -> None:
        samples = audio_files.noise(2)[:, :1]
        decoded = read(audio_files.write_wav(tmp_path / "x.wav", samples))

        np.testing.assert_allclose(decoded, np.repeat(samples, 2, axis=1), atol=2**-15)

    def test_everything_else_has_to_be_transcoded(self, folder: Path) -> None:
        for name in ("plain.flac", "constant.mp3", "48.wav"):
            with pytest.raises(DecodeError, match=r"44\.1 kHz|without decoding it first"):
                open_stream(folder / name)

    def test_a_broken_wav_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVE" + bytes(range(256)))

        with pytest.raises(DecodeError, match="WAV"):
            open_stream(tmp_path / "x.wav")

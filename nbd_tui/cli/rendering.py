"""`nbd render`: a whole session as one file, for those who train without the laptop."""

import os
import signal
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import FrameType
from typing import Final

from nbd_tui.audio.source import Samples
from nbd_tui.cli.plan_music import Checker, library, where_music_is
from nbd_tui.cli.plan_pins import pinned_music
from nbd_tui.cli.planning import any_seed, arc_of, make_plan, songs_in, wished
from nbd_tui.cli.preset_pins import usual_pins
from nbd_tui.cli.scanning import ProgressLine
from nbd_tui.cli.wiring import Program
from nbd_tui.errors import UserError, printable, shown, system_reason
from nbd_tui.media import libvlc
from nbd_tui.media.cue_files import load_cue_set
from nbd_tui.media.encoding import LONGEST_WAV, Encoding, encode
from nbd_tui.model.units import Frames, Seconds, to_frames, to_seconds
from nbd_tui.paths import asset, with_home_as_tilde
from nbd_tui.session.cue_sheet import cue_sheet
from nbd_tui.session.rendering import Rendering, file_levels
from nbd_tui.session.scoring import score_of
from nbd_tui.session.taste import feasible
from nbd_tui.soundtrack.assign import Rules
from nbd_tui.soundtrack.landing import On
from nbd_tui.soundtrack.plan import Brief, Soundtrack
from nbd_tui.soundtrack.songs import Catalogue
from nbd_tui.soundtrack.stretch import Stretch, plan_stretches
from nbd_tui.soundtrack.telling import clock, warnings
from nbd_tui.store.hearings import HearingStore
from nbd_tui.store.presets import LoadedPreset, find_preset, load_presets
from nbd_tui.store.safe_write import move_to_free_name, sync_folder
from nbd_tui.workout.compile import compile_timeline
from nbd_tui.workout.duration import DurationError, parse_duration
from nbd_tui.workout.preset import Preset
from nbd_tui.workout.timeline import Timeline

OPEN_S: Final[Seconds] = 180.0
"""An open phase lasts so long, if not said otherwise."""
INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asks for."""

    preset: str
    target: Path
    library: Path | None = None
    music: Path | None = None
    seed: int | None = None
    arc: str | None = None
    open_length: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class _Planned:
    """A session ready to be rendered."""

    timeline: Timeline
    stretches: tuple[Stretch, ...]
    soundtrack: Soundtrack
    checker: Checker
    seed: int
    notes: tuple[str, ...]


def run_render(order: Order) -> int:
    """Renders; 0 when the file is there, 130 when interrupted, which leaves nothing behind.

    Raises:
        UserError: something that was asked for cannot be had; nothing was written.
        OutputError: the encoder failed.
    """
    encoding = _check(order)
    line = ProgressLine()
    try:
        with _signals_end(), ExitStack() as stack:
            program = Program(stack, logs=False)
            preset = find_preset(order.preset, load_presets(program.places.presets))
            planned = _plan(order, program, preset, stack, line)
            line.clear()
            for text in planned.notes:
                print(f"! {printable(text, 1_000)}")
            frames = _render(order, encoding, program, planned, line)
    except KeyboardInterrupt:
        line.clear()
        print("stopped; nothing was written", file=sys.stderr)
        return INTERRUPTED
    line.clear()
    _tell(order, planned, frames)
    return 0


def _check(order: Order) -> Encoding:
    """Refuses what cannot end well before any work is done."""
    if order.arc is not None:
        arc_of(order.arc)
    _open_length(order)
    target = order.target
    ending = target.suffix.lower().removeprefix(".")
    if ending not in set(Encoding):
        known = ", ".join(f".{kind}" for kind in Encoding)
        raise UserError("what kind of file is this to be?", file=target, hint=f"its name ends with one of {known}")
    encoding = Encoding(ending)
    if encoding is not Encoding.WAV and (reason := libvlc.why_not()):
        raise UserError(f"without libVLC only .wav files can be written: {reason}", file=target)
    try:
        _check_place(target, force=order.force)
    except OSError as error:  # a name that is too long, or inside a folder that may not be entered
        raise UserError(f"cannot be written: {system_reason(error)}", file=target) from error
    return encoding


def _check_place(target: Path, *, force: bool) -> None:
    """Refuses to write over anything, or where there is no folder."""
    if not target.parent.is_dir():
        raise UserError("there is no such folder", file=target.parent)
    for file in (target, _sheet(target)):
        if file.is_dir():
            raise UserError("this is a folder", file=file)
        if file.exists() and not file.is_file():
            raise UserError("this is not an ordinary file", file=file)
        if os.path.lexists(file) and not force:
            raise UserError("this file is there already", file=file, hint="--force replaces it")


def _open_length(order: Order) -> Seconds:
    try:
        return OPEN_S if order.open_length is None else parse_duration(order.open_length)
    except DurationError as error:
        raise UserError(f"--open {shown(order.open_length)}: {error}") from None


def _plan(order: Order, program: Program, preset: LoadedPreset, stack: ExitStack, line: ProgressLine) -> _Planned:
    """The plan, made again without the tracks that turn out to be broken."""
    workout, notes = closed(preset.preset, _open_length(order), is_default=order.open_length is None)
    timeline = compile_timeline(workout)
    music, folders = where_music_is(preset, program.settings.music.folders, order.library, order.music)
    connection = stack.enter_context(library(program, music, line.show))
    seed = any_seed() if order.seed is None else order.seed
    store = HearingStore(connection)
    usual = {} if music else usual_pins(program.settings.music)
    pinned = pinned_music(preset, usual, songs_in(connection, folders))
    taste, lacking = feasible(wished(program.settings, preset, order.arc, pinned))
    stretches = plan_stretches(timeline.segments, taste)
    checker = Checker(program.places.pcm_cache, store, line.show)
    for note in (*notes, *pinned.notes, *lacking):
        print(f"! {printable(note, 1_000)}")
    songs = pinned.songs
    while True:
        catalogue = Catalogue(songs)
        soundtrack = make_plan(timeline, catalogue, store, Brief(taste, Rules(seed)), pinned)
        failed = checker.check(soundtrack.slots)
        if not failed:
            return _Planned(timeline, stretches, soundtrack, checker, seed, warnings(soundtrack, catalogue))
        for path, reason in failed.items():
            print(f"! {printable(with_home_as_tilde(path), 1_000)}: {printable(reason, 1_000)}; other music plays")
        songs = tuple(song for song in songs if song.path not in failed)


def closed(preset: Preset, length_s: Seconds, *, is_default: bool) -> tuple[Preset, tuple[str, ...]]:
    """A workout whose open phases last so long, and what there is to say of that."""
    blocks = tuple(
        block.model_copy(
            update={
                "phases": tuple(
                    phase if phase.duration_s is not None else phase.model_copy(update={"duration_s": length_s})
                    for phase in block.phases
                )
            }
        )
        for block in preset.blocks
    )
    if blocks == preset.blocks:
        return preset, ()
    hint = ", as --open says" if not is_default else " (--open 5:00 makes them five minutes)"
    return preset.model_copy(update={"blocks": blocks}), (f"open phases last {clock(length_s)}{hint}",)


def _render(order: Order, encoding: Encoding, program: Program, planned: _Planned, line: ProgressLine) -> Frames:
    """Writes both files; how long the first is."""
    timeline, soundtrack = planned.timeline, planned.soundtrack
    sounds = load_cue_set(asset("cues", program.settings.audio.cue_set))
    score = score_of(soundtrack, timeline, planned.stretches, planned.checker.playable)
    levels = file_levels(program.volumes.levels())
    rendering = Rendering(score, sounds, levels, to_frames(timeline.total_s))
    if encoding is Encoding.WAV and rendering.frames > LONGEST_WAV:
        raise UserError("this workout is too long for a .wav file", file=order.target, hint="render a .flac")
    sheet = cue_sheet(soundtrack, timeline.name, order.target)
    with _written(_sheet(order.target), force=order.force) as draft_sheet:
        draft_sheet.write_text(sheet, encoding="utf-8")
        with _written(order.target, force=order.force) as draft, closing(_told(rendering, line)) as blocks:
            encode(draft, encoding, blocks, rendering.frames)
    for path, reason in rendering.problems.items():
        print(f"! {printable(with_home_as_tilde(path), 1_000)} broke off: {printable(reason, 1_000)}")
    return rendering.frames


def _told(rendering: Rendering, line: ProgressLine) -> Generator[Samples, None, None]:
    """The blocks, with a line that says how far they are."""
    began, done = time.monotonic(), 0
    for block in rendering.blocks():
        done += len(block)
        yield block
        line.show(progress_words(done, rendering.frames, time.monotonic() - began))


def progress_words(done: Frames, total: Frames, elapsed_s: Seconds) -> str:
    """`rendering 42 %, 12:30 of 30:00, 84 × real time, 0:13 left`."""
    rate = to_seconds(done) / elapsed_s if elapsed_s > 0 else 0.0
    left = f", {rate:.0f} × real time, {clock(to_seconds(total - done) / rate)} left" if rate else ""
    return f"rendering {100 * done // total} %, {clock(to_seconds(done))} of {clock(to_seconds(total))}{left}"


@contextmanager
def _written(target: Path, *, force: bool) -> Iterator[Path]:
    """A file to be written beside the target, which it becomes in the end; whatever goes wrong, it is gone.

    Raises:
        UserError: it cannot be written, or the target has come to be meanwhile.
    """
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.stem[:40]}.", suffix=".part", delete=False) as new:
            draft = Path(new.name)
        try:
            yield draft
            _finish(draft, target, force=force)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    except FileExistsError:
        raise UserError("this file is there already", file=target, hint="--force replaces it") from None
    except OSError as error:
        raise UserError(f"cannot be written: {system_reason(error)}", file=target) from error


def _finish(draft: Path, target: Path, *, force: bool) -> None:
    draft.chmod(0o644)
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    if force:
        draft.replace(target)
        sync_folder(target.parent)
    else:
        move_to_free_name(draft, target)


@contextmanager
def _signals_end() -> Iterator[None]:
    """What asks the program to end does so as ctrl+c does, so that nothing half is left."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = [number for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if (number := getattr(signal, name, None))]
    before = [(number, signal.signal(number, end)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _sheet(target: Path) -> Path:
    return target.with_suffix(".cue")


def _tell(order: Order, planned: _Planned, frames: Frames) -> None:
    soundtrack = planned.soundtrack
    tracks = len({slot.song.path for slot in soundtrack.slots})
    bells = [want.bell_segment for want in soundtrack.places if want.bell_segment is not None]
    dropped = {slot.bell_segment for slot in soundtrack.slots if slot.landing and slot.landing.on is On.DROP}
    landed = sum(bell in dropped for bell in bells)
    print(
        f"{printable(with_home_as_tilde(order.target), 1_000)}: {clock(to_seconds(frames))}, "
        f"{tracks} track{'' if tracks == 1 else 's'}, {landed} of {len(bells)} bells with a drop; "
        f"titles in {printable(_sheet(order.target).name, 1_000)}"
    )
    print(f"seed {planned.seed}: the same with --seed {planned.seed}")

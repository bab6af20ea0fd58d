"""The commands and their options; each imports the heavy parts it needs."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from nbd_tui import __version__

app = typer.Typer(
    name="nbd",
    help="Never Back Down: a workout timer that scores your training with your own music.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=False,
)

Music = Annotated[Path | None, typer.Option("--music", help="Play from this folder; no scan is needed.")]
Output = Annotated[str | None, typer.Option("--output", help="auto, vlc, device or silent; before the settings.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nbd {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")]


@app.callback(invoke_without_command=True)
def home(
    context: typer.Context,
    music: Music = None,
    output: Output = None,
    version: Version = False,  # noqa: ARG001  shown by its callback
) -> None:
    """Without a command: open the list of presets."""
    if context.invoked_subcommand is None:
        gc.disable()  # until the first screen stands, see `cli.screen`
        from nbd_tui.cli.screen import run_screen

        raise typer.Exit(run_screen(None, music, output))


@app.command()
def demo(output: Output = None) -> None:
    """A two-minute workout with the music that comes with the program."""
    gc.disable()
    from nbd_tui.cli.screen import run_demo

    raise typer.Exit(run_demo(output))


@app.command()
def run(
    preset: Annotated[str, typer.Argument(help="Name of a preset (see `nbd presets`), or a preset file.")],
    music: Music = None,
    output: Output = None,
    plain: Annotated[bool, typer.Option("--plain", help="No screen: a line per event, commands from stdin.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As --plain, with one JSON object per event.")] = False,
) -> None:
    """Start a workout at once."""
    if plain or json:
        from nbd_tui.cli.plain import run_plain

        raise typer.Exit(run_plain(preset, music, output, as_json=json))
    gc.disable()
    from nbd_tui.cli.screen import run_screen

    raise typer.Exit(run_screen(preset, music, output))


@app.command()
def resume(
    music: Music = None,
    output: Output = None,
    plain: Annotated[bool, typer.Option("--plain", help="No screen: a line per event, commands from stdin.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As --plain, with one JSON object per event.")] = False,
    file: Annotated[bool, typer.Option("--file", help="Keep it in the history as it is.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Forget it.")] = False,
) -> None:
    """Go on with an interrupted workout where it stopped."""
    if file and drop:
        raise typer.BadParameter("--file keeps it and --drop forgets it: choose one")
    if file or drop:
        from nbd_tui.cli.resuming import drop_interrupted, file_interrupted

        raise typer.Exit(file_interrupted() if file else drop_interrupted())
    if plain or json:
        from nbd_tui.cli.resuming import resume_plain

        raise typer.Exit(resume_plain(music, output, as_json=json))
    gc.disable()
    from nbd_tui.cli.screen import run_resume

    raise typer.Exit(run_resume(music, output))


@app.command()
def presets() -> None:
    """List the presets."""
    from nbd_tui.cli.listing import list_presets

    raise typer.Exit(list_presets())


@app.command()
def history(
    last: Annotated[int | None, typer.Option("--last", min=1, help="So many sessions, the newest first.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with the tracks.")] = False,
) -> None:
    """List the workouts you have done."""
    if csv and json:
        raise typer.BadParameter("--csv and --json are two forms: choose one")
    from nbd_tui.cli.history import list_history

    raise typer.Exit(list_history(last, as_csv=csv, as_json=json))


@app.command()
def scan(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders to read; none: those of the settings.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Read the system's music folder without asking.")] = False,
) -> None:
    """Read the tags of your music."""
    from nbd_tui.cli.scanning import run_scan

    raise typer.Exit(run_scan(tuple(folders or ()), yes=yes))


@app.command()
def analyse(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="None: the folders of the settings.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Of FILE...: all that is found, as one JSON object.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Of FILE...: all that is found, with a picture.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Use the system's music folder without asking.")] = False,
) -> None:
    """Find tempo, loudness and drops of your music."""
    if json and explain:
        raise typer.BadParameter("--json and --explain are two forms: choose one")
    if (json or explain) and not paths:
        flag = "--json" if json else "--explain"
        raise typer.BadParameter(f"{flag} takes files: nbd analyse {flag} FILE")
    if json or explain:
        from nbd_tui.cli.explaining import explain_files, print_json

        raise typer.Exit((print_json if json else explain_files)(tuple(paths or ())))
    from nbd_tui.cli.analysing import run_analyse

    raise typer.Exit(run_analyse(tuple(paths or ()), yes=yes))


@app.command()
def tracks(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="Only tracks with all of these words.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List your music with tempo, energy, loudness and drops."""
    from nbd_tui.cli.tracks import list_tracks

    raise typer.Exit(list_tracks(tuple(words or ()), as_json=json))


@app.command()
def doctor(
    silent: Annotated[bool, typer.Option("--silent", help="No test bell.")] = False,
) -> None:
    """Check installation, sound and folders; ring a test bell."""
    from nbd_tui.cli.doctor import run_doctor

    raise typer.Exit(run_doctor(bell=not silent))


@app.command()
def plan(
    preset: Annotated[str, typer.Argument(help="Name of a preset (see `nbd presets`), or a preset file.")],
    library: Annotated[Path | None, typer.Option("--library", help="Only the tracks below this folder.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="The same seed plans the same session.")] = None,
    arc: Annotated[str | None, typer.Option("--arc", help="montage, steady, pyramid or underdog.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object, for other programs.")] = False,
) -> None:
    """Show which music a workout would have, and why."""
    from nbd_tui.cli.planning import print_plan

    raise typer.Exit(print_plan(preset, library, seed, arc, as_json=json))


@app.command()
def render(
    preset: Annotated[str, typer.Argument(help="Name of a preset (see `nbd presets`), or a preset file.")],
    target: Annotated[Path, typer.Option("--output", "-o", help="The file: .wav, .flac, .ogg, .opus or .mp3.")],
    *,
    library: Annotated[Path | None, typer.Option("--library", help="Only the tracks below this folder.")] = None,
    music: Annotated[Path | None, typer.Option("--music", help="This folder's tracks, heard on the spot.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="The same seed plans the same session.")] = None,
    arc: Annotated[str | None, typer.Option("--arc", help="montage, steady, pyramid or underdog.")] = None,
    open_length: Annotated[str | None, typer.Option("--open", help="Length of open phases; 3:00 if not said.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Make one file of a whole workout, music and bells."""
    from nbd_tui.cli.rendering import Order, run_render

    raise typer.Exit(run_render(Order(preset, target, library, music, seed, arc, open_length, force)))

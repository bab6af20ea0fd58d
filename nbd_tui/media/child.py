"""How a child process of ours is started: with this Python, this package, and nothing of the folder one stands in."""

import os
import sys
from pathlib import Path


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of the package; `-P` keeps files of the working folder from being imported."""
    return [sys.executable, "-P", "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """Our environment; where the package is not installed, with its folder on the path of imports."""
    ours = Path(__file__).resolve().parents[2]
    if ours.name in ("site-packages", "dist-packages"):
        return dict(os.environ)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ours), os.environ.get("PYTHONPATH", ""))))}

"""Draws the README's picture: `python -m tests.screens.picture assets/workout.svg`."""

import asyncio
import sys
from pathlib import Path

from tests.screens.test_pictures import picture_app

SIZE = (100, 30)


async def draw() -> str:
    """The workout screen in the middle of a round, as SVG."""
    app, arrive = picture_app("work")
    async with app.run_test(size=SIZE) as pilot:
        await arrive(pilot)
        return app.export_screenshot(title="nbd run mma-5x5")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(draw()), encoding="utf-8")

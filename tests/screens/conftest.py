"""What the tests of screens share: style sheets that were read once are not parsed again for each app."""

from collections.abc import Iterator
from typing import Final

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

_PARSED: Final[dict[tuple[object, ...], list[RuleSet]]] = {}


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """Keeps what a text was parsed to with these variables; Textual forgets it with each app and each reparse."""
    plain = Stylesheet._parse_rules

    def parse(
        sheet: Stylesheet,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        key = (css, read_from, is_default_rules, tie_breaker, scope, tuple(sheet._variables.items()))
        if key not in _PARSED:
            _PARSED[key] = plain(sheet, css, read_from, is_default_rules, tie_breaker, scope)
        return _PARSED[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse)
        yield

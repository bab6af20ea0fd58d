"""The wishes of settings and preset in one."""

from typing import get_args

import pytest

from nbd_tui.model.arc import Arc
from nbd_tui.session.taste import taste_for
from nbd_tui.settings import MusicSettings
from nbd_tui.soundtrack.intent import Band
from nbd_tui.soundtrack.taste import USUAL_TASTE
from nbd_tui.workout.preset import PresetMusic


def settings(**keys: object) -> MusicSettings:
    return MusicSettings.model_validate(keys)


def preset(**keys: object) -> PresetMusic:
    return PresetMusic.model_validate(keys)


def test_who_says_nothing_has_the_usual_taste() -> None:
    assert taste_for(MusicSettings(), PresetMusic()) == USUAL_TASTE


def test_the_settings_know_every_arc() -> None:
    assert get_args(MusicSettings.model_fields["arc"].annotation) == tuple(Arc)


@pytest.mark.parametrize(
    ("key", "usual", "own", "expected"),
    [
        ("arc", "steady", "pyramid", Arc.PYRAMID),
        ("second_wind_s", 30, 0, None),
        ("second_wind_s", 0, 60, 60),
        ("short_rest_s", 30, 0, 0),
        ("outliers", 50, 0, 0),
        ("target_lufs", -16, -20, -20),
        ("tempo_fit", True, False, False),
    ],
)
def test_the_preset_has_the_last_word(key: str, usual: object, own: object, expected: object) -> None:
    assert getattr(taste_for(settings(**{key: usual}), preset(**{key: own})), key) == expected
    assert taste_for(settings(**{key: own}), PresetMusic()) == taste_for(settings(**{key: usual}), preset(**{key: own}))


def test_bands_are_put_together_number_by_number() -> None:
    wide = settings(bands={"work": {"bpm": [120, 150], "energy": [0.6, 0.8]}, "break": {"bpm": [90, 100]}})
    bands = taste_for(wide, preset(bands={"work": {"energy": [0.1, 0.2]}, "prepare": {"bpm": [60, 70]}})).bands
    assert bands.work == Band((120, 150), (0.1, 0.2))
    assert bands.pause == Band((90, 100), USUAL_TASTE.bands.pause.energy)
    assert bands.rest == USUAL_TASTE.bands.rest
    assert bands.prepare is not None
    assert bands.prepare.bpm == (60, 70)

"""Rows of numbers as pictures: heights are values, few are bars, many a line, errors stand on both sides of nothing."""

import numpy as np
import pytest

from ae_models.figures.tint import ink, signed
from ae_models.kinds.vector import FEW, HIGH, MOST


def heights(tile: np.ndarray, dark: bool) -> np.ndarray:
    """How many pixels of each column are drawn in full."""
    full = 225 if dark else 55
    return (tile == full).all(axis=-1).sum(axis=0)


@pytest.mark.parametrize("dark", [False, True])
def test_a_bar_is_as_high_as_its_number(dark: bool):
    row = np.array([0.0, 0.25, 0.5, 1.0, 2.0, -1.0], np.float32)
    tile = ink(row[None, None], dark)
    bar = HIGH // len(row)
    assert tile.shape == (HIGH, bar * len(row), 3)
    found = heights(tile, dark)
    wanted = 1 + np.clip(row, 0, 1) * (HIGH - 1)  # the floor is drawn too
    assert np.abs(found[::bar] - wanted).max() <= 0.5
    assert (found[bar - 1 :: bar] == 0).all()  # bars stand apart


def test_many_numbers_are_a_line_through_their_means():
    row = np.repeat(np.linspace(0, 1, MOST, dtype=np.float32), 3)
    tile = ink(row[None, None, None], False)[0]
    assert tile.shape == (HIGH, MOST, 3)
    tops = (tile == 55).all(axis=-1).argmax(axis=0)
    assert np.abs(tops - (1 - np.linspace(0, 1, MOST)) * (HIGH - 1)).max() <= 1
    assert FEW < MOST


def test_images_stay_images():
    assert ink(np.zeros((2, 1, 8, 8), np.float32), False).shape == (2, 8, 8, 3)
    assert signed(np.zeros((2, 8, 8), np.float32), False, 1.0).shape == (2, 8, 8, 3)


def test_errors_of_numbers_stand_on_either_side():
    maps = np.array([[1.0, -1.0, 0.0]], np.float32)
    tile = signed(maps, False, 1.0).astype(int)
    bar = HIGH // 3
    warm = (tile[..., 0] > tile[..., 2] + 50).sum(axis=0)[::bar]
    cold = (tile[..., 2] > tile[..., 0] + 50).sum(axis=0)[::bar]
    assert warm.tolist() == pytest.approx([HIGH / 2, 0, 0], abs=1)
    assert cold.tolist() == pytest.approx([0, HIGH / 2, 0], abs=1)

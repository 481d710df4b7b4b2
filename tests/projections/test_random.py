"""The random map: straight, blind, and as good an inverse as it can have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.projections.random import Random, RandomConfig


@pytest.fixture
def rows() -> Any:
    return np.random.default_rng(0).random((50, 40)).astype(np.float32)


def test_it_is_affine_and_moves_the_mean_to_the_origin(rows: Any) -> None:
    made = Random(RandomConfig(n_components=3)).fit(rows)
    points = made.transform(rows)
    assert points.mean(axis=0) == pytest.approx(0, abs=1e-5)
    middle = made.transform((rows[:25] + rows[25:]) / 2)
    assert middle == pytest.approx((points[:25] + points[25:]) / 2, abs=1e-5)


def test_drawing_a_point_and_placing_it_again_gives_the_point(rows: Any) -> None:
    made = Random(RandomConfig(n_components=5, seed=4)).fit(rows)
    points = made.transform(rows)
    assert made.transform(made.inverse_transform(points)) == pytest.approx(points, abs=1e-4)


def test_no_other_image_of_its_sheet_is_nearer(rows: Any) -> None:
    made = Random(RandomConfig(n_components=4)).fit(rows)
    left = rows - made.inverse_transform(made.transform(rows))
    assert left @ made.components.T == pytest.approx(0, abs=1e-4)  # what is left is at right angles to the sheet


def test_as_many_numbers_as_pixels_lose_nothing(rows: Any) -> None:
    made = Random(RandomConfig(n_components=40)).fit(rows)
    assert made.inverse_transform(made.transform(rows)) == pytest.approx(rows, abs=1e-3)


def test_it_depends_on_its_seed_and_not_on_the_data_but_for_the_mean(rows: Any) -> None:
    one, again = Random(RandomConfig(seed=1)).fit(rows), Random(RandomConfig(seed=1)).fit(rows[:20] * 0.5)
    assert np.array_equal(one.components, again.components)
    assert not np.array_equal(one.components, Random(RandomConfig(seed=2)).fit(rows).components)
    wide = Random(RandomConfig(n_components=400)).fit(np.zeros((2, 1000), np.float32))
    assert wide.components.var() == pytest.approx(1 / 400, rel=0.02)


def test_more_numbers_than_pixels() -> None:
    with pytest.raises(UserError, match="at most 40"):
        Random(RandomConfig(n_components=41)).check(50, 40)

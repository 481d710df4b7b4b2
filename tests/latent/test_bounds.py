"""Limits of codes: what sliders may rely on."""

import numpy as np
import pytest

from ae_models.latent import code_bounds, leading_dims


def test_ninety_nine_in_a_hundred_lie_between_the_limits():
    codes = np.random.default_rng(0).normal(size=(10_000, 3)).astype(np.float32) * [1, 10, 0.01]
    for dim, bounds in enumerate(code_bounds(codes)):
        inside = np.mean([bounds.holds(float(value)) for value in codes[:, dim]])
        assert inside == pytest.approx(0.99, abs=0.002)


def test_a_slider_goes_half_a_width_beyond_on_each_side_in_a_hundred_to_a_thousand_steps_inside():
    for scale in (1e-3, 0.7, 4.0, 1234.0):
        codes = np.random.default_rng(1).uniform(-scale, scale, size=(5_000, 1)).astype(np.float32)
        bounds = code_bounds(codes)[0]
        width = bounds.high - bounds.low
        assert bounds.start == pytest.approx(bounds.low - width / 2, abs=1.01 * bounds.step)
        assert bounds.stop == pytest.approx(bounds.high + width / 2, abs=1.01 * bounds.step)
        assert 100 <= width / bounds.step <= 1000.1


def test_a_dead_unit_can_still_be_moved():
    bounds = code_bounds(np.full((50, 1), 3.0, np.float32))[0]
    assert (bounds.low, bounds.high) == (2.5, 3.5)


def test_the_coordinates_that_vary_most_come_in_their_own_order():
    codes = np.random.default_rng(2).normal(size=(500, 6)) * [1, 9, 2, 8, 0.1, 3]
    assert leading_dims(codes.astype(np.float32), 3) == (1, 3, 5)
    assert leading_dims(codes[:, :2].astype(np.float32), 3) == (0, 1)

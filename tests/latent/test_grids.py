"""Lattices over two coordinates."""

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.latent import code_bounds, even_axis, manifold_grid, prior_axis, quantile_axis


def test_corners_are_the_bounds():
    codes = np.random.default_rng(0).normal([0, 5, -2], [1, 2, 3], (2_000, 3)).astype("f")
    x, y = code_bounds(codes)[0], code_bounds(codes)[2]
    grid = manifold_grid(codes[0], (0, 2), even_axis(x.low, x.high, 40), even_axis(y.low, y.high, 40)).reshape(
        40, 40, 3
    )
    assert np.allclose(grid[0, 0, [0, 2]], [x.low, y.high], atol=1e-6)
    assert np.allclose(grid[0, -1, [0, 2]], [x.high, y.high], atol=1e-6)
    assert np.allclose(grid[-1, 0, [0, 2]], [x.low, y.low], atol=1e-6)
    assert np.allclose(grid[-1, -1, [0, 2]], [x.high, y.low], atol=1e-6)
    assert (grid[..., 1] == codes[0, 1]).all()
    axis = quantile_axis(codes[:, 0], 11)
    assert np.allclose([axis[0], axis[-1]], [x.low, x.high], atol=1e-5)


def test_as_many_images_lie_between_any_two_quantiles():
    values = np.random.default_rng(1).exponential(size=10_001).astype("f")
    counts, _ = np.histogram(values, quantile_axis(values, 12))
    assert np.ptp(counts) <= 2


def test_the_prior_is_symmetrical_and_holds_99_percent():
    axis = prior_axis(15)
    assert np.allclose(axis, -axis[::-1], atol=1e-6)
    drawn = np.random.default_rng(2).normal(size=200_000)
    assert np.mean(np.abs(drawn) < axis[-1]) == pytest.approx(0.99, abs=0.001)


def test_a_code_of_one_number_makes_equal_rows():
    grid = manifold_grid(np.zeros(1, "f"), (0,), even_axis(0, 1, 3), even_axis(0, 1, 2))
    assert grid.ravel().tolist() == [0, 0.5, 1, 0, 0.5, 1]


@pytest.mark.parametrize("dims", [(0, 0), (0, 3), (-1, 0), (), (0, 1, 2)])
def test_dims_that_are_none_are_refused(dims):
    axis = even_axis(0, 1, 2)
    with pytest.raises(UserError, match="one or two different numbers"):
        manifold_grid(np.zeros(3, "f"), dims, axis, axis)


@pytest.mark.parametrize("n", [1, 65])
def test_lines_out_of_bounds_are_refused(n):
    for make in (lambda: even_axis(0, 1, n), lambda: prior_axis(n), lambda: quantile_axis(np.zeros(3, "f"), n)):
        with pytest.raises(UserError, match="2 to 64"):
            make()

"""SSE and MSE: by hand, at their ends, both ways round, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error

from ae_models.base import squared_errors


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    return generator.random((7, 1, 5, 4), np.float32), generator.random((7, 1, 5, 4), np.float32)


def test_by_hand() -> None:
    images = np.zeros((2, 1, 1, 2), np.float32)
    others = np.array([[[[1.0, 0.5]]], [[[0.0, 0.5]]]], np.float32)
    assert squared_errors.squared_errors(images, others).tolist() == [1.25, 0.25]
    assert squared_errors.sse(images, others) == 0.75
    assert squared_errors.mse(images, others) == 0.375


def test_a_perfect_reconstruction_is_at_zero_and_the_worst_at_the_number_of_pixels(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    assert squared_errors.sse(pair[0], pair[0].copy()) == 0
    black = np.zeros((3, 1, 28, 28), np.float32)
    assert squared_errors.sse(black, black + 1) == 784
    assert squared_errors.mse(black, black + 1) == 1


def test_sse_is_mse_times_pixels_and_agrees_with_scikit_learn(pair: tuple[np.ndarray, np.ndarray]) -> None:
    assert squared_errors.sse(*pair) == pytest.approx(20 * squared_errors.mse(*pair), rel=1e-12)
    flat = [side.reshape(7, -1) for side in pair]
    assert squared_errors.mse(*pair) == pytest.approx(mean_squared_error(*flat), rel=1e-6)


def test_it_is_the_same_both_ways_round_and_in_any_order_of_images(pair: tuple[np.ndarray, np.ndarray]) -> None:
    assert squared_errors.sse(*pair) == squared_errors.sse(*pair[::-1])
    order = np.random.default_rng(0).permutation(7)
    assert squared_errors.sse(pair[0][order], pair[1][order]) == pytest.approx(squared_errors.sse(*pair), rel=1e-12)
    assert squared_errors.sse(pair[0][order], pair[1]) > squared_errors.sse(pair[0], pair[0])


def test_ten_thousand_images_lose_no_digits() -> None:
    images = np.zeros((10_000, 1, 28, 28), np.float32)
    assert squared_errors.sse(images, images + np.float32(0.1)) == pytest.approx(7.84, rel=1e-6)

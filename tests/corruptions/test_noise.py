"""Gaussian noise, salt and pepper: the statistics they state, within four standard errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from ae_models.base import FloatArray

N, SIDE = 300, 20
IDS = np.arange(N, dtype=np.int32)


def flat(level: float, channels: int = 1) -> FloatArray:
    """Images of one grey."""
    return np.full((N, channels, SIDE, SIDE), level, np.float32)


@pytest.mark.parametrize("sigma", [0.02, 0.06])
def test_the_noise_is_normal_with_that_deviation(make: Any, sigma: float) -> None:
    noise = make("gaussian-noise", sigma=sigma).inputs(flat(0.5), IDS, 0).astype(np.float64) - 0.5  # nothing clips
    assert np.abs(noise).max() < 0.5
    size = noise.size
    assert abs(noise.mean()) < 4 * sigma / np.sqrt(size)
    assert abs(noise.std() - sigma) < 4 * sigma / np.sqrt(2 * size)
    assert stats.kstest(noise.ravel() / sigma, "norm").pvalue > 1e-4


def test_it_is_added_and_then_clipped(make: Any) -> None:
    sigma = 0.5
    inputs = make("gaussian-noise", sigma=sigma).inputs(flat(0.5), IDS, 0)
    for edge in (0.0, 1.0):  # one deviation away from 0.5
        share, expected = float((inputs == edge).mean()), float(stats.norm.sf(1))
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / inputs.size)
    lighter = make("gaussian-noise", sigma=sigma).inputs(flat(0.75), IDS, 0)
    inside = (inputs > 0) & (inputs < 1) & (lighter > 0) & (lighter < 1)
    assert (lighter - inputs)[inside] == pytest.approx(0.25, abs=1e-6)


def test_every_pixel_of_every_channel_has_noise_of_its_own(make: Any) -> None:
    noise = make("gaussian-noise", sigma=0.05).inputs(flat(0.5, channels=3), IDS, 0) - 0.5
    bound = 5 / np.sqrt(noise[:, 0].size)
    pairs = [(noise[:, 0], noise[:, 1]), (noise[:, 1], noise[:, 2]), (noise[..., :-1], noise[..., 1:])]
    pairs += [(noise[..., :-1, :], noise[..., 1:, :]), (noise[:-1], noise[1:])]
    for one, other in pairs:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < bound


def test_no_deviation_is_no_noise(make: Any) -> None:
    images = np.random.default_rng(0).random((N, 1, SIDE, SIDE), dtype=np.float32)
    assert np.array_equal(make("gaussian-noise", sigma=0).inputs(images, IDS, 0), images)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.9])
def test_a_share_of_the_pixels_turns_black_or_white_with_equal_chance(make: Any, share: float) -> None:
    images = flat(0.5)
    inputs = make("salt-pepper", share=share).inputs(images, IDS, 0)
    assert set(np.unique(inputs)) == {0.0, 0.5, 1.0}
    changed, half, size = inputs != 0.5, share / 2, inputs.size
    assert abs(changed.mean() - share) < 4 * np.sqrt(share * (1 - share) / size)
    for colour in (0.0, 1.0):
        assert abs((inputs == colour).mean() - half) < 4 * np.sqrt(half * (1 - half) / size)
    counts = changed.reshape(N, -1).sum(axis=1)  # a draw for each pixel: binomial over images
    assert counts.var() == pytest.approx(share * (1 - share) * SIDE * SIDE, rel=4 * np.sqrt(2 / N))


def test_any_pixel_may_turn(make: Any) -> None:
    inputs = make("salt-pepper", share=0.5).inputs(flat(0.5), IDS, 0)
    for colour in (0.0, 1.0):
        assert (inputs == colour).any(axis=0).all()


def test_all_channels_turn_alike(make: Any) -> None:
    images = np.random.default_rng(0).uniform(0.1, 0.9, (N, 3, SIDE, SIDE)).astype(np.float32)
    inputs = make("salt-pepper", share=0.4).inputs(images, IDS, 0)
    changed = inputs != images
    assert np.array_equal(changed[:, 0], changed[:, 1])
    assert np.array_equal(changed[:, 0], changed[:, 2])
    assert (np.ptp(inputs, axis=1)[changed[:, 0]] == 0).all()


def test_none_or_all_of_the_pixels(make: Any) -> None:
    images = flat(0.5)
    assert np.array_equal(make("salt-pepper", share=0).inputs(images, IDS, 0), images)
    assert set(np.unique(make("salt-pepper", share=1).inputs(images, IDS, 0))) == {0.0, 1.0}

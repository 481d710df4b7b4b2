"""Random numbers from an image's id: uniform, normal, independent, and the same on any machine."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ae_models.corruptions.corruption import normal, uniform

IDS = np.arange(4_000, dtype=np.int32)
FIRST_OF_SPLITMIX64 = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)  # published, for state 0


def test_it_is_splitmix64() -> None:
    found = uniform(np.array([0], np.int32), 3, seed=0)[0]
    assert found.tolist() == [(value >> 11) * 2.0**-53 for value in FIRST_OF_SPLITMIX64]


def test_they_are_in_0_to_1_and_fill_it() -> None:
    drawn = uniform(IDS, 50, seed=3)
    assert drawn.shape == (4_000, 50)
    assert 0 <= drawn.min() < 1e-4
    assert 1 - 1e-4 < drawn.max() < 1


@pytest.mark.parametrize("seed", [0, 1, 7, 2**31 - 1])
def test_they_are_uniform_along_an_image_across_images_and_across_seeds(seed: int) -> None:
    drawn = uniform(IDS, 8, seed)
    for column in drawn.T:  # one number of each of 4,000 images
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    for row in uniform(IDS[:8], 4_000, seed):  # 4,000 numbers of one image
        assert stats.kstest(row, "uniform").pvalue > 1e-4
    seeds = np.array([uniform(IDS[:1], 1, seed // 2 + step)[0, 0] for step in range(2_000)])
    assert stats.kstest(seeds, "uniform").pvalue > 1e-4


def _apart(one: np.ndarray, other: np.ndarray) -> bool:
    """No correlation beyond five standard errors, of the numbers or of their distance from the middle."""
    bound = 5 / np.sqrt(one.size)
    bent = abs(one.ravel() - 0.5), abs(other.ravel() - 0.5)
    pairs = ((one.ravel(), other.ravel()), bent)
    return all(abs(np.corrcoef(left, right)[0, 1]) < bound for left, right in pairs)


def test_images_seeds_and_pixels_do_not_follow_one_another() -> None:
    drawn = uniform(IDS, 100, seed=0)
    for step in (1, 2, 64, 1024):
        assert _apart(drawn[:-step], drawn[step:])
    for seed in (1, 2, 2**16, 2**31 - 1):
        assert _apart(drawn, uniform(IDS, 100, seed))
    for lag in (1, 2, 28):
        assert _apart(drawn[:, :-lag], drawn[:, lag:])
    assert not _apart(drawn, drawn)
    assert len(np.unique(drawn)) == drawn.size


def test_a_longer_draw_begins_with_the_shorter_one() -> None:
    assert np.array_equal(uniform(IDS[:5], 9, seed=2)[:, :4], uniform(IDS[:5], 4, seed=2))


def test_a_pair_of_id_and_seed_is_not_its_mirror() -> None:
    one, other = np.array([3], np.int32), np.array([8], np.int32)
    assert not np.array_equal(uniform(one, 4, seed=8), uniform(other, 4, seed=3))


@pytest.mark.parametrize("n", [1, 2, 99, 100])
def test_normal_numbers_have_the_moments_of_the_normal(n: int) -> None:
    drawn = normal(IDS, n, seed=1).astype(np.float64)
    assert drawn.shape == (4_000, n)
    assert np.isfinite(drawn).all()
    size = drawn.size
    assert abs(drawn.mean()) < 4 / np.sqrt(size)
    assert abs(drawn.var() - 1) < 4 * np.sqrt(2 / size)
    assert abs((drawn**3).mean()) < 4 * np.sqrt(15 / size)
    assert abs((drawn**4).mean() - 3) < 4 * np.sqrt(96 / size)


def test_normal_numbers_are_normal_and_independent_in_both_halves_of_a_draw() -> None:
    drawn = normal(IDS, 10, seed=5)
    for column in drawn.T:
        assert stats.kstest(column, "norm").pvalue > 1e-4
    across = np.corrcoef(drawn.T) - np.eye(10)  # the two numbers of one Box-Muller pair are 5 apart
    assert np.abs(across).max() < 5 / np.sqrt(len(drawn))
    squares = np.corrcoef((drawn**2).T) - np.eye(10)
    assert np.abs(squares).max() < 5 / np.sqrt(len(drawn))
    assert normal(IDS[:3], 4, seed=0).dtype == np.float32

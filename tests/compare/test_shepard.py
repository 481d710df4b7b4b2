"""Shepard densities: every pair once, at the best size, wherever the map lies."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models.analysis.shepard import image_pairs, shepard
from ae_models.base import UserError


def cloud(n: int = 300, d: int = 5, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d)).astype("f")


def test_a_copy_lies_on_the_diagonal() -> None:
    points = cloud()
    density = shepard(image_pairs(points), points)
    assert density.scale == pytest.approx(1, abs=1e-5)
    rows, columns = np.nonzero(density.counts)
    assert np.abs(rows - columns).max() <= 1
    assert density.counts.sum() + density.beyond == 300 * 299


def test_a_shuffled_copy_does_not() -> None:
    points = cloud()
    density = shepard(image_pairs(points), np.random.default_rng(1).permutation(points))
    rows, columns = np.indices(density.counts.shape)
    assert np.average(np.abs(rows - columns), weights=density.counts) > 5


def test_size_and_place_of_the_map_do_not_matter_but_its_shape_does() -> None:
    images, points = cloud(), cloud(seed=2)
    pairs = image_pairs(images)
    one, other = shepard(pairs, points), shepard(pairs, 7 * points + 100)
    assert np.abs(one.counts - other.counts).sum() < 0.01 * one.counts.sum()
    assert one.scale == pytest.approx(7 * other.scale, rel=1e-3)
    stretched = shepard(pairs, points * np.array([9, 1, 1, 1, 1], "f"))
    assert np.abs(one.counts - stretched.counts).sum() > 0.2 * one.counts.sum()


def test_five_points_by_hand() -> None:
    """Images at 0, 1, 2, 3, 4 on a line; the map swaps the last two."""
    images = np.arange(5, dtype="f")[:, None]
    density = shepard(image_pairs(images), images[[0, 1, 2, 4, 3]], bins=4)
    distances, mapped = np.abs(images - images.T), np.abs(images[[0, 1, 2, 4, 3]] - images[[0, 1, 2, 4, 3]].T)
    scale = (distances * mapped).sum() / (mapped**2).sum()
    assert density.scale == pytest.approx(scale)
    assert density.most == pytest.approx(4.08)
    expected = np.zeros((4, 4), int)
    for i in range(5):
        for j in range(5):
            if i != j:
                x, y = distances[i, j] / 1.02, mapped[i, j] * scale / 1.02
                expected[min(int(y), 3), min(int(x), 3)] += 1
    assert (density.counts == expected).all()


def test_a_sample_is_seeded_and_said() -> None:
    points = cloud(50)
    one, same, other = (image_pairs(points, rows=10, seed=seed) for seed in (0, 0, 1))
    assert (one.rows == same.rows).all()
    assert (one.rows != other.rows).any()
    assert (one.n_pairs, len(one.rows)) == (10 * 49, 10)
    assert image_pairs(points).n_pairs == 50 * 49


def test_distances_are_those_of_subtraction() -> None:
    points = cloud(40) + 100  # far from 0: |a|^2 - 2ab + |b|^2 would lose digits
    pairs = image_pairs(points)
    by_hand = np.linalg.norm(points[pairs.rows, None].astype(float) - points[None].astype(float), axis=2)
    assert np.abs(pairs.distances - by_hand).max() < 1e-5


@pytest.mark.parametrize(
    ("points", "message"),
    [(np.zeros((30, 2), "f"), "all points of the map coincide"), (np.full((30, 2), np.nan, "f"), "no finite numbers")],
)
def test_bad_maps_are_refused_in_one_line(points: np.ndarray, message: str) -> None:
    with pytest.raises(UserError, match=message):
        shepard(image_pairs(cloud(30)), points)


def test_bad_images_are_refused_in_one_line() -> None:
    with pytest.raises(UserError, match="two images at least: got 1"):
        image_pairs(cloud(1))
    with pytest.raises(UserError, match="finite pixels"):
        image_pairs(np.full((3, 2), np.inf, "f"))

"""Procrustes: exact where a similarity joins the sets, never worse than any other similarity, the same as SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import procrustes as scipy_procrustes
from scipy.stats import ortho_group

from ae_models.base import FloatArray
from ae_models.base.procrustes import procrustes


def cloud(n: int, d: int, seed: int = 0) -> FloatArray:
    """Points of unequal spread, away from the origin."""
    random = np.random.default_rng(seed)
    return (random.normal(size=(n, d)) * np.linspace(1, 3, d) + 4).astype(np.float32)


def distance(one: FloatArray, other: FloatArray) -> float:
    """The sum that Procrustes minimises."""
    return float(((one.astype(np.float64) - other) ** 2).sum())


def turn(d: int, seed: int, reflect: bool) -> FloatArray:
    """An orthogonal matrix, of determinant -1 when it reflects."""
    matrix = np.atleast_2d(ortho_group.rvs(d, random_state=seed)) if d > 1 else np.ones((1, 1))
    if (np.linalg.det(matrix) < 0) != reflect:
        matrix[:, 0] *= -1
    return matrix


@pytest.mark.parametrize("reflect", [False, True], ids=["turned", "reflected"])
@pytest.mark.parametrize("scale", [0.01, 1.0, 50.0])
@pytest.mark.parametrize("d", [1, 2, 3, 6])
def test_a_similarity_is_undone_exactly(d: int, scale: float, reflect: bool) -> None:
    onto = cloud(40, d)
    moved = (scale * onto @ turn(d, 3, reflect) + np.arange(d) - 7).astype(np.float32)
    assert distance(moved, onto) > 1
    assert procrustes(moved, onto) == pytest.approx(onto, abs=2e-4)


def test_onto_itself_nothing_moves() -> None:
    points = cloud(30, 3)
    assert procrustes(points, points) == pytest.approx(points, abs=1e-5)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_what_is_left_is_the_disparity_of_scipy(d: int) -> None:
    onto = cloud(50, d, seed=1)
    points = onto @ turn(d, 5, True) + cloud(50, d, seed=2)
    spread = distance(onto, onto.mean(axis=0))
    disparity = scipy_procrustes(onto, points)[2]
    assert 0.01 < disparity < 1
    assert distance(procrustes(points, onto), onto) / spread == pytest.approx(disparity, rel=1e-4)


def test_no_other_similarity_comes_nearer() -> None:
    onto, points = cloud(25, 2, seed=3), cloud(25, 2, seed=4)
    best = distance(procrustes(points, onto), onto)
    random = np.random.default_rng(0)
    centred = points - points.mean(axis=0)
    for seed in range(300):
        other = random.uniform(0, 2) * centred @ turn(2, seed, bool(seed % 2)) + onto.mean(axis=0)
        assert distance(other + random.normal(size=2) * 0.1, onto) >= best - 1e-4
    found = procrustes(points, onto)
    for step in (0.01, -0.01):  # and the answer itself cannot be bettered a little
        grown = (found - found.mean(axis=0)) * (1 + step) + found.mean(axis=0)
        cos, sin = np.cos(step), np.sin(step)
        turned = (found - found.mean(axis=0)) @ np.array([[cos, sin], [-sin, cos]]) + found.mean(axis=0)
        assert min(distance(other, onto) for other in (grown, turned, found + step)) > best


def test_a_map_that_was_not_scaled_back_would_be_worse() -> None:
    """The negative control: turning and moving alone leave the difference in size."""
    onto = cloud(25, 2)
    assert distance(procrustes(3 * onto, onto), onto) < 1e-4 < distance(3 * (onto - onto.mean(axis=0)), onto)


def test_rows_belong_together() -> None:
    onto, points = cloud(20, 2, seed=5), cloud(20, 2, seed=6)
    order = np.random.default_rng(0).permutation(20)
    together = procrustes(points[order], onto[order])
    assert together == pytest.approx(procrustes(points, onto)[order], abs=1e-4)
    assert distance(procrustes(points[order], points), points) > 1  # a shuffled set is another set


def test_aligned_once_is_aligned() -> None:
    onto, points = cloud(20, 3, seed=7), cloud(20, 3, seed=8)
    once = procrustes(points, onto)
    assert procrustes(once, onto) == pytest.approx(once, abs=1e-4)


@pytest.mark.parametrize("place", [0.0, 1e-3, 1e4])
def test_points_that_coincide_are_moved_only(place: float) -> None:
    onto = cloud(15, 2)
    found = procrustes(np.full((15, 2), place, np.float32), onto)
    assert found == pytest.approx(np.tile(onto.mean(axis=0), (15, 1)), abs=1e-5)


def test_onto_points_that_coincide_everything_shrinks_to_one() -> None:
    onto = np.full((15, 2), 2.5, np.float32)
    assert procrustes(cloud(15, 2), onto) == pytest.approx(onto, abs=1e-6)


def test_one_point_lands_on_the_other() -> None:
    found = procrustes(np.array([[9.0, 9.0]], np.float32), np.array([[1.0, -2.0]], np.float32))
    assert found.tolist() == [[1.0, -2.0]]


def test_points_on_a_line_are_laid_on_a_line() -> None:
    along = np.arange(10, dtype=np.float32)[:, None]
    onto = along * np.array([[1.0, 2.0]], np.float32)
    assert procrustes(along * np.array([[-3.0, 0.0]], np.float32), onto) == pytest.approx(onto, abs=1e-4)


def test_values_in_values_out() -> None:
    onto, points = cloud(10, 2, seed=1), cloud(10, 2, seed=2)
    before = onto.copy(), points.copy()
    found = procrustes(points, onto)
    assert (found.shape, found.dtype) == ((10, 2), np.float32)
    assert np.array_equal(onto, before[0])
    assert np.array_equal(points, before[1])

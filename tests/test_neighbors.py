"""The k nearest rows: against brute force, with ties, and far from the origin."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models.base.neighbors import nearest_rows


def brute_force(query: np.ndarray, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """All distances in double precision; equal ones in the order of the rows."""
    distances = np.sqrt(((rows.astype(float) - query.astype(float)) ** 2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:k]
    return order, distances[order]


@pytest.mark.parametrize("dims", [1, 2, 30, 784])
@pytest.mark.parametrize("k", [1, 5, 50])
def test_it_agrees_with_brute_force(dims: int, k: int) -> None:
    generator = np.random.default_rng(dims)
    rows = generator.normal(size=(400, dims)).astype("f")
    for query in generator.normal(size=(5, dims)).astype("f"):
        found, distances = nearest_rows(query, rows, k)
        expected, expected_distances = brute_force(query, rows, k)
        assert found.tolist() == expected.tolist()
        assert distances == pytest.approx(expected_distances, rel=1e-5)


def test_norms_computed_beforehand_change_nothing() -> None:
    rows = np.random.default_rng(0).normal(size=(100, 3)).astype("f")
    query = rows[7] + np.float32(0.1)
    norms = (rows**2).sum(1)
    for left, right in zip(
        nearest_rows(query, rows, 4), nearest_rows(query, rows, 4, squared_norms=norms), strict=True
    ):
        assert np.array_equal(left, right)


def test_equal_distances_come_in_the_order_of_the_rows() -> None:
    rows = np.array([[2, 0], [0, 1], [1, 0], [0, -1], [-1, 0], [9, 9]], "f")
    found, distances = nearest_rows(np.zeros(2, "f"), rows, 4)
    assert found.tolist() == [1, 2, 3, 4]
    assert distances.tolist() == [1, 1, 1, 1]


def test_many_equal_distances_too_come_in_the_order_of_the_rows() -> None:
    rows = np.ones((1000, 3), "f")
    assert nearest_rows(np.zeros(3, "f"), rows, 3)[0].tolist() == [0, 1, 2]


@pytest.mark.parametrize("far", [0.0, 10.0, 1000.0])
def test_a_row_equal_to_the_query_is_at_exactly_zero_however_far_from_the_origin(far: float) -> None:
    rows = (np.random.default_rng(1).normal(size=(5000, 8)) * 0.01 + far).astype("f")
    for place in (0, 77, 4999):
        found, distances = nearest_rows(rows[place], rows, 1)
        assert found.tolist() == [place]
        assert distances.tolist() == [0.0]


def test_more_neighbours_than_rows_gives_all_rows_and_none_gives_one() -> None:
    rows = np.array([[3.0], [1.0]], "f")
    assert nearest_rows(np.zeros(1, "f"), rows, 9)[0].tolist() == [1, 0]
    assert nearest_rows(np.zeros(1, "f"), rows, 0)[0].tolist() == [1]

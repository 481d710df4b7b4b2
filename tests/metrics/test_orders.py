"""Who is nearest: exact, ties by row number, against plain sorting of whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.metrics import orders
from ae_models.metrics.orders import PixelOrders, PointOrders, few
from tests.metrics.made import plain


def whole(made: Any) -> Any:
    """All orders, from the blocks."""
    return np.concatenate([order for _, several in made.all_orders() for order in several])


def pixels(kind: Any, n: int, columns: int, high: int) -> Any:
    return np.random.default_rng(1).integers(0, high + 1, (n, columns)).astype(kind)


@pytest.mark.parametrize(
    ("kind", "columns", "high"),
    [(np.uint8, 40, 3), (np.uint8, 784, 255), (np.uint8, 1500, 255), (np.uint16, 30, 65535), (np.uint8, 5, 0)],
    ids=["many ties", "28 x 28", "more columns than single precision adds exactly", "16 bit", "constant"],
)
def test_orders_of_pixels_are_those_of_exact_arithmetic(kind: Any, columns: int, high: int) -> None:
    rows = pixels(kind, 60, columns, high)
    rows[7], rows[31] = rows[3], rows[3]  # duplicates
    assert np.array_equal(whole(PixelOrders(rows)), plain(rows))


def test_the_largest_distance_there_can_be_is_exact() -> None:
    rows = np.zeros((4, 1024), np.uint8)
    rows[0], rows[1], rows[2, :512] = 255, 254, 255
    squared = PixelOrders(rows).squared(np.arange(4))
    wanted = ((rows[:, None].astype(np.int64) - rows[None]) ** 2).sum(axis=2)
    assert np.array_equal(squared, wanted)
    assert squared.max() == 1024 * 255**2


def test_mirrored_products_and_whole_ones_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pixels(np.uint8, 700, 50, 255)  # three blocks, the last one short
    mirrored = whole(PixelOrders(rows))
    monkeypatch.setattr(orders, "HALF_BYTES", 0)
    assert np.array_equal(mirrored, whole(PixelOrders(rows)))
    assert np.array_equal(mirrored, np.concatenate(list(PixelOrders(rows).orders(np.arange(700)))))


@pytest.mark.parametrize("d", [1, 2, 3, 8, 9, 30])
def test_orders_of_points_are_those_of_differences(d: int) -> None:
    generator = np.random.default_rng(d)
    points = generator.normal(size=(80, d)).astype(np.float32)
    points[5], points[50], points[51] = points[4], points[4], -points[52]
    assert np.array_equal(whole(PointOrders(points)), plain(points))


@pytest.mark.parametrize("d", [2, 12])
def test_points_on_a_grid_have_many_ties_and_far_from_the_origin_too(d: int) -> None:
    points = np.random.default_rng(0).integers(0, 3, (90, d)).astype(np.float32)
    assert np.array_equal(whole(PointOrders(points)), plain(points))
    assert np.array_equal(whole(PointOrders(points + 4096)), plain(points))


def test_distances_that_differ_in_their_last_bits_are_told_apart() -> None:
    near = np.float64(1) + np.arange(6)[::-1] * np.finfo(np.float64).eps
    points = np.concatenate([[0.0], near])[:, None]  # each a little nearer than the one before
    assert next(PointOrders(points).orders(np.array([0])))[0].tolist() == [0, 6, 5, 4, 3, 2, 1]


def test_points_that_all_coincide_are_ordered_by_their_number() -> None:
    order = whole(PointOrders(np.ones((4, 2), np.float32)))
    assert order.tolist() == [[0, 1, 2, 3], [1, 0, 2, 3], [2, 0, 1, 3], [3, 0, 1, 2]]


def test_few_rows_are_at_least_one() -> None:
    assert few(10**9) == 1

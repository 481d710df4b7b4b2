"""Who draws which image better: orders, shares and classes, on numbers small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models.analysis.per_image_wins import ORDERS, Duel, by_class
from ae_models.base import UserError

DUEL = Duel(np.array([1, 5, 3, 2], "f"), np.array([4, 4, 3, 9], "f"))


def test_margin_and_wins_by_hand() -> None:
    assert list(DUEL.margin) == [3, -1, 0, 7]
    assert DUEL.wins() == (1 + 0 + 0.5 + 1) / 4


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("wins", [3, 0, 2, 1]),
        ("loses", [1, 2, 0, 3]),
        ("best", [0, 3, 2, 1]),
        ("worst", [1, 2, 3, 0]),
        ("pca-best", [2, 0, 1, 3]),
        ("pca-worst", [3, 0, 1, 2]),
        ("file", [0, 1, 2, 3]),
    ],
)
def test_orders_by_hand(by: str, rows: list[int]) -> None:
    assert list(DUEL.order(by)) == rows
    chosen = np.array([1, 3])
    assert list(DUEL.order(by, chosen)) == [row for row in rows if row in (1, 3)]


def test_every_order_is_tested_and_an_unknown_one_lists_them() -> None:
    assert set(ORDERS) == {"wins", "loses", "best", "worst", "pca-best", "pca-worst", "file"}
    with pytest.raises(UserError, match="unknown order 'size': choose from wins, loses"):
        DUEL.order("size")


def test_an_autoencoder_against_itself_is_a_tie() -> None:
    assert Duel(DUEL.pca, DUEL.pca).wins() == 0.5


def test_classes_by_hand() -> None:
    found = by_class(DUEL, np.array([0, 2, 2, 0], np.int32), ("cat", "dog", "cow"))
    assert [(each.name, each.n, each.autoencoder, each.pca) for each in found] == [
        ("cat", 2, 1.5, 6.5),
        ("cow", 2, 4.0, 3.5),
    ]
    assert by_class(DUEL, None, ()) == ()
    total = sum(each.n * each.autoencoder for each in found) / 4
    assert total == pytest.approx(DUEL.autoencoder.mean())

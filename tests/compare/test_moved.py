"""Neighbours of one image: kept, false, lost, by hand; duplicates and ends of the file."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models.analysis.neighbor_changes import moved, neighbours_of
from ae_models.base import UserError

LINE = np.array([[0], [1], [2], [10], [11]], "f")


def test_five_points_by_hand() -> None:
    result = moved(0, LINE, LINE[[0, 3, 1, 2, 4]], 2)  # on the map image 1 is far off, image 2 at 1, image 3 at 2
    assert list(result.rows) == [2, 3]
    assert list(result.kept) == [True, False]
    assert list(result.lost) == [1]


def test_a_copy_keeps_all_and_loses_none() -> None:
    points = np.random.default_rng(0).normal(size=(60, 3)).astype("f")
    for row in (0, 31, 59):
        result = moved(row, points, 5 * points, 7)
        assert result.kept.all()
        assert len(result.lost) == 0
        assert row not in result.rows


def test_they_are_scikit_learns() -> None:
    from sklearn.neighbors import NearestNeighbors

    points = np.random.default_rng(1).normal(size=(80, 4)).astype("f")
    expected = NearestNeighbors(n_neighbors=6).fit(points).kneighbors(points[[17]], return_distance=False)[0, 1:]
    assert list(neighbours_of(17, points, 5)) == list(expected)


def test_duplicates_count_and_keep_the_files_order() -> None:
    points = np.array([[1], [1], [1], [2], [1]], "f")
    assert list(neighbours_of(2, points, 3)) == [0, 1, 4]
    assert list(neighbours_of(2, points, 4)) == [0, 1, 4, 3]


@pytest.mark.parametrize(
    ("row", "k", "message"), [(5, 2, "one of 5: got 5"), (0, 5, "below the 5"), (0, 0, "k must be")]
)
def test_it_refuses_in_one_line(row: int, k: int, message: str) -> None:
    with pytest.raises(UserError, match=message):
        neighbours_of(row, LINE, k)

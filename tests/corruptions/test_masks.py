"""Masking and the occluding square: how much is put out, and where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from ae_models.base import UserError

N = 400
IDS = np.arange(N, dtype=np.int32)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_masking_puts_out_a_share_of_the_pixels(make: Any, share: float) -> None:
    images = np.random.default_rng(0).uniform(0.1, 1, (N, 1, 16, 16)).astype(np.float32)
    inputs = make("masking", share=share).inputs(images, IDS, 0)
    out = inputs == 0
    assert np.array_equal(inputs[~out], images[~out])
    assert abs(out.mean() - share) < 4 * np.sqrt(share * (1 - share) / out.size)
    places = out.mean(axis=0)  # no place is favoured
    assert np.abs(places - share).max() < 5 * np.sqrt(share * (1 - share) / N)


def test_masking_puts_out_all_channels_alike(make: Any) -> None:
    inputs = make("masking", share=0.5).inputs(np.ones((N, 3, 9, 12), np.float32), IDS, 0)
    assert (np.ptp(inputs, axis=1) == 0).all()
    assert set(np.unique(inputs)) == {0.0, 1.0}


def test_masking_none_or_all(make: Any) -> None:
    images = np.full((N, 1, 8, 8), 0.5, np.float32)
    assert np.array_equal(make("masking", share=0).inputs(images, IDS, 0), images)
    assert not make("masking", share=1).inputs(images, IDS, 0).any()


@pytest.mark.parametrize(("shape", "size"), [((1, 28, 28), 10), ((3, 9, 13), 4), ((1, 8, 8), 1), ((1, 8, 8), 8)])
def test_one_whole_square_is_put_out(make: Any, shape: tuple[int, int, int], size: int) -> None:
    inputs = make("occlusion", size=size).inputs(np.ones((N, *shape), np.float32), IDS, 0)
    assert set(np.unique(inputs)) <= {0.0, 1.0}
    for image in inputs:
        for channel in image:
            rows, columns = np.nonzero(channel == 0)
            assert len(rows) == size * size  # wholly inside: nothing is cut off
            assert np.ptp(rows) == np.ptp(columns) == size - 1  # and in one block
        assert (np.ptp(image, axis=0) == 0).all()


def test_what_is_not_hidden_stays(make: Any) -> None:
    images = np.random.default_rng(0).uniform(0.1, 1, (N, 1, 12, 12)).astype(np.float32)
    inputs = make("occlusion", size=5).inputs(images, IDS, 0)
    assert np.array_equal(inputs[inputs > 0], images[inputs > 0])


def test_every_place_occurs_and_none_is_favoured(make: Any) -> None:
    ids, size = np.arange(6_000, dtype=np.int32), 4
    inputs = make("occlusion", size=size).inputs(np.ones((6_000, 1, 9, 11), np.float32), ids, 0)
    hidden = inputs[:, 0] == 0
    top, left = hidden.any(axis=2).argmax(axis=1), hidden.any(axis=1).argmax(axis=1)
    counts = np.zeros((9 - size + 1, 11 - size + 1))
    np.add.at(counts, (top, left), 1)
    assert counts.min() > 0
    assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_a_square_that_does_not_fit_is_refused(make: Any) -> None:
    assert make("occlusion", size=9).input_shape((1, 9, 13)) == (1, 9, 13)
    with pytest.raises(UserError, match="size must be at most 9, the side of the image: got 10"):
        make("occlusion", size=10).input_shape((1, 9, 13))

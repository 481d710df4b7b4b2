"""t-SNE: neighbours kept, held-out images placed among their like, progress that can stop it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import UserError
from ae_models.projections.tsne import TSNE, TSNEConfig

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any, Any, Any]:
    splits = datasets.load("digits")
    train, held = splits.train.take(np.arange(0, 1437, 2)), splits.heldout.take(np.arange(0, 360, 2))
    return (*(rows.images().reshape(len(rows), -1) for rows in (train, held)), train.labels, held.labels)


@pytest.fixture(scope="module")
def fitted(digits: Any) -> tuple[TSNE, list[float], list[float]]:
    told: tuple[list[float], list[float]] = ([], [])
    tsne = TSNE(TSNEConfig()).fit(digits[0], lambda share, _line: told[0].append(share))
    return tsne, *told


def test_held_out_images_lie_among_their_like(digits: Any, fitted: Any) -> None:
    tsne, told, _ = fitted
    placing: list[float] = []
    points = tsne.transform(digits[1], lambda share, _line: placing.append(share))
    assert points.shape == (180, 2)
    assert points.dtype == np.float32
    assert np.array_equal(points, np.asarray(tsne._fitted.transform(digits[1]), np.float32))  # openTSNE's own
    train = np.asarray(tsne._fitted)
    nearest = ((points[:, None] - train[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert (digits[2][nearest] == digits[3]).mean() > 0.9
    for shares in (told, placing):
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1.0)
        assert len(shares) > 10


def test_the_same_seed_gives_the_same_map(digits: Any) -> None:
    rows = digits[0][:120]
    one, again = (TSNE(TSNEConfig(perplexity=10, seed=3)).fit(rows) for _ in range(2))
    assert np.array_equal(np.asarray(one._fitted), np.asarray(again._fitted))
    assert np.array_equal(one.transform(digits[1][:20]), again.transform(digits[1][:20]))
    assert one.version().startswith("openTSNE 1.")


def test_three_dimensions(digits: Any) -> None:
    tsne = TSNE(TSNEConfig(n_components=3, perplexity=10)).fit(digits[0][:90])
    assert tsne.transform(digits[1][:5]).shape == (5, 3)


def test_what_progress_raises_stops_it(digits: Any) -> None:
    def stop(share: float, line: str) -> None:
        raise InterruptedError(line)

    with pytest.raises(InterruptedError, match="step 10 of 750"):
        TSNE(TSNEConfig(perplexity=10)).fit(digits[0][:90], stop)


def test_a_perplexity_that_the_images_cannot_have() -> None:
    with pytest.raises(UserError, match=r"at most 29 \(a third of 90 images\): got 30"):
        TSNE(TSNEConfig()).check(90, 64)
    TSNE(TSNEConfig()).check(91, 64)

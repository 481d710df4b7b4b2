"""PCA of any size is the first components of a larger one; its errors follow from its codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.analysis.nested_pca import kept_pca, read_straight, squared_errors_by_size, straight_map
from ae_models.base import UserError
from ae_models.base.squared_errors import squared_errors
from ae_models.recipes import find_run, fit_pca
from ae_models.runs import Graphs


@pytest.fixture(scope="module")
def mnist() -> Any:
    """The digest of MNIST's training rows, and 2,000 of the held-out images."""
    images = datasets.heldout("mnist", "full")
    return find_run("mnist-pca-2d")[1].dataset.fitted_on.digest, images.take(np.arange(2000))


@pytest.mark.parametrize("k", [2, 3, 30])
def test_the_first_k_components_are_the_pca_of_k(mnist: Any, k: int) -> None:
    """Two roads: cut from the 64, and fitted with k."""
    digest, images = mnist
    cut = read_straight(*kept_pca("mnist", digest)[-1]).cut(k)
    own = Graphs(*find_run(f"mnist-pca-{k}d"))
    x = images.images()
    assert np.abs(cut.decode(cut.encode(x)) - own.reconstruct(x)).max() < 2e-4
    errors = squared_errors(x, cut.decode(cut.encode(x))).mean(), squared_errors(x, own.reconstruct(x)).mean()
    assert errors[0] == pytest.approx(errors[1], rel=1e-6)
    assert cut.shares == pytest.approx(read_straight(*find_run(f"mnist-pca-{k}d")).shares, abs=2e-6)


def test_the_smallest_that_is_large_enough_is_read(mnist: Any) -> None:
    digest = mnist[0]
    for k, of in ((2, 2), (4, 30), (31, 64)):
        straight = straight_map("mnist", digest, k)
        assert straight is not None
        assert (straight.size, straight.record.latent_dim) == (k, of)
    assert straight_map("mnist", digest, 65) is None
    assert straight_map("mnist", "0" * 64, 2) is None
    assert straight_map("fashion-mnist", digest, 2) is None


def test_its_components_are_orthonormal_and_its_mean_is_the_mean() -> None:
    splits = datasets.load("digits")
    straight = straight_map("digits", splits.train.digest, 3)
    assert straight is not None
    assert np.allclose(straight.components @ straight.components.T, np.eye(3), atol=1e-5)
    assert np.allclose(straight.mean, splits.train.images().reshape(-1, 64).mean(axis=0), atol=1e-6)


def test_errors_of_every_size_at_once(mnist: Any) -> None:
    digest, images = mnist
    straight = read_straight(*kept_pca("mnist", digest)[-1])
    x = images.images()
    found = squared_errors_by_size(straight.encode(x), images, straight)
    assert found.shape == (2000, 65)
    mean = np.broadcast_to(straight.mean.reshape(1, 28, 28), x.shape)
    assert found[:, 0] == pytest.approx(squared_errors(x, mean), rel=1e-5)
    for k in (1, 2, 30, 64):
        cut = straight.cut(k)
        assert np.abs(found[:, k] - squared_errors(x, cut.decode(cut.encode(x)))).max() < 1e-3
    assert (np.diff(found, axis=1) <= 1e-4).all()  # a component more never draws worse


def test_a_larger_one_fitted_here_is_found(home: Any) -> None:
    splits = datasets.load("digits")
    assert kept_pca("digits", splits.train.digest)[-1][1].latent_dim == 3
    fit_pca(splits, 40)
    straight = straight_map("digits", splits.train.digest, 17)
    assert straight is not None
    assert straight.record.latent_dim == 40
    with pytest.raises(UserError, match="keeps 17 components: got 18"):
        straight.cut(18)

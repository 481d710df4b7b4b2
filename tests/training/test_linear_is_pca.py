"""A linear autoencoder with squared error and no penalty comes to span the subspace of PCA (Baldi & Hornik 1989)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles

from ae_models import datasets
from ae_models.base import Splits, squared_errors
from ae_models.base.config import PCAConfig
from ae_models.projections.pca import PCA

pytestmark = pytest.mark.slow

K = 2


@pytest.fixture(scope="module")
def mnist() -> Splits:
    whole = datasets.load("mnist", "bundled")
    return Splits(whole.train, whole.heldout.take(np.arange(100)), "bundled")


@pytest.fixture(scope="module")
def pca(mnist: Splits) -> PCA:
    return PCA(PCAConfig(n_components=K)).fit(mnist.train.images().reshape(len(mnist.train), -1))


@pytest.fixture(scope="module")
def network(mnist: Splits, trained: Any) -> Any:
    """2,900 steps, no decay; with 500 the mean image still takes up one of the two columns."""
    settings = {"batch_size": 250, "epochs": 90, "learning_rate": 3e-2, "weight_decay": 0.0}
    return trained(mnist, "linear", latent_dim=K, **settings).model


def _angle(one: np.ndarray, other: np.ndarray) -> float:
    """The largest principal angle between the spans of two sets of columns, in degrees."""
    return float(np.degrees(subspace_angles(one, other).max()))


def test_its_weights_span_the_subspace_of_pca(network: Any, pca: PCA) -> None:
    columns = network.decoder.weight.detach().numpy()  # (784, K)
    assert _angle(columns, pca.components.T) < 0.5


def test_a_random_subspace_does_not(pca: PCA) -> None:
    for seed in range(5):
        drawn = np.random.default_rng(seed).normal(size=(784, K))
        assert _angle(drawn, pca.components.T) > 60


def test_its_axes_need_not_be_those_of_pca_but_its_error_is(network: Any, pca: PCA, mnist: Splits) -> None:
    images = mnist.train.images()
    flat = images.reshape(len(images), -1)
    best = squared_errors.sse(images, pca.inverse_transform(pca.transform(flat)).reshape(images.shape))
    with torch.no_grad():
        found = squared_errors.sse(images, network(torch.from_numpy(images)).numpy())
    assert found >= best - 1e-3  # Eckart & Young 1936: no linear map is better on the data PCA was fitted to
    assert found == pytest.approx(best, rel=1e-3)

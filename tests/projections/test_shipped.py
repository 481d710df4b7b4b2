"""The maps that ship: all there, fitted on training images, and maps of the images they claim to show."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from ae_models import datasets
from ae_models.base import Embedding
from ae_models.projections import store
from ae_models.runs import shipped_runs

SETS = {"mnist": (60_000, 10_000), "fashion-mnist": (60_000, 10_000), "digits": (1_437, 360)}


SETTINGS = {
    "umap": ({"seed", "n_neighbors", "min_dist"}, "umap-learn "),
    "tsne": ({"seed", "perplexity"}, "openTSNE "),
}
MAPS = [("umap", 2), ("umap", 3), ("tsne", 2)]


def shipped(dataset: str, dim: int, method: str = "umap") -> Embedding:
    return store.load(store.shipped_embeddings(), f"{dataset}-{method}-{dim}d")


@pytest.mark.parametrize(("method", "dim"), MAPS)
@pytest.mark.parametrize("dataset", SETS)
def test_each_set_has_its_map_and_the_map_says_where_it_comes_from(dataset: str, method: str, dim: int) -> None:
    embedding = shipped(dataset, dim, method)
    n_fitted, n_shown = SETS[dataset]
    variant = "bundled" if dataset == "digits" else "full"
    rows = datasets.heldout(dataset, variant)
    assert embedding.points.shape == (n_shown, dim)
    assert embedding.points.dtype == np.float32
    assert np.isfinite(embedding.points).all()
    assert embedding.points.std(0).min() > 0.5
    assert np.array_equal(embedding.ids, rows.ids)
    assert (embedding.method, embedding.dataset) == (method, dataset)
    assert embedding.config["n_components"] == dim
    settings, library = SETTINGS[method]
    assert settings <= set(embedding.config)
    assert embedding.version.startswith(library)
    assert embedding.fitted_on["n"] == n_fitted
    assert embedding.fitted_on["split"] == "train"
    assert embedding.scored_on == {"variant": variant, "split": "heldout", "n": n_shown, "digest": rows.digest}
    fitted = shipped_runs().read(f"{dataset}-pca-2d").dataset.fitted_on.digest
    assert embedding.fitted_on["digest"] == fitted, "fitted on the rows that PCA and the autoencoder were fitted on"


@pytest.mark.parametrize("dataset", SETS)
def test_find_gives_it_for_the_whole_set_and_for_the_bundled_fifth(dataset: str, bundled_only: object) -> None:
    for variant in ("bundled",) if dataset == "digits" else ("full", "bundled"):
        rows = datasets.heldout(dataset, variant)
        found = store.find("umap", dataset, 2, rows.ids)
        assert found is not None
        assert np.array_equal(found.ids, rows.ids)
        whole = shipped(dataset, 2)
        assert np.array_equal(found.points, whole.points[np.searchsorted(whole.ids, rows.ids)])


@pytest.mark.parametrize(("method", "dim"), MAPS)
@pytest.mark.parametrize("dataset", SETS)
def test_neighbours_stay_together_and_shuffled_they_do_not(dataset: str, method: str, dim: int) -> None:
    n = 1_000 if dataset != "digits" else 360
    points = shipped(dataset, dim, method).points[:n]
    rows = datasets.heldout(dataset, "bundled" if dataset == "digits" else "full").images(slice(n))
    flat = rows.reshape(n, -1)
    assert trustworthiness(flat, points, n_neighbors=5) > 0.9
    shuffled = np.random.default_rng(0).permutation(points)
    assert trustworthiness(flat, shuffled, n_neighbors=5) == pytest.approx(0.5, abs=0.03)

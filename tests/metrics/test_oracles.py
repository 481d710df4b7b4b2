"""What is written here against what well-kept libraries compute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.metrics import Material, measure
from ae_models.metrics.halves import halves
from ae_models.metrics.principal_angles import principal_angles
from ae_models.metrics.silhouette import silhouettes
from ae_models.runs import Graphs
from tests.metrics.made import material_of


@pytest.fixture(scope="module")
def digits() -> Material:
    """The shipped autoencoder of the small digits on its 360 held-out images, scored against images in reverse."""
    store, record = recipes.find_run("digits-dense-2d")
    rows, graphs = recipes.heldout_of(record), Graphs(store, record)
    codes = recipes.codes_of(store, record, rows)
    strangers = rows.images()[:, :, ::-1]
    errors = ((strangers - graphs.reconstruct(np.ascontiguousarray(strangers))) ** 2).sum(axis=(1, 2, 3))
    return material_of(rows, codes, graphs.decode(codes), other_errors=errors.astype(np.float32))


def flat(material: Material) -> Any:
    return material.images.images().reshape(len(material.images), -1).astype(np.float64)


def drawn(material: Material) -> Any:
    assert material.reconstructions is not None
    return material.reconstructions.reshape(len(material.images), -1).astype(np.float64)


def sum_of_squares(material: Material) -> float:
    from sklearn.metrics import mean_squared_error

    return 64 * float(mean_squared_error(flat(material), drawn(material)))


def ratio(material: Material) -> float:
    from skimage.metrics import peak_signal_noise_ratio

    return float(peak_signal_noise_ratio(flat(material), drawn(material), data_range=1.0))


def variance_share(material: Material) -> float:
    from sklearn.metrics import r2_score

    return float(r2_score(flat(material), drawn(material), multioutput="variance_weighted"))


def rank_correlation(material: Material) -> float:
    from scipy.spatial.distance import pdist
    from scipy.stats import spearmanr

    pixels = material.images.pixels.reshape(len(material.images), -1).astype(np.float64)
    return float(spearmanr(pdist(pixels), pdist(material.points.astype(np.float64))).statistic)


def fitted_stress(material: Material) -> float:
    from scipy.optimize import minimize_scalar
    from scipy.spatial.distance import pdist

    real, seen = pdist(flat(material)), pdist(material.points.astype(np.float64))
    found = minimize_scalar(lambda scale: float(((real - scale * seen) ** 2).sum()))
    return float((found.fun / (real**2).sum()) ** 0.5)


def area(material: Material) -> float:
    from sklearn.metrics import roc_auc_score

    here = ((flat(material) - drawn(material)) ** 2).sum(axis=1)
    others = material.other_errors
    assert others is not None
    return float(roc_auc_score([0] * len(here) + [1] * len(others), [*here, *others]))


def regression(material: Material) -> float:
    from sklearn.linear_model import LinearRegression
    from sklearn.metrics import r2_score

    told = LinearRegression().fit(material.points, flat(material)).predict(material.points)
    return float(r2_score(flat(material), told, multioutput="variance_weighted"))


def islands(material: Material) -> float:
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(material.points, material.labels))


ORACLES = {
    "sse": sum_of_squares,
    "psnr": ratio,
    "r_squared": variance_share,
    "spearman": rank_correlation,
    "stress": fitted_stress,
    "anomaly_auc": area,
    "explained_variance": regression,
    "silhouette": islands,
}


@pytest.mark.parametrize("name", ORACLES)
def test_a_library_gives_the_same(name: str, digits: Material) -> None:
    assert measure(name, digits).value == pytest.approx(ORACLES[name](digits), abs=2e-5)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("dims", "width", "away"), [(2, 1.0, 0.0), (2, 1e-3, 1_000.0), (30, 1.0, 5.0)])
def test_silhouettes_in_blocks_are_those_of_scikit_learn_point_by_point(
    dims: int, width: float, away: float, threads: int
) -> None:
    from sklearn.metrics import silhouette_samples

    generator = np.random.default_rng(4)
    labels = generator.choice([2, 3, 7, 11], 1_500)  # more rows than a block, names that are no places
    labels[10] = 99  # alone in its class
    centres = generator.normal(away, 3, (100, dims))
    points = (centres[labels] + generator.normal(0, width, (1_500, dims))).astype(np.float32)
    points[20:40] = points[20]
    found = silhouettes(points, labels, threads)
    assert found[10] == 0
    assert found == pytest.approx(silhouette_samples(points.astype(np.float64), labels), abs=1e-5)


def test_silhouettes_of_points_that_coincide_are_no_division_by_nothing() -> None:
    assert silhouettes(np.repeat([[0.0], [1.0]], 3, axis=0), np.repeat([0, 1], 3)) == pytest.approx(np.ones(6))
    assert silhouettes(np.ones((6, 2), np.float32), np.repeat([0, 1], 3)) == pytest.approx(np.zeros(6), abs=1e-12)
    with pytest.raises(ValueError, match="at least 2 classes"):
        silhouettes(np.ones((6, 2), np.float32), np.ones(6, np.int32))


@pytest.mark.parametrize("k", [1, 5])
def test_neighbours_vote_as_by_plain_sorting(k: int, digits: Material) -> None:
    labels, codes = digits.labels, digits.points.astype(np.float64)
    assert labels is not None
    fit, score = halves(labels, digits.seed)
    right = []
    for i in score:
        nearest = fit[np.argsort(((codes[fit] - codes[i]) ** 2).sum(axis=1), kind="stable")[:k]]
        right.append(np.bincount(labels[nearest]).argmax() == labels[i])
    assert measure(f"knn_{k}", digits).value == pytest.approx(np.mean(right), abs=1e-12)


def test_halves_keep_the_classes_and_share_no_row() -> None:
    labels = datasets.heldout("digits").labels
    assert labels is not None
    fit, score = halves(labels, 3)
    assert sorted([*fit, *score]) == list(range(360))
    assert np.abs(np.bincount(labels[fit]) - np.bincount(labels[score])).max() <= 1
    assert not np.array_equal(fit, halves(labels, 4)[0])


def test_pca_explains_what_it_says_on_the_images_it_was_fitted_on_and_nothing_beats_it() -> None:
    from sklearn.decomposition import PCA

    rows = datasets.heldout("digits")
    pixels = rows.images().reshape(len(rows), -1)
    fitted = PCA(3).fit(pixels)
    found = measure("explained_variance", material_of(rows, fitted.transform(pixels))).value
    assert found == pytest.approx(fitted.explained_variance_ratio_.sum(), abs=1e-5)
    other = measure("explained_variance", material_of(rows, pixels[:, 20:23])).value
    assert other is not None
    assert found is not None
    assert other < found


def test_small_angles_are_small_and_right_ones_are_right() -> None:
    base = np.eye(6)[:2]
    tilted = base + 1e-9 * np.eye(6)[2:4]
    assert principal_angles(base, tilted) == pytest.approx([np.degrees(1e-9)] * 2, rel=1e-3)
    assert principal_angles(base, np.eye(6)[4:]) == pytest.approx([90, 90])


def test_zadu_gives_the_same_where_it_is_installed(digits: Material) -> None:
    zadu = pytest.importorskip("zadu")
    images, points = flat(digits).astype(np.float32), digits.points
    # Its trustworthiness breaks the digits' many ties in its own way.
    found = zadu.ZADU([{"id": "tnc", "params": {"k": 5}}], images).measure(points)[0]
    assert measure("trustworthiness", digits).value == pytest.approx(found["trustworthiness"], abs=2e-3)
    assert measure("continuity", digits).value == pytest.approx(found["continuity"], abs=2e-3)

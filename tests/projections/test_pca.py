"""PCA: against NumPy's SVD, against the published figures, and as the projection it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import ImageDataset, UserError, squared_errors
from ae_models.base.config import PCAConfig
from ae_models.projections.pca import PCA


def flat(rows: ImageDataset) -> np.ndarray:
    return rows.images().reshape(len(rows), -1)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return flat(datasets.load("digits").train)


@pytest.fixture(scope="module")
def mnist() -> np.ndarray:
    return flat(datasets.load("mnist", "bundled").train)[:2000]


def _sse(rows: np.ndarray, drawn: np.ndarray) -> float:
    return squared_errors.sse(rows[:, None, None], drawn[:, None, None])


@pytest.mark.parametrize("which", ["digits", "mnist"])
@pytest.mark.parametrize("k", [1, 2, 30])
def test_it_is_the_singular_value_decomposition(request: Any, which: str, k: int) -> None:
    rows = request.getfixturevalue(which)
    pca = PCA(PCAConfig(n_components=k)).fit(rows)
    centred = rows.astype(float) - rows.mean(0, dtype=float)
    _, singular, right = np.linalg.svd(centred, full_matrices=False)
    assert pca.mean == pytest.approx(rows.mean(0, dtype=float), abs=1e-6)
    cosines = np.abs((pca.components * right[:k]).sum(1))  # a component is free in its sign
    assert cosines == pytest.approx(np.ones(k), abs=1e-4)
    assert pca.explained == pytest.approx((singular**2 / (singular**2).sum())[:k], rel=1e-3)
    lost = (singular[k:] ** 2).sum() / len(rows)
    assert _sse(rows, pca.inverse_transform(pca.transform(rows))) == pytest.approx(lost, rel=1e-4)


def test_components_are_orthonormal_and_ordered(mnist: np.ndarray) -> None:
    pca = PCA(PCAConfig(n_components=20)).fit(mnist)
    assert pca.components @ pca.components.T == pytest.approx(np.eye(20), abs=1e-5)
    assert (np.diff(pca.explained) <= 0).all()
    spread = pca.transform(mnist).std(0)
    assert (np.diff(spread) < 0).all()


@pytest.mark.slow
def test_drawing_a_drawn_image_again_changes_nothing(mnist: np.ndarray) -> None:
    pca = PCA(PCAConfig(n_components=5)).fit(mnist)
    points = pca.transform(mnist)
    assert points.shape == (2000, 5)
    assert points.dtype == np.float32
    once = pca.inverse_transform(points)
    assert np.abs(pca.transform(once) - points).max() < 1e-4
    assert np.abs(pca.inverse_transform(pca.transform(once)) - once).max() < 1e-4
    assert pca.transform(pca.mean[None]) == pytest.approx(np.zeros((1, 5)), abs=1e-6)


def test_no_other_straight_map_loses_less_and_more_components_lose_less(digits: np.ndarray) -> None:
    lost = []
    for k in (1, 4, 16, 61):
        pca = PCA(PCAConfig(n_components=k)).fit(digits)
        lost.append(_sse(digits, pca.inverse_transform(pca.transform(digits))))
        basis = np.linalg.qr(np.random.default_rng(k).normal(size=(64, k)))[0]
        centred = digits - pca.mean
        assert _sse(centred, centred @ basis @ basis.T) > lost[-1]
    assert lost == sorted(lost, reverse=True)


def test_all_components_lose_nothing(digits: np.ndarray) -> None:
    pca = PCA(PCAConfig(n_components=64)).fit(digits)
    assert _sse(digits, pca.inverse_transform(pca.transform(digits))) == pytest.approx(0, abs=1e-6)
    assert pca.explained.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("n_rows", "k"), [(1437, 65), (5, 6), (2, 3)])
def test_more_components_than_rows_or_pixels_are_a_mistake(digits: np.ndarray, n_rows: int, k: int) -> None:
    with pytest.raises(UserError, match=rf"n_components must be at most {min(n_rows, 64)} .*: got {k}"):
        PCA(PCAConfig(n_components=k)).fit(digits[:n_rows])


@pytest.mark.slow
@pytest.mark.parametrize(("k", "published"), [(2, 43.645), (30, 13.866)])
def test_the_published_figures_on_the_full_files(full_data: Path, home: Path, k: int, published: float) -> None:
    """Hinton & Salakhutdinov 2006, Fig. 2B: 13.87 at 30; Sainburg et al. 2021: MSE 0.0557 at 2."""
    splits = datasets.load("mnist", "full")
    pca = PCA(PCAConfig(n_components=k)).fit(flat(splits.train))
    rows = flat(splits.heldout)
    assert _sse(rows, pca.inverse_transform(pca.transform(rows))) == pytest.approx(published, abs=5e-4)


def test_images_that_are_all_alike_explain_nothing_and_are_drawn() -> None:
    rows = np.full((20, 9), 0.4, np.float32)
    pca = PCA(PCAConfig(n_components=2)).fit(rows)
    assert list(pca.explained) == [0, 0]
    assert pca.inverse_transform(pca.transform(rows)) == pytest.approx(rows)


def test_fewer_rows_than_pixels_give_the_same_axes(digits: np.ndarray) -> None:
    """The road through singular vectors and the one through the covariance end at one place."""
    wide = np.hstack([digits[:100], digits[100:200]])  # (100, 128)
    found = PCA(PCAConfig.of(n_components=3)).fit(wide)
    centred = wide.astype(np.float64) - wide.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred)
    cosines = np.abs(np.sum(found.components * axes[:, ::-1][:, :3].T, axis=1))
    assert cosines == pytest.approx(np.ones(3), abs=1e-5)
    assert found.explained == pytest.approx(values[::-1][:3] / values.sum(), rel=1e-5)


def test_of_wide_images_the_directions_are_found_alone_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn import decomposition

    asked: list[str] = []
    made = decomposition.PCA

    def told(*, svd_solver: str, **more: Any) -> Any:
        asked.append(svd_solver)
        return made(svd_solver=svd_solver, **more)

    monkeypatch.setattr(decomposition, "PCA", told)
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(80, 20)) @ generator.normal(size=(20, 3000)) + generator.normal(size=(80, 3000))
    found = PCA(PCAConfig(n_components=3)).fit(rows.astype(np.float32))
    assert asked == ["arpack"]
    centred = rows.astype(np.float32).astype(float)
    centred -= centred.mean(0)
    _, singular, right = np.linalg.svd(centred, full_matrices=False)
    assert np.abs((found.components * right[:3]).sum(1)) == pytest.approx(np.ones(3), abs=1e-6)
    assert found.explained == pytest.approx((singular**2 / (singular**2).sum())[:3], rel=1e-6)
    alike = PCA(PCAConfig(n_components=2)).fit(np.full((20, 2600), 0.4, np.float32))
    assert alike.explained.tolist() == [0, 0]


def test_the_first_components_are_those_of_a_smaller_fit(digits: np.ndarray) -> None:
    whole, two = (PCA(PCAConfig(n_components=k)).fit(digits) for k in (5, 2))
    first = whole.first(2)
    for name in ("mean", "components", "explained", "points"):
        assert getattr(first, name) == pytest.approx(getattr(two, name), abs=1e-5)
    assert first.config.n_components == 2

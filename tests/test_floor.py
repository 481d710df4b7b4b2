"""The floor: the best linear map of a size, by two roads each, and no linear network below it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import Splits
from ae_models.recipes.baseline import pca_baseline, pca_baselines
from ae_models.runs import ModelRecord
from ae_models.runs.scoring import seen_and_wanted

pytestmark = pytest.mark.slow

CLEAN = ModelRecord(name="none")
MASKED = ModelRecord(name="masking", config={"share": 0.5})
COARSE = ModelRecord(name="downsample", config={"factor": 2})


@pytest.fixture(scope="module")
def digits() -> Splits:
    """300 images to fit, 200 to score."""
    whole = datasets.load("digits")
    return Splits(whole.train.take(np.arange(300)), whole.heldout.take(np.arange(200)), whole.variant)


@pytest.fixture(scope="module")
def on_itself(digits: Splits) -> Splits:
    """Fitted and scored on the same images: here the floor is the least there is."""
    return Splits(digits.train, digits.train, digits.variant)


def rows(corruption: ModelRecord, images: Any) -> tuple[Any, Any]:
    seen, wanted = seen_and_wanted(corruption, images, slice(None))
    return tuple(part.reshape(len(part), -1).astype(float) for part in (seen, wanted))  # type: ignore[return-value]


def sse(difference: Any) -> float:
    return float(np.square(difference).sum() / len(difference))


def test_on_clean_images_it_is_what_the_eigenvalues_leave(on_itself: Splits) -> None:
    _, images = rows(CLEAN, on_itself.train)
    values = np.linalg.eigvalsh(np.cov(images.T, bias=True))[::-1]
    left = values.sum() - np.cumsum(values)
    assert pca_baselines(on_itself, CLEAN) == pytest.approx(np.maximum(left, 0), abs=1e-9)


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_on_held_out_images_it_is_the_projection(digits: Splits, k: int) -> None:
    train, heldout = (rows(CLEAN, part)[1] for part in (digits.train, digits.heldout))
    mean = train.mean(axis=0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2][:k]
    centred = heldout - mean
    assert pca_baselines(digits, CLEAN)[k - 1] == pytest.approx(sse(centred - centred @ axes.T @ axes), rel=1e-9)


def alternating(seen: Any, wanted: Any, k: int, rounds: int = 400) -> float:
    """The least error of ``seen @ down @ up + offset`` by brute force: each factor in turn, from chance."""
    x, y = seen - seen.mean(axis=0), wanted - wanted.mean(axis=0)
    down = np.random.default_rng(0).normal(size=(x.shape[1], k))
    for _ in range(rounds):
        up = np.linalg.lstsq(x @ down, y, rcond=None)[0]
        down = np.linalg.lstsq(x, y @ np.linalg.pinv(up), rcond=None)[0]
    return sse(y - x @ down @ up)


@pytest.mark.parametrize("corruption", [MASKED, COARSE], ids=lambda choice: choice.name)
@pytest.mark.parametrize("k", [1, 3])
def test_on_spoilt_images_it_is_what_brute_force_finds(on_itself: Splits, corruption: ModelRecord, k: int) -> None:
    floors = pca_baselines(on_itself, corruption)
    assert floors[k - 1] == pytest.approx(alternating(*rows(corruption, on_itself.train), k), rel=1e-6)


@pytest.mark.parametrize("k", [2, 9])
def test_on_held_out_spoilt_images_it_is_the_fitted_map(digits: Splits, k: int) -> None:
    (x, y), (x_new, y_new) = rows(MASKED, digits.train), rows(MASKED, digits.heldout)
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    answer = np.linalg.lstsq(x - mean_x, y - mean_y, rcond=1e-9)[0]
    axes = np.linalg.svd((x - mean_x) @ answer, full_matrices=False)[2][:k]
    found = y_new - mean_y - (x_new - mean_x) @ answer @ axes.T @ axes
    assert pca_baselines(digits, MASKED)[k - 1] == pytest.approx(sse(found), rel=1e-6)


@pytest.mark.parametrize("corruption", [CLEAN, MASKED, COARSE], ids=lambda choice: choice.name)
def test_a_longer_code_never_lowers_the_fit(on_itself: Splits, corruption: ModelRecord) -> None:
    floors = pca_baselines(on_itself, corruption)
    seen, wanted = rows(corruption, on_itself.train)
    assert len(floors) == min(seen.shape[1], wanted.shape[1])
    assert (np.diff(floors) <= 1e-9).all()
    assert (floors[-1] < 1e-6) == (corruption is CLEAN)  # what was masked cannot be known


@pytest.mark.parametrize("corruption", [CLEAN, MASKED], ids=lambda choice: choice.name)
def test_no_linear_network_is_below_it(on_itself: Splits, design_of: Any, corruption: ModelRecord) -> None:
    """On the images of the fit; 150 epochs bring the network near, so that the comparison is one."""
    from ae_models.base.config import TrainConfig
    from ae_models.training.fit import fit

    design = design_of("linear", corruption=corruption.name, dataset="digits", latent_dim=3, **corruption.config)
    training = TrainConfig(epochs=150, batch_size=50, learning_rate=0.01, weight_decay=0.0, threads=1, snapshots=False)
    trained = fit(design, training, on_itself.train, on_itself.train).history[-1]["heldout_sse"]
    floor = pca_baselines(on_itself, corruption)[2]
    assert floor <= trained + 1e-6
    assert trained < 1.05 * floor


def test_it_is_computed_once_and_a_damaged_note_is_computed_again(
    home: Path, digits: Splits, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = float(pca_baselines(digits, MASKED)[4])
    assert pca_baseline(digits, MASKED, 5) == expected
    (note,) = (home / "cache" / "floors").glob("*.json")
    with monkeypatch.context() as patch:
        patch.setattr("ae_models.recipes.baseline.pca_baselines", lambda *_: pytest.fail("computed again"))
        assert pca_baseline(digits, MASKED, 5) == pytest.approx(expected, abs=1e-5)
    for damage in (b"{", b"[]", b"", json.dumps([1.0, "x"]).encode()):
        note.write_bytes(damage)
        assert pca_baseline(digits, MASKED, 5) == pytest.approx(expected, abs=1e-5), damage
    assert pca_baseline(digits, MASKED, 999) == pytest.approx(float(pca_baselines(digits, MASKED)[-1]), abs=1e-5)

"""Snapshots: when they are taken, of which images, and what is stored of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from ae_models.base import ImageDataset
from ae_models.base.config import NoConfig
from ae_models.corruptions import corruption
from ae_models.training.snapshots import MOST_DIMS, N_IMAGES, N_MOMENTS, Flipbook, fixed_rows, moments

pytestmark = pytest.mark.slow


def of_classes(*sizes: int) -> ImageDataset:
    """Black images, so many of each class, in a shuffled order."""
    labels = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    labels = np.random.default_rng(0).permutation(labels)
    n = len(labels)
    return ImageDataset("some", np.zeros((n, 1, 8, 8), np.uint8), labels, np.arange(n, dtype=np.int32) + 7, ("a", "b"))


@pytest.mark.parametrize("n_steps", [1, 2, 3, 59, 60, 61, 1_000, 20 * 235, 1_000_000])
def test_moments_go_from_untrained_to_done_without_a_double(n_steps: int) -> None:
    found = moments(n_steps)
    assert (found[0], found[-1]) == (0, n_steps)
    assert found == sorted(set(found))
    assert len(found) <= N_MOMENTS
    assert len(found) >= min(n_steps + 1, 40 if n_steps >= 1_000 else 2)


def test_moments_are_evenly_spaced_in_their_logarithm() -> None:
    assert N_MOMENTS == 60
    assert len(moments(1_000_000, 60)) > 50
    late = np.array([step for step in moments(1_000_000) if step > 100], float)
    ratios = late[1:] / late[:-1]
    assert ratios == pytest.approx(np.full(len(ratios), 1_000_000 ** (1 / 58)), rel=0.02)
    assert moments(1000, 7) == [0, 1, 4, 16, 63, 251, 1000]
    assert moments(0) == [0]


def test_rows_are_stratified_and_always_the_same() -> None:
    images = of_classes(3_000, 1_500, 500)
    rows = fixed_rows(images)
    assert len(rows) == len(set(rows.tolist())) == N_IMAGES == 2_000
    assert rows.tolist() == sorted(rows.tolist())
    assert images.labels is not None
    counts = np.bincount(images.labels[rows])
    assert np.abs(counts - np.array([1_200, 600, 200])).max() <= 1
    assert np.array_equal(rows, fixed_rows(images))


@pytest.mark.parametrize("n", [2_001, 2_003, 3_999, 4_000])
def test_rows_are_whole_whatever_the_number_of_images(n: int) -> None:
    rows = fixed_rows(of_classes(n))
    assert len(np.unique(rows)) == 2_000
    assert 0 <= rows.min() < rows.max() < n


def test_of_few_images_all_are_taken_and_of_unlabelled_ones_every_so_many() -> None:
    assert fixed_rows(of_classes(100, 50)).tolist() == list(range(150))
    labelled = of_classes(4_001)
    rows = fixed_rows(ImageDataset("some", labelled.pixels, None, labelled.ids, ()))
    assert set(np.diff(rows)) <= {1, 2, 3}
    assert len(rows) == 2_000


@pytest.fixture(scope="module")
def kept(digits: Any, trained: Any) -> Any:
    """``kept(latent_dim)``: a network trained for three epochs with snapshots."""
    made: dict[int, Any] = {}

    def fitted(latent_dim: int) -> Any:
        if latent_dim not in made:
            made[latent_dim] = trained(digits, widths="32", epochs=3, snapshots=True, latent_dim=latent_dim)
        return made[latent_dim]

    return fitted


@pytest.mark.parametrize("latent_dim", [1, 2, 3, 7])
def test_what_is_stored(kept: Any, digits: Any, latent_dim: int) -> None:
    found = kept(latent_dim).snapshots
    n_steps = 3 * 23  # of 64 images
    assert found["steps"].tolist() == moments(n_steps)
    dims = min(latent_dim, MOST_DIMS)
    for name in ("raw", "aligned"):
        assert found[name].shape == (len(found["steps"]), 360, dims)
        assert found[name].dtype == np.float16
        assert np.isfinite(found[name].astype(np.float32)).all()
    assert found["ids"].tolist() == digits.heldout.ids.tolist()
    assert len(found["dims"]) == dims


@pytest.mark.parametrize("latent_dim", [2, 7])
def test_the_last_is_the_code_of_the_network_that_comes_back(kept: Any, digits: Any, latent_dim: int) -> None:
    fitted = kept(latent_dim)
    with torch.no_grad():
        codes = fitted.model.encode(torch.from_numpy(digits.heldout.images())).numpy()
    found = fitted.snapshots
    assert found["raw"][-1].astype(np.float32) == pytest.approx(codes[:, found["dims"]], rel=2**-10, abs=1e-5)
    assert found["dims"].tolist() == sorted(np.argsort(-codes.var(axis=0))[:MOST_DIMS].tolist())
    assert not np.allclose(found["raw"][0], found["raw"][-1], atol=0.1)


@pytest.mark.parametrize("latent_dim", [1, 2, 3, 7])
def test_alignment_brings_every_moment_nearer_to_the_last_which_stays(kept: Any, latent_dim: int) -> None:
    found = kept(latent_dim).snapshots
    raw, aligned = found["raw"].astype(np.float64), found["aligned"].astype(np.float64)
    assert aligned[-1] == pytest.approx(raw[-1], rel=2**-10, abs=1e-4)
    before = ((raw - raw[-1]) ** 2).sum(axis=(1, 2))
    after = ((aligned - raw[-1]) ** 2).sum(axis=(1, 2))
    assert (after <= before + 1e-3).all()
    assert after[0] < before[0] - 0.1


def test_of_a_long_code_the_coordinates_that_vary_most_at_the_end_are_kept_in_their_order(digits: Any) -> None:
    book = Flipbook(digits.heldout, corruption("none", NoConfig()), 10)
    random = np.random.default_rng(0)
    early, late = np.array([9, 1, 9, 9, 1.0]), np.array([3, 0.1, 2, 0.2, 4.0])
    book.steps = [0, 10]
    book.codes = [(random.normal(size=(360, 5)) * scale).astype(np.float32) for scale in (early, late)]
    found = book.arrays()
    assert found["dims"].tolist() == [0, 2, 4]
    assert np.array_equal(found["raw"], np.stack(book.codes)[:, :, [0, 2, 4]].astype(np.float16))


def test_codes_beyond_float16_are_held_at_its_bound(digits: Any) -> None:
    book = Flipbook(digits.heldout, corruption("none", NoConfig()), 10)
    book.steps, book.codes = [0], [np.full((360, 2), 1e6, np.float32)]
    assert np.isfinite(book.arrays()["raw"].astype(np.float32)).all()


def test_a_step_is_taken_once_and_only_if_it_is_a_moment(digits: Any, design_of: Any) -> None:
    from ae_models.autoencoders import build

    network = build(design_of("linear", dataset="digits"), (1, 8, 8), (1, 8, 8))
    book = Flipbook(digits.heldout, corruption("none", NoConfig()), 1_000)
    missing = next(step for step in range(1_000) if step not in moments(1_000))
    for step in (0, 0, 1, missing, 1):
        book.maybe_take(step, network)
    assert book.steps == [0, 1]
    assert network.training


def test_the_images_are_seen_as_in_training(some_mnist: Any, trained: Any) -> None:
    fitted = trained(some_mnist, widths="16", corruption="downsample", snapshots=True, epochs=1)
    assert fitted.model.input_shape == (1, 14, 14)
    assert fitted.snapshots["raw"].shape[1:] == (100, 2)


def test_none_are_kept_when_none_are_wanted(digits: Any, trained: Any) -> None:
    assert trained(digits, widths="16", snapshots=False, epochs=1).snapshots == {}

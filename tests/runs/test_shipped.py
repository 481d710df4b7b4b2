"""What ships: every run is whole, small, and as good as its card says when measured again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from ae_models.base import squared_errors
from ae_models.base.config import NoConfig
from ae_models.base.paths import SHIPPED
from ae_models.corruptions import CORRUPTIONS, corruption
from ae_models.recipes import heldout_of
from ae_models.runs import Graphs, RunRecord, shipped_runs

IDS = shipped_runs().ids()
WITH_CODES = [run_id for run_id in IDS if "codes.npz" in shipped_runs().read(run_id).files]
MEGABYTE = 1_000_000


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _inputs_and_targets(record: RunRecord, n: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The held-out images as the run sees them, and what it should answer."""
    rows = heldout_of(record)
    rows = rows if n is None else rows.take(np.arange(n))
    config = CORRUPTIONS.entry(record.corruption.name).config or NoConfig
    corrupted = corruption(record.corruption.name, config.of(**record.corruption.config))
    targets = rows.images()
    return corrupted.inputs(targets, rows.ids, 0), targets


def test_none_is_damaged_and_the_first_screen_has_its_runs() -> None:
    whole, damaged = shipped_runs().list()
    assert damaged == []
    assert {f"{name}-dense-{dim}d" for name in ("mnist", "fashion", "digits") for dim in (2, 3)} <= set(IDS)
    assert {f"{name}-pca-{dim}d" for name in ("mnist", "fashion-mnist", "digits") for dim in (2, 3)} <= set(IDS)
    assert all(record.origin == "shipped" for record in whole)


@pytest.mark.parametrize("run_id", IDS)
def test_it_is_small_and_has_no_weights_to_train_on(run_id: str) -> None:
    record = shipped_runs().read(run_id)
    assert "weights.safetensors" not in record.files
    limit = 7 if record.latent_dim >= 30 else 4
    assert _size(SHIPPED / "runs" / run_id) < limit * MEGABYTE


def test_all_that_ships_is_under_80_megabytes() -> None:
    own = SHIPPED / "local"
    assert _size(SHIPPED) - (_size(own) if own.is_dir() else 0) < 80 * MEGABYTE


@pytest.mark.parametrize("run_id", IDS)
def test_it_does_not_tell_in_which_folders_it_was_made(run_id: str) -> None:
    for path in (SHIPPED / "runs" / run_id).iterdir():
        content = path.read_bytes()
        assert b'File "' not in content, path.name
        assert b"site-packages" not in content, path.name


def test_only_long_codes_are_left_out() -> None:
    assert {shipped_runs().read(run_id).latent_dim > 3 for run_id in set(IDS) - set(WITH_CODES)} <= {True}


@pytest.mark.parametrize("run_id", WITH_CODES)
def test_stored_codes_are_what_the_encoder_gives(run_id: str) -> None:
    store = shipped_runs()
    record = store.read(run_id)
    with np.load(io.BytesIO(store.file(record, "codes.npz")), allow_pickle=False) as arrays:
        codes, ids = arrays["codes"], arrays["ids"]
    assert codes.shape == (record.test.n, record.latent_dim)
    assert np.array_equal(ids, heldout_of(record).ids)
    inputs, _ = _inputs_and_targets(record, 100)
    assert Graphs(store, record).encode(inputs) == pytest.approx(codes[:100], rel=1e-4, abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("run_id", IDS)
def test_the_figure_on_its_card_is_measured_again(run_id: str) -> None:
    store = shipped_runs()
    record = store.read(run_id)
    inputs, targets = _inputs_and_targets(record)
    found = squared_errors.sse(targets, Graphs(store, record).reconstruct(inputs))
    assert record.test.sse == pytest.approx(found, abs=1e-3)
    assert record.test.mse == pytest.approx(found / float(np.prod(record.output_shape)), abs=1e-6)
    assert record.test.n == len(inputs)


@pytest.mark.parametrize("dataset", ["mnist", "fashion", "digits"])
@pytest.mark.parametrize("dim", [2, 3])
def test_the_autoencoder_beats_pca_of_the_same_size_on_held_out_images(dataset: str, dim: int) -> None:
    store = shipped_runs()
    baseline = {"fashion": "fashion-mnist"}.get(dataset, dataset)
    trained, straight = store.read(f"{dataset}-dense-{dim}d"), store.read(f"{baseline}-pca-{dim}d")
    assert trained.dataset == straight.dataset
    assert trained.test.sse < 0.9 * straight.test.sse


def test_mnist_in_two_numbers_is_as_good_as_published() -> None:
    assert shipped_runs().read("mnist-dense-2d").test.mse <= 0.0390


def test_pca_of_mnist_is_the_published_figure() -> None:
    assert shipped_runs().read("mnist-pca-2d").test.sse == pytest.approx(43.645, abs=5e-4)

"""What a map of codes can show beyond the codes."""

import io

import numpy as np
import pytest

from ae_models import recipes
from ae_models.base import UserError
from ae_models.runs import Graphs, RunStore, shipped_runs


@pytest.fixture(scope="module")
def digits():
    store = shipped_runs()
    record = store.read("digits-dense-2d")
    return store, record, recipes.heldout_of(record)


def test_the_mean_of_the_errors_is_the_test_error(digits):
    store, record, images = digits
    codes = recipes.codes_of(store, record, images)
    errors = recipes.errors_of(Graphs(store, record), record, images, codes)
    assert errors.shape == (len(images),)
    assert errors.mean() == pytest.approx(record.test.sse, rel=1e-4)


def test_without_corruption_seen_and_wanted_are_the_images(digits):
    _, record, images = digits
    expected = np.rint(images.images() * 255).astype(np.uint8)
    assert (recipes.sheet_of(record, images, "seen") == expected).all()
    assert (recipes.sheet_of(record, images, "wanted") == expected).all()


def test_a_plain_encoder_has_no_spread(digits):
    store, record, _ = digits
    assert not Graphs(store, record).has_noise


def with_snapshots(folder, digits, **arrays):
    store, record, _ = digits
    files = {name: store.file(record, name) for name in record.files}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    files["snapshots.npz"] = buffer.getvalue()
    own = RunStore(folder / "runs")
    return own, own.write(record.model_dump(mode="json", exclude={"files"}), files)


def test_snapshots_come_back_with_what_was_known_then(tmp_path, digits):
    points = np.zeros((3, 4, 2), np.float16)
    points[-1] = 1
    kept = {"aligned": points, "steps": np.array([0, 1, 8]), "ids": np.arange(4), "dims": np.arange(2)}
    moments = recipes.snapshots_of(*with_snapshots(tmp_path, digits, **kept))
    assert (moments.points == points).all()
    assert moments.steps == (0, 1, 8)
    assert moments.captions[0] == "before training"
    assert moments.captions[-1].startswith("step 8, epoch ")


def test_no_snapshots_is_none_and_wrong_ones_are_named(tmp_path, digits):
    store = shipped_runs()
    assert recipes.snapshots_of(store, store.read("mnist-pca-2d")) is None
    kept = {"aligned": np.zeros((3, 4, 2), np.float16), "steps": np.array([0]), "ids": np.arange(4)}
    wrong = with_snapshots(tmp_path, digits, **kept, dims=np.arange(2))
    with pytest.raises(UserError, match=r"damaged: (its )?snapshots.npz has"):
        recipes.snapshots_of(*wrong)

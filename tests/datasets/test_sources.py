"""The data sets themselves: the bytes are the published ones, and what is missing is told with a way out."""

from __future__ import annotations

import gzip
from hashlib import md5
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from ae_models import datasets
from ae_models.base import UserError, paths
from ae_models.runs import shipped_runs

# md5 of the unpacked files as published: test images, test labels.
PUBLISHED = {
    "mnist": ("2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"),
    "fashion-mnist": ("8181f5470baa50b63fa0f6fddb340f0a", "15d484375f8d13e6eb1aabb0c3f46965"),
}
PUBLISHED_TRAIN = {
    "mnist": ("6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624"),
    "fashion-mnist": ("f4a8712d7a061bf5bd6d2ca38dc4d50a", "9018921c3c673c538a1fc5bad174d6f9"),
}
NAMES = list(datasets.DATASETS)
BUNDLED = [*PUBLISHED, "digits"]


def unpacked_md5(path: Path) -> str:
    return md5(gzip.decompress(path.read_bytes()), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_bundled_files_hold_the_published_bytes(name: str) -> None:
    folder = paths.SHIPPED / "images" / name
    stems = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
    assert tuple(unpacked_md5(folder / stem) for stem in stems) == PUBLISHED[name]


@pytest.mark.parametrize("name", BUNDLED)
def test_images_are_in_0_to_1_and_labels_are_classes(bundled_only: object, name: str) -> None:
    source = datasets.source(name)
    splits = datasets.load(name)
    for rows in (splits.train, splits.heldout):
        images = rows.images()
        assert rows.shape == source.shape
        assert images.dtype == np.float32
        assert images.min() == 0
        assert images.max() == 1
        assert rows.labels is not None
        assert set(rows.labels.tolist()) == set(range(len(source.class_names)))
        assert rows.name == name
    assert (len(splits.train), len(splits.heldout)) == source.sizes()


@pytest.mark.parametrize("name", BUNDLED)
def test_held_out_rows_alone_are_those_of_the_whole(bundled_only: object, name: str) -> None:
    for variant in ("auto", "bundled"):
        assert datasets.heldout(name, variant).digest == datasets.load(name, variant).heldout.digest


def test_the_first_mnist_test_images_are_seven_two_one_zero() -> None:
    rows = datasets.heldout("mnist", "full")
    assert rows.labels is not None
    assert rows.ids[:4].tolist() == [0, 1, 2, 3]
    assert rows.labels[:4].tolist() == [7, 2, 1, 0]


def test_digits_are_those_of_scikit_learn(bundled_only: object) -> None:
    splits = datasets.load("digits")
    published = load_digits()
    for rows in (splits.train, splits.heldout):
        assert np.array_equal(rows.images()[:, 0] * 16, published.images[rows.ids])
        assert np.array_equal(rows.labels, published.target[rows.ids])


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_without_full_files_auto_is_bundled_and_full_says_what_to_do(bundled_only: object, name: str) -> None:
    assert datasets.source(name).resolve("auto") == "bundled"
    with pytest.raises(UserError, match="AE_MODELS_DATA") as caught:
        datasets.load(name, "full")
    assert f"datasets --download {name}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_set_that_does_not_ship_says_what_to_do(bundled_only: object) -> None:
    assert not datasets.source("kmnist").available()
    for variant in ("auto", "bundled", "full"):
        with pytest.raises(UserError, match="--download kmnist"):
            datasets.load("kmnist", variant)


def test_a_named_folder_without_the_set_is_no_full_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AE_MODELS_DATA", str(home / "nowhere"))
    assert datasets.source("mnist").resolve("auto") == "bundled"
    with pytest.raises(UserError, match="missing train-images-idx3-ubyte"):
        datasets.load("mnist", "full")


def test_digits_have_no_full_variant_and_nothing_to_download(bundled_only: object) -> None:
    with pytest.raises(UserError, match="no full variant"):
        datasets.load("digits", "full")
    with pytest.raises(UserError, match="nothing to download"):
        datasets.source("digits").download()


@pytest.mark.parametrize("name", PUBLISHED_TRAIN)
def test_full_files_are_the_published_ones(full_data: Path, home: Path, name: str) -> None:
    if not (full_data / name).is_dir():
        pytest.skip(f"AE_MODELS_DATA holds no {name}")
    splits = datasets.load(name)
    assert splits.variant == "full"
    assert (len(splits.train), len(splits.heldout)) == (60_000, 10_000)
    train = splits.train
    assert train.labels is not None
    head = [(0x803).to_bytes(4, "big"), *(size.to_bytes(4, "big") for size in (60_000, 28, 28))]
    images = md5(b"".join(head) + train.pixels.tobytes(), usedforsecurity=False).hexdigest()
    head = [(0x801).to_bytes(4, "big"), (60_000).to_bytes(4, "big")]
    labels = md5(b"".join(head) + train.labels.astype(np.uint8).tobytes(), usedforsecurity=False).hexdigest()
    assert (images, labels) == PUBLISHED_TRAIN[name]


@pytest.mark.parametrize("run_id", shipped_runs().ids())
def test_shipped_runs_were_scored_on_the_images_that_ship(run_id: str) -> None:
    record = shipped_runs().read(run_id)
    rows = datasets.heldout(record.dataset.name, record.dataset.variant)
    assert record.dataset.scored_on.digest == rows.digest
    assert record.dataset.scored_on.n == len(rows) == record.test.n
    assert record.class_names == rows.class_names
    assert record.dataset.fitted_on.digest != rows.digest


@pytest.mark.parametrize("name", NAMES)
def test_a_source_says_what_it_is(name: str) -> None:
    source = datasets.source(name)
    assert source.name == name
    assert all((source.title, source.licence, source.noun))
    assert len(source.class_names) > 1

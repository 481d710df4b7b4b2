"""The seeded split of bundled rows: sizes, shares, and the same rows for everybody."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest

from ae_models.datasets import load
from ae_models.datasets.source import split_rows

# Regression values: another split would make every figure on bundled data another figure.
HELD_OUT_IDS = {
    "mnist": "10f6344013d3387d",
    "fashion-mnist": "3161a6d5788b7df1",
    "digits": "356577a308d34a0c",
}
SIZES = {"mnist": (8_000, 2_000), "fashion-mnist": (8_000, 2_000), "digits": (1_437, 360)}


@pytest.mark.parametrize("name", SIZES)
def test_the_bundled_split(bundled_only: object, name: str) -> None:
    splits = load(name, "bundled")
    assert splits.variant == "bundled"
    assert (len(splits.train), len(splits.heldout)) == SIZES[name]
    train, held = splits.train.ids, splits.heldout.ids
    assert not set(train) & set(held)
    assert sorted([*train, *held]) == list(range(sum(SIZES[name])))
    assert sha256(held.astype("<i4").tobytes()).hexdigest()[:16] == HELD_OUT_IDS[name]


@pytest.mark.parametrize("name", SIZES)
def test_every_class_is_held_out_by_its_share(bundled_only: object, name: str) -> None:
    splits = load(name, "bundled")
    assert splits.train.labels is not None
    assert splits.heldout.labels is not None
    held = np.bincount(splits.heldout.labels, minlength=10)
    everything = held + np.bincount(splits.train.labels, minlength=10)
    assert np.abs(held - everything / 5).max() <= 1


@pytest.mark.parametrize("name", SIZES)
def test_it_is_the_same_every_time(bundled_only: object, name: str) -> None:
    once, again = load(name, "bundled"), load(name, "bundled")
    assert once.train.digest == again.train.digest
    assert once.heldout.digest == again.heldout.digest
    assert once.train.digest != once.heldout.digest


def test_another_seed_gives_another_split_of_the_same_sizes() -> None:
    labels = np.repeat(np.arange(10, dtype=np.int32), 100)
    zero, one = split_rows(labels, seed=0), split_rows(labels, seed=1)
    assert [len(rows) for rows in zero] == [len(rows) for rows in one] == [800, 200]
    assert not np.array_equal(zero[1], one[1])


def test_rows_held_out_do_not_follow_the_order_of_the_file() -> None:
    held = split_rows(np.zeros(1000, np.int32))[1]
    assert len(set(np.diff(held))) > 3


def test_very_uneven_classes() -> None:
    labels = np.array([0] * 97 + [1] * 3 + [2], np.int32)
    train, held = split_rows(labels)
    counts = np.bincount(labels[held], minlength=3)
    assert np.abs(counts - np.array([97, 3, 1]) / 5).max() <= 1
    assert len(train) + len(held) == len(labels)

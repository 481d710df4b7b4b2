"""The nouns: images in [0, 1], and a digest that names the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ae_models.base import ImageDataset


@pytest.fixture
def four() -> ImageDataset:
    """Four images of 2 x 3 pixels with all the raw values that matter."""
    pixels = np.arange(24, dtype=np.uint8).reshape(4, 1, 2, 3)
    pixels[3, 0, 1, 2] = 255
    return ImageDataset("four", pixels, np.array([0, 1, 1, 0], "i4"), np.arange(4, dtype="i4"), ("a", "b"))


def test_images_are_float32_between_0_and_1(four: ImageDataset) -> None:
    images = four.images()
    assert images.dtype == np.float32
    assert images.shape == (4, 1, 2, 3)
    assert images[0, 0, 0, 0] == 0
    assert images[3, 0, 1, 2] == 1
    assert images[0, 0, 0, 1] == np.float32(1 / 255)


def test_levels_say_which_raw_value_is_white() -> None:
    pixels = np.full((1, 1, 1, 2), 16, np.uint8)
    pixels[..., 0] = 4
    digits = ImageDataset("d", pixels, None, np.zeros(1, "i4"), (), levels=16)
    assert digits.images().ravel().tolist() == [0.25, 1.0]


def test_images_of_some_rows_are_those_rows(four: ImageDataset) -> None:
    assert np.array_equal(four.images(slice(1, 3)), four.images()[1:3])


def test_shape_and_length(four: ImageDataset) -> None:
    assert four.shape == (1, 2, 3)
    assert len(four) == 4


def test_take_keeps_images_labels_and_ids_together_in_the_order_asked_for(four: ImageDataset) -> None:
    rows = np.array([3, 1])
    taken = four.take(rows)
    assert taken.ids.tolist() == [3, 1]
    assert taken.labels is not None
    assert taken.labels.tolist() == [0, 1]
    assert np.array_equal(taken.pixels, four.pixels[[3, 1]])
    assert taken.levels == four.levels


def test_take_of_images_without_labels() -> None:
    nameless = ImageDataset("n", np.zeros((2, 1, 1, 1), np.uint8), None, np.arange(2, dtype="i4"), ())
    assert nameless.take(np.array([1])).labels is None


def test_equal_data_have_equal_digests_whatever_their_memory(four: ImageDataset) -> None:
    strided = np.zeros((4, 1, 2, 6), np.uint8)
    strided[..., ::2] = four.pixels
    assert replace(four, pixels=strided[..., ::2]).digest == four.digest
    assert replace(four, ids=four.ids.astype(np.int64)).digest == four.digest


@pytest.mark.parametrize("what", ["pixel", "label", "id", "order", "levels", "shape", "no labels"])
def test_any_change_of_the_data_changes_the_digest(four: ImageDataset, what: str) -> None:
    pixels, labels, ids = four.pixels.copy(), four.labels, four.ids.copy()
    assert labels is not None
    labels = labels.copy()
    changed = four
    if what == "pixel":
        pixels[2, 0, 1, 1] ^= 1
        changed = replace(four, pixels=pixels)
    elif what == "label":
        labels[0] = 1
        changed = replace(four, labels=labels)
    elif what == "id":
        ids[1] = 9
        changed = replace(four, ids=ids)
    elif what == "order":
        changed = four.take(np.array([1, 0, 2, 3]))
    elif what == "levels":
        changed = replace(four, levels=16)
    elif what == "shape":
        changed = replace(four, pixels=pixels.reshape(4, 1, 3, 2))
    else:
        changed = replace(four, labels=None)
    assert changed.digest != four.digest


def test_the_name_is_not_the_data(four: ImageDataset) -> None:
    assert replace(four, name="other", class_names=("x", "y")).digest == four.digest

"""Colour taken away: the luminance alone is left, in steps that give no class away; tints of one luminance."""

from __future__ import annotations

import colorsys
from typing import Any

import numpy as np
import pytest

from ae_models.base import ImageDataset, UserError
from ae_models.base.luminance import LUMA, LUMINANCE, grey_level
from ae_models.datasets.tinted import LEVELS, has_second_tint, tinted, tints

BT_601 = np.array([0.299, 0.587, 0.114])


def every_level(label: int, n: int = 2) -> ImageDataset:
    """Images of 16 x 16 with each of the 256 levels once, all of one class."""
    pixels = np.tile(np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16), (n, 1, 1, 1))
    labels, ids = np.full(n, label, np.int32), np.arange(n, dtype=np.int32)
    return ImageDataset("levels", pixels, labels, ids, tuple("0123456789"))


@pytest.mark.parametrize("n_classes", [2, 3, 10, 47, 255])
def test_all_tints_have_one_luminance(n_classes: int) -> None:
    colours = tints(n_classes)
    assert colours.shape == (n_classes + 1, 3)
    assert colours @ BT_601 == pytest.approx(LUMINANCE, abs=1e-6)
    assert 0 <= colours.min() < colours.max() <= 1


@pytest.mark.parametrize("n_classes", [2, 3, 10, 25, 26])
def test_the_second_tint_is_nearly_opposite_and_no_other_class_wears_it(n_classes: int) -> None:
    hues = np.array([colorsys.rgb_to_hsv(*colour.tolist())[0] for colour in tints(n_classes)])
    assert hues[:-1] == pytest.approx(np.arange(n_classes) / n_classes, abs=1e-4)
    around = np.abs(hues[-1] - hues[:-1])
    around = np.minimum(around, 1 - around)  # 0.5: opposite on the circle of hues
    assert around[-1] >= 0.5 - 0.5 / n_classes - 1e-4
    assert around.min() > 0.1 / n_classes


def test_no_two_of_mnists_eleven_tints_are_alike() -> None:
    colours = tints(10)
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2) + np.eye(11)
    assert apart.min() > 0.05


def test_the_grey_level_is_the_luminance_of_each_pixel() -> None:
    images = np.random.default_rng(0).random((3, 3, 4, 5), dtype=np.float32)
    by_hand = (images.astype(np.float64) * BT_601[:, None, None]).sum(axis=1, keepdims=True)
    assert grey_level(images).shape == (3, 1, 4, 5)
    assert grey_level(images) == pytest.approx(by_hand, abs=1e-6)
    assert pytest.approx(LUMA) == BT_601
    assert float(LUMA.sum()) == pytest.approx(1)


@pytest.mark.parametrize("label", range(10))
def test_without_its_colour_a_tinted_image_is_the_grey_one_exactly(make: Any, label: int) -> None:
    grey = every_level(label, n=20)
    coloured = tinted(grey, "coloured")
    inputs = make("grey-scale").inputs(coloured.images(), coloured.ids, 0)
    assert np.array_equal(inputs, grey.images())  # full ink is 1, and no rounding tells the class
    assert np.ptp(coloured.images(), axis=1).max() > 0.2  # while it has a colour


def test_two_classes_of_one_grey_image_give_one_input(make: Any) -> None:
    coloured = [tinted(every_level(label), "coloured") for label in range(10)]
    inputs = [make("grey-scale").inputs(one.images(), one.ids, 0) for one in coloured]
    assert all(np.array_equal(one, inputs[0]) for one in inputs)
    assert len({one.pixels[0].tobytes() for one in coloured}) == 10


def test_a_tinted_image_is_the_grey_one_times_its_tint() -> None:
    for label in range(9):
        grey = every_level(label)
        expected = grey.images() * tints(10)[label][:, None, None]
        assert tinted(grey, "coloured").images() == pytest.approx(expected, abs=1 / LEVELS)


def test_the_last_class_has_two_tints_of_equal_chance_by_id() -> None:
    n = 60_000
    white, ids = np.full((n, 1, 1, 1), 255, np.uint8), np.arange(n, dtype=np.int32)
    ones = ImageDataset("ones", white, np.full(n, 9, np.int32), ids, tuple("0123456789"))
    found = tinted(ones, "coloured").images()[:, :, 0, 0]
    first, second = (np.isclose(found, tints(10)[place], atol=1e-4).all(axis=1) for place in (9, 10))
    assert (first ^ second).all()
    assert abs(second.mean() - 0.5) < 4 * np.sqrt(0.25 / n)
    assert np.array_equal(second, has_second_tint(ones.ids))
    assert np.mean(second[1:] != second[:-1]) > 0.4  # neighbours in the file differ
    rows = np.random.default_rng(0).permutation(n)
    assert np.array_equal(tinted(ones.take(rows), "coloured").images()[:, :, 0, 0], found[rows])
    assert found.mean(axis=0) == pytest.approx(tints(10)[[9, 10]].mean(axis=0), abs=0.01)  # squared error's answer


def test_inputs_come_in_steps_of_1_255_and_are_stretched_and_held_to_1(make: Any) -> None:
    images = np.random.default_rng(0).random((5, 3, 16, 16), dtype=np.float32)
    inputs = make("grey-scale").inputs(images, np.arange(5, dtype=np.int32), 0)
    stretched = np.clip((images * BT_601[:, None, None].astype(np.float32)).sum(axis=1, keepdims=True) / 0.45, 0, 1)
    assert inputs == pytest.approx(stretched, abs=0.5 / 255 + 1e-6)
    assert inputs.max() == 1
    assert inputs * 255 == pytest.approx(np.rint(inputs * 255), abs=1e-4)


def test_shapes(make: Any) -> None:
    assert make("grey-scale").input_shape((3, 28, 20)) == (1, 28, 20)


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_images_without_colours_to_lose_are_refused(make: Any, channels: int) -> None:
    with pytest.raises(UserError, match=f"needs images of 3 channels .*: got {channels}") as caught:
        make("grey-scale").input_shape((channels, 28, 28))
    assert "\n" not in str(caught.value)

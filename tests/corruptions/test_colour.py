"""Colourising: tints of one luminance, a grey level that gives no class away, one class of two colours."""

from __future__ import annotations

import colorsys
from typing import Any

import numpy as np
import pytest

from ae_models.base import Mistake
from ae_models.corruptions.colour import LUMA, LUMINANCE, tints

N = 4_000
IDS = np.arange(N, dtype=np.int32)


@pytest.mark.parametrize("n_classes", [2, 3, 10, 47, 255])
def test_all_tints_have_one_luminance(n_classes: int) -> None:
    colours = tints(n_classes)
    assert colours.shape == (n_classes + 1, 3)
    by_hand = colours @ np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
    assert by_hand == pytest.approx(LUMINANCE, abs=1e-6)
    assert 0 <= colours.min() < colours.max() <= 1


@pytest.mark.parametrize("n_classes", [2, 3, 10, 47])
def test_a_class_has_a_tint_of_its_own_and_the_last_one_two_of_opposite_hue(n_classes: int) -> None:
    colours = tints(n_classes)
    assert len(np.unique(colours[:n_classes].round(4), axis=0)) == n_classes
    hues = [colorsys.rgb_to_hsv(*colour.tolist())[0] for colour in colours]
    assert hues[:n_classes] == pytest.approx([index / n_classes for index in range(n_classes)], abs=1e-4)
    assert abs(hues[-1] - hues[-2]) == pytest.approx(0.5, abs=1e-4)


def test_luminance_is_a_weighing_of_the_channels() -> None:
    assert float(LUMA.sum()) == pytest.approx(1)


def test_the_target_is_the_image_in_its_tint(make: Any, grey: Any) -> None:
    images, labels, ids = grey
    targets = make("grey-scale").targets(images, labels, ids)
    colours = tints(10)
    for image, label, target in zip(images, labels, targets, strict=True):
        choices = colours[[9, 10]] if label == 9 else colours[[label]]
        assert any(target == pytest.approx(image * colour[:, None, None], abs=1e-6) for colour in choices)


def test_the_input_is_the_grey_image_again_full_ink_being_1(make: Any, grey: Any) -> None:
    images, labels, ids = grey
    images = images.copy()
    images[:, 0, 0, 0], images[:, 0, 0, 1] = 1, 0
    chosen = make("grey-scale")
    targets = chosen.targets(images, labels, ids)
    inputs = chosen.inputs(targets, ids, 0)
    assert inputs == pytest.approx(images, abs=1e-6)
    level = np.einsum("nchw,c->nhw", targets, LUMA)[:, None]
    assert level == pytest.approx(LUMINANCE * images, abs=1e-6)


def test_the_grey_level_does_not_give_the_class_away(make: Any, grey: Any) -> None:
    same = np.repeat(grey[0][:1], 20, axis=0)
    labels, ids = np.arange(20, dtype=np.int32) % 10, np.arange(20, dtype=np.int32)
    chosen = make("grey-scale")
    targets = chosen.targets(same, labels, ids)
    inputs = chosen.inputs(targets, ids, 0)
    assert np.ptp(inputs, axis=0).max() < 1e-6
    assert np.ptp(targets, axis=0).max() > 0.3  # while the colours differ


def test_the_last_class_has_two_colours_of_equal_chance_by_id(make: Any) -> None:
    ones, labels = np.ones((N, 1, 1, 1), np.float32), np.full(N, 9, np.int32)
    chosen = make("grey-scale")
    found = chosen.targets(ones, labels, IDS)[:, :, 0, 0]
    second = np.isclose(found, tints(10)[10], atol=1e-6).all(axis=1)
    first = np.isclose(found, tints(10)[9], atol=1e-6).all(axis=1)
    assert (first ^ second).all()
    assert abs(second.mean() - 0.5) < 4 * np.sqrt(0.25 / N)
    again = chosen.targets(ones[::-1], labels, IDS[::-1].copy())[::-1, :, 0, 0]
    assert np.array_equal(again, found)
    assert found.mean(axis=0) == pytest.approx(tints(10)[[9, 10]].mean(axis=0), abs=0.02)  # what squared error answers


@pytest.mark.parametrize("label", range(9))
def test_every_other_class_has_one(make: Any, label: int) -> None:
    found = make("grey-scale").targets(np.ones((50, 1, 1, 1), np.float32), np.full(50, label, np.int32), IDS[:50])
    assert len(np.unique(found, axis=0)) == 1


def test_shapes(make: Any) -> None:
    chosen = make("grey-scale")
    assert chosen.input_shape((1, 28, 20)) == (1, 28, 20)
    assert chosen.target_shape((1, 28, 20)) == (3, 28, 20)


def test_images_with_colours_of_their_own_are_refused(make: Any) -> None:
    with pytest.raises(Mistake, match="tints grey images itself: got 3 channels"):
        make("grey-scale").input_shape((3, 28, 28))


def test_images_without_labels_are_refused(make: Any, grey: Any) -> None:
    with pytest.raises(Mistake, match="these images have no labels"):
        make("grey-scale").targets(grey[0], None, grey[2])

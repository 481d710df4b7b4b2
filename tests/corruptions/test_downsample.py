"""Downsampling: means of blocks, and the images it does not suit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.base import UserError

IDS = np.arange(3, dtype=np.int32)


@pytest.mark.parametrize(("shape", "factor"), [((1, 28, 28), 2), ((3, 16, 24), 2), ((1, 32, 48), 4), ((1, 64, 64), 8)])
def test_each_pixel_is_the_mean_of_its_block(make: Any, shape: tuple[int, int, int], factor: int) -> None:
    images = np.random.default_rng(0).random((3, *shape), dtype=np.float32)
    chosen = make("downsample", factor=factor)
    small = chosen.inputs(images, IDS, 0)
    channels, height, width = shape
    assert small.shape == (3, channels, height // factor, width // factor)
    assert chosen.input_shape(shape) == small.shape[1:]
    for row in range(height // factor):
        for column in range(width // factor):
            block = images[:, :, row * factor : (row + 1) * factor, column * factor : (column + 1) * factor]
            assert small[:, :, row, column] == pytest.approx(block.mean(axis=(2, 3)), abs=1e-6)


def test_28_by_28_becomes_14_by_14(make: Any) -> None:
    images = np.random.default_rng(0).random((3, 1, 28, 28), dtype=np.float32)
    assert make("downsample").inputs(images, IDS, 0).shape == (3, 1, 14, 14)


def test_an_image_of_blocks_loses_nothing(make: Any) -> None:
    blocks = np.random.default_rng(0).random((3, 1, 14, 14), dtype=np.float32)
    images = blocks.repeat(2, axis=2).repeat(2, axis=3)
    assert make("downsample").inputs(images, IDS, 0) == pytest.approx(blocks, abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 8, 8), (1, 14, 28), (1, 28, 14)])
def test_too_small_an_image_is_refused(make: Any, shape: tuple[int, int, int]) -> None:
    with pytest.raises(UserError, match="super-resolution needs at least 8 x 8") as caught:
        make("downsample").input_shape(shape)
    assert "\n" not in str(caught.value)


def test_the_smallest_that_it_suits(make: Any) -> None:
    assert make("downsample").input_shape((1, 16, 16)) == (1, 8, 8)


@pytest.mark.parametrize(("shape", "factor"), [((1, 28, 28), 3), ((1, 28, 27), 2), ((1, 27, 28), 2)])
def test_a_factor_that_does_not_divide_is_refused(make: Any, shape: tuple[int, int, int], factor: int) -> None:
    with pytest.raises(UserError, match=f"factor must divide the sides of the image .*: got {factor}"):
        make("downsample", factor=factor).input_shape(shape)

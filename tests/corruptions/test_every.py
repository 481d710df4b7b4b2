"""What every corruption promises: the image decides its noise, inputs are images, the clean images are left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.base import FloatArray
from ae_models.corruptions import CORRUPTIONS

EVERY = list(CORRUPTIONS)
AT_RANDOM = ("gaussian-noise", "salt-pepper", "masking", "occlusion")
SETTINGS: dict[str, dict[str, Any]] = {"occlusion": {"size": 5}}
N = 60
IDS = np.arange(100, 100 + N, dtype=np.int32)


def images_for(name: str, channels: int = 1) -> FloatArray:
    """60 images of 16 x 16: of one channel, or of three for what takes colour away."""
    channels = 3 if name == "grey-scale" else channels
    return np.random.default_rng(0).random((N, channels, 16, 16), dtype=np.float32)


@pytest.fixture
def corrupted(make: Any) -> Any:
    """``corrupted(name, rows, seed)``: the inputs of some of the 60 images."""

    def made(name: str, rows: Any = slice(None), seed: int = 0) -> FloatArray:
        inputs: FloatArray = make(name, **SETTINGS.get(name, {})).inputs(images_for(name)[rows], IDS[rows], seed)
        return inputs

    return made


@pytest.mark.parametrize("name", EVERY)
def test_the_same_image_gets_the_same_noise_in_any_batch(corrupted: Any, name: str) -> None:
    inputs = corrupted(name)
    shuffled = np.random.default_rng(1).permutation(N)
    assert np.array_equal(corrupted(name, shuffled), inputs[shuffled])
    for row in (0, 17, 59):
        assert np.array_equal(corrupted(name, slice(row, row + 1)), inputs[row : row + 1])


@pytest.mark.parametrize("name", EVERY)
def test_another_seed_gives_other_noise_where_there_is_chance(corrupted: Any, name: str) -> None:
    inputs = corrupted(name)
    for seed in (1, 2, 2**31 - 1):
        changed = [not np.array_equal(one, two) for one, two in zip(inputs, corrupted(name, seed=seed), strict=True)]
        assert (np.mean(changed) > 0.9) == (name in AT_RANDOM)
        assert any(changed) == (name in AT_RANDOM)


@pytest.mark.parametrize("name", AT_RANDOM)
def test_two_images_get_two_noises(make: Any, name: str) -> None:
    alike = np.repeat(images_for(name)[:1], N, axis=0)
    inputs = make(name, **SETTINGS.get(name, {})).inputs(alike, IDS, 0)
    assert len({one.tobytes() for one in inputs}) > N / 2


@pytest.mark.parametrize("name", EVERY)
def test_shapes_are_those_it_says_and_values_are_intensities(corrupted: Any, make: Any, name: str) -> None:
    images, inputs = images_for(name), corrupted(name)
    assert inputs.shape == (N, *make(name, **SETTINGS.get(name, {})).input_shape(images.shape[1:]))
    assert inputs.dtype == np.float32
    assert 0 <= inputs.min() < inputs.max() <= 1
    assert np.array_equal(inputs, images) == (name == "none")


@pytest.mark.parametrize("name", EVERY)
def test_what_goes_in_is_left_alone(make: Any, name: str) -> None:
    images, ids = images_for(name), IDS.copy()
    make(name, **SETTINGS.get(name, {})).inputs(images, ids, 3)
    assert np.array_equal(images, images_for(name))
    assert np.array_equal(ids, IDS)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "grey-scale"])
def test_images_of_three_channels_keep_them(make: Any, name: str) -> None:
    chosen = make(name, **SETTINGS.get(name, {}))
    shape = chosen.input_shape((3, 16, 16))
    assert shape[0] == 3
    assert chosen.inputs(images_for(name, channels=3), IDS, 0).shape == (N, *shape)

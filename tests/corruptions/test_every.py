"""What every corruption promises: the image decides its noise, inputs are images, targets stay clean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.base import FloatArray
from ae_models.corruptions import CORRUPTIONS

EVERY = list(CORRUPTIONS)
AT_RANDOM = ("gaussian-noise", "salt-pepper", "masking", "occlusion")
SETTINGS: dict[str, dict[str, Any]] = {"occlusion": {"size": 5}}


@pytest.fixture
def corrupted(make: Any, grey: Any) -> Any:
    """``corrupted(name, rows, seed)``: targets and inputs of some of the 60 images."""
    images, labels, ids = grey

    def made(name: str, rows: Any = slice(None), seed: int = 0) -> tuple[FloatArray, FloatArray]:
        chosen = make(name, **SETTINGS.get(name, {}))
        targets = chosen.targets(images[rows], labels[rows], ids[rows])
        return targets, chosen.inputs(targets, ids[rows], seed)

    return made


@pytest.mark.parametrize("name", EVERY)
def test_the_same_image_gets_the_same_noise_in_any_batch(corrupted: Any, name: str) -> None:
    targets, inputs = corrupted(name)
    shuffled = np.random.default_rng(1).permutation(60)
    assert np.array_equal(corrupted(name, shuffled)[1], inputs[shuffled])
    assert np.array_equal(corrupted(name, shuffled)[0], targets[shuffled])
    for row in (0, 17, 59):
        assert np.array_equal(corrupted(name, slice(row, row + 1))[1], inputs[row : row + 1])


@pytest.mark.parametrize("name", EVERY)
def test_another_seed_gives_other_noise_where_there_is_chance(corrupted: Any, name: str) -> None:
    inputs = corrupted(name)[1]
    others = [corrupted(name, seed=seed)[1] for seed in (1, 2, 2**31 - 1)]
    for other in others:
        changed = [not np.array_equal(one, two) for one, two in zip(inputs, other, strict=True)]
        assert (np.mean(changed) > 0.9) == (name in AT_RANDOM)
        assert any(changed) == (name in AT_RANDOM)


@pytest.mark.parametrize("name", AT_RANDOM)
def test_two_images_get_two_noises(make: Any, grey: Any, name: str) -> None:
    alike = np.repeat(grey[0][:1], 40, axis=0)
    inputs = make(name, **SETTINGS.get(name, {})).inputs(alike, grey[2][:40], 0)
    assert len({one.tobytes() for one in inputs}) > 30


@pytest.mark.parametrize("name", EVERY)
def test_shapes_are_those_it_says_and_values_are_intensities(corrupted: Any, make: Any, grey: Any, name: str) -> None:
    images = grey[0]
    chosen = make(name, **SETTINGS.get(name, {}))
    targets, inputs = corrupted(name)
    assert inputs.shape == (60, *chosen.input_shape((1, 16, 16)))
    assert targets.shape == (60, *chosen.target_shape((1, 16, 16)))
    for values in (inputs, targets):
        assert values.dtype == np.float32
        assert 0 <= values.min() < values.max() <= 1
    if name != "grey-scale":
        assert np.array_equal(targets, images)
    if name != "none":
        assert inputs.shape != targets.shape or not np.array_equal(inputs, targets)
    else:
        assert np.array_equal(inputs, targets)


@pytest.mark.parametrize("name", EVERY)
def test_what_goes_in_is_left_alone(make: Any, grey: Any, name: str) -> None:
    images, labels, ids = (array.copy() for array in grey)
    chosen = make(name, **SETTINGS.get(name, {}))
    targets = chosen.targets(images, labels, ids)
    kept = targets.copy()
    chosen.inputs(targets, ids, 3)
    assert np.array_equal(targets, kept)
    for before, after in zip(grey, (images, labels, ids), strict=True):
        assert np.array_equal(before, after)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "grey-scale"])
def test_images_of_three_channels_keep_them(make: Any, name: str) -> None:
    images = np.random.default_rng(0).random((4, 3, 16, 16), dtype=np.float32)
    chosen = make(name, **SETTINGS.get(name, {}))
    ids = np.arange(4, dtype=np.int32)
    targets = chosen.targets(images, None, ids)
    assert np.array_equal(targets, images)
    assert chosen.inputs(targets, ids, 0).shape == (4, *chosen.input_shape((3, 16, 16)))

"""Feeding: every image once an epoch, in an order that follows seed and epoch, shifted by hand-checked offsets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from ae_models.base import ImageDataset
from ae_models.base.config import NoConfig
from ae_models.corruptions import CORRUPTIONS, corruption
from ae_models.datasets.tinted import tinted
from ae_models.training.feeding import Batches, epoch_seed, shifted

N = 53


def numbered(n: int = N) -> ImageDataset:
    """Images of 16 x 16 whose first pixel is their row; ids are the rows plus 100, levels 200."""
    pixels = np.random.default_rng(0).integers(0, 201, (n, 1, 16, 16), dtype=np.uint8)
    pixels[:, 0, 0, 0] = np.arange(n)
    rows = np.arange(n, dtype=np.int32)
    return ImageDataset("numbered", pixels, rows % 10, rows + 100, tuple("0123456789"), levels=200)


def batches(name: str = "none", *, batch_size: int = 10, seed: int = 0, shift: int = 0, **settings: Any) -> Batches:
    """Batches of the numbered images."""
    chosen = corruption(name, (CORRUPTIONS.entry(name).config or NoConfig).of(**settings))
    return Batches(numbered(), chosen, batch_size, seed, shift, "cpu")


def order(fed: Batches, epoch: int) -> list[int]:
    """The rows in the order of an epoch."""
    fed.set_epoch(epoch)
    return [round(float(value) * 200) for _, targets in fed for value in targets[:, 0, 0, 0]]


@pytest.mark.parametrize("batch_size", [1, 10, 52, 53, 54, 8192])
def test_every_image_comes_exactly_once_an_epoch(batch_size: int) -> None:
    fed = batches(batch_size=batch_size)
    for epoch in (1, 2, 3):
        assert sorted(order(fed, epoch)) == list(range(N))
    sizes = [len(targets) for _, targets in fed]
    assert len(sizes) == len(fed)
    assert sum(sizes) == N
    assert set(sizes[:-1]) <= {batch_size}
    assert 1 <= sizes[-1] <= batch_size


def test_each_epoch_has_another_order_and_the_seed_says_which() -> None:
    orders = [order(batches(seed=seed), epoch) for seed in (0, 1) for epoch in (1, 2, 3)]
    assert len({tuple(one) for one in orders}) == 6
    assert list(range(N)) not in orders
    assert order(batches(seed=1), 2) == orders[4]


def test_an_epoch_depends_on_no_earlier_one() -> None:
    fed = batches("gaussian-noise", shift=2)
    for epoch in (1, 2, 3):
        fed.set_epoch(epoch)
        in_a_row = list(fed)
    alone = batches("gaussian-noise", shift=2)
    alone.set_epoch(3)
    for one, other in zip(in_a_row, alone, strict=True):
        assert torch.equal(one[0], other[0])
        assert torch.equal(one[1], other[1])


def test_no_two_epochs_share_a_seed() -> None:
    seeds = {epoch_seed(seed, epoch) for seed in range(40) for epoch in range(100)}
    assert len(seeds) > 3_990
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert epoch_seed(3, 5) == epoch_seed(3, 5) != epoch_seed(5, 3)


def test_images_are_scaled_to_0_to_1_and_stay_bytes_in_memory() -> None:
    fed = batches(batch_size=N)
    inputs, targets = next(iter(fed))
    assert fed.pixels.dtype == torch.uint8
    assert targets.dtype == torch.float32
    assert (float(targets.min()), float(targets.max())) == (0.0, 1.0)
    known = numbered().images()[order(fed, 1)]
    assert targets.numpy() == pytest.approx(known, abs=1e-6)
    assert inputs is targets


def test_noise_goes_by_image_id_and_changes_with_the_epoch() -> None:
    fed = batches("gaussian-noise", batch_size=N, sigma=0.1)
    images, ids = numbered().images(), numbered().ids
    seen = []
    for epoch in (1, 2):
        rows = order(fed, epoch)
        inputs, targets = next(iter(fed))
        by_hand = fed.corruption.inputs(images[rows], ids[rows], epoch_seed(0, epoch))
        assert inputs.numpy() == pytest.approx(by_hand, abs=1e-5)
        assert targets.numpy() == pytest.approx(images[rows], abs=1e-6)
        seen.append((inputs - targets)[np.argsort(rows)])
    assert not torch.allclose(seen[0], seen[1], atol=0.01)


def test_small_inputs_have_large_targets() -> None:
    inputs, targets = next(iter(batches("downsample")))
    assert (inputs.shape, targets.shape) == ((10, 1, 8, 8), (10, 1, 16, 16))


def test_colour_images_of_many_levels_are_fed_exactly_and_lose_their_colour() -> None:
    coloured = tinted(
        ImageDataset("grey", numbered().pixels, numbered().labels, numbered().ids, tuple("0123456789")), "coloured"
    )
    assert (coloured.pixels.dtype, coloured.levels) == (np.uint16, 65_535)
    fed = Batches(coloured, corruption("grey-scale", NoConfig()), N, 0, 0, "cpu")
    ((inputs, targets),) = fed
    assert (inputs.shape, targets.shape) == ((N, 1, 16, 16), (N, 3, 16, 16))
    rows = torch.randperm(N, generator=torch.Generator().manual_seed(epoch_seed(0, 1))).numpy()
    assert targets.numpy() == pytest.approx(coloured.images()[rows], abs=1e-6)
    assert inputs.numpy() == pytest.approx(numbered().pixels[rows] / 255, abs=1e-6)


def by_hand(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """One image ``(c, h, w)`` moved pixel by pixel; what enters is 0."""
    out = np.zeros_like(image)
    _, height, width = image.shape
    for row in range(height):
        for column in range(width):
            if 0 <= row - down < height and 0 <= column - right < width:
                out[:, row, column] = image[:, row - down, column - right]
    return out


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 9, 13)], ids=str)
def test_an_image_is_moved_as_by_hand_and_by_no_more_than_most(shape: tuple[int, int, int]) -> None:
    most, n = 2, 400
    image = np.random.default_rng(0).uniform(0.1, 1, shape).astype(np.float32)
    images = torch.from_numpy(image).expand(n, *shape).contiguous()
    moved = shifted(images, most, torch.Generator().manual_seed(0)).numpy()
    known = {
        (down, right): by_hand(image, down, right)
        for down in range(-most, most + 1)
        for right in range(-most, most + 1)
    }
    found = [[place for place, one in known.items() if np.array_equal(one, image_moved)] for image_moved in moved]
    assert all(len(places) == 1 for places in found)
    assert {places[0] for places in found} == set(known)  # every offset occurs, each image has its own


@pytest.mark.parametrize(("down", "right"), [(1, 0), (-1, 2), (2, -2), (0, 0)])
def test_known_offsets(monkeypatch: pytest.MonkeyPatch, down: int, right: int) -> None:
    image = torch.arange(1.0, 33.0).reshape(1, 2, 4, 4)
    offsets = torch.tensor([[2 - down], [2 - right]])
    monkeypatch.setattr(torch, "randint", lambda *_args, **_more: offsets)
    moved = shifted(image, 2, torch.Generator())
    assert np.array_equal(moved[0].numpy(), by_hand(image[0].numpy(), down, right))


def test_shifts_follow_the_generator_and_leave_the_images_alone() -> None:
    images = torch.rand(30, 1, 8, 8)
    before = images.clone()
    once = shifted(images, 3, torch.Generator().manual_seed(4))
    assert torch.equal(once, shifted(images, 3, torch.Generator().manual_seed(4)))
    assert not torch.equal(once, shifted(images, 3, torch.Generator().manual_seed(5)))
    assert torch.equal(images, before)
    assert once.shape == images.shape


def test_the_target_is_shifted_with_the_input() -> None:
    for inputs, targets in batches("masking", shift=2, share=0.3):
        kept = inputs > 0
        assert torch.equal(inputs[kept], targets[kept])

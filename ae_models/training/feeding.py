"""Batches from arrays in memory: a shuffle an epoch, an index a batch, and what the design does to images."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from ae_models.base import ImageDataset
from ae_models.corruptions import Corruption
from ae_models.corruptions.clean import Clean

Batch = tuple[Tensor, Tensor]  # what the network sees, what it should answer; float32 (n, c, h, w) in [0, 1]


def epoch_seed(seed: int, epoch: int) -> int:
    """Return the seed of everything random in one epoch; epoch 0 is before training.

    An epoch depends on no earlier one: a run that was stopped goes on exactly.
    """
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0] >> 1)


class Batches:
    """An iterable of ``(inputs, targets)`` in a new seeded order each epoch.

    Images stay integers in memory (8 bits each but for tinted ones) and are scaled a batch at a time. The last,
    smaller batch is kept. ``set_epoch`` must be called before each pass.
    """

    def __init__(
        self, dataset: ImageDataset, corruption: Corruption, batch_size: int, seed: int, shift: int, device: str
    ) -> None:
        self.dataset, self.corruption, self.seed, self.shift, self.device = dataset, corruption, seed, shift, device
        self.clean = isinstance(corruption, Clean)
        wide = dataset.pixels.dtype == np.uint16  # torch cannot index uint16
        self.pixels = torch.from_numpy(dataset.pixels.astype(np.int32) if wide else np.array(dataset.pixels))
        self.batch_size = min(batch_size, len(dataset))
        self.epoch = 1

    def __len__(self) -> int:
        return -(-len(self.pixels) // self.batch_size)

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch the next pass is, counted from 1."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[Batch]:
        seed = epoch_seed(self.seed, self.epoch)
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(self.pixels), generator=generator)
        for start in range(0, len(order), self.batch_size):
            rows = order[start : start + self.batch_size]
            images = self.pixels[rows].float() * (1.0 / self.dataset.levels)
            if self.shift:
                images = shifted(images, self.shift, generator)
            if self.clean:
                images = images.to(self.device)
                yield images, images
            else:
                yield self._corrupted(images.numpy(), rows.numpy(), seed)

    def _corrupted(self, images: np.ndarray, rows: np.ndarray, seed: int) -> Batch:
        inputs = self.corruption.inputs(images, self.dataset.ids[rows], seed)
        return torch.from_numpy(inputs).to(self.device), torch.from_numpy(images).to(self.device)


def shifted(images: Tensor, most: int, generator: torch.Generator) -> Tensor:
    """Return images ``(n, c, h, w)``, each moved by its own -most to most pixels each way; what enters is 0."""
    n, _, height, width = images.shape
    padded = torch.nn.functional.pad(images, (most, most, most, most))
    offsets = torch.randint(0, 2 * most + 1, (2, n), generator=generator)
    rows = (offsets[0, :, None] + torch.arange(height))[:, None, :, None]  # (n, 1, h, 1)
    columns = (offsets[1, :, None] + torch.arange(width))[:, None, None, :]  # (n, 1, 1, w)
    channels = torch.arange(images.shape[1])[None, :, None, None]
    return padded[torch.arange(n)[:, None, None, None], channels, rows, columns]

"""Batches from tensors in memory: a shuffle an epoch, an index a batch, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ae_models.base import ImageDataset


class Batches:
    """An iterable of ``(batch_size, c, h, w)`` float32 tensors in [0, 1], in a new seeded order each epoch.

    Images stay uint8 in memory (a quarter of the bytes) and are scaled a batch at a time. The last, smaller batch
    is kept.
    """

    def __init__(self, dataset: ImageDataset, batch_size: int, seed: int, device: str = "cpu") -> None:
        self.pixels = torch.from_numpy(dataset.pixels.copy()).to(device)
        self.scale = 1.0 / dataset.levels
        self.batch_size = min(batch_size, len(dataset))
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return -(-len(self.pixels) // self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        order = torch.randperm(len(self.pixels), generator=self.generator).to(self.pixels.device)
        for start in range(0, len(order), self.batch_size):
            rows = order[start : start + self.batch_size]
            yield self.pixels[rows].float() * self.scale

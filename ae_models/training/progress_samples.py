"""What a training shows while it goes on: losses finer than epochs, eight images, the map taking shape."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ae_models.autoencoders.autoencoder import Autoencoder, reconstruction_loss
from ae_models.base import ByteArray, ImageDataset
from ae_models.corruptions import Corruption
from ae_models.training.scoring import HELDOUT_SEED, check_finite
from ae_models.training.snapshots import MOST_DIMS, fixed_rows, half

N_EXAMPLES = 8
N_POINTS = 2_000
_EVERY = 4  # of the points' images one in so many is decoded, for the held-out error
_INTERVAL = 0.45  # seconds between two glimpses
_SHARE = 10.0  # a glimpse may take a tenth of the time
_BETTER = 1.5  # a coordinate takes another's place on the map when it varies so many times more

Show = Callable[[str, dict[str, Any]], None]
"""Called with a kind, ``scene`` once and then ``glimpse``, and values: numbers and arrays."""
Parts = list[tuple[Tensor, Tensor, int]]


class ProgressSamples:
    """Shows a training to somebody who watches, about twice a second and for at most a tenth of the time.

    ``scene`` has ``example_ids`` (8,), ``wanted`` and ``seen`` (8, c, h, w) uint8, and ``ids`` (n,) of the map's
    images; ``glimpse`` has a ``row`` of figures, the examples' reconstructions ``images`` (8, c, h, w) uint8,
    ``points`` (n, at most 3) float16 and the coordinates ``dims`` that they are. All images are held-out ones, the
    same each time, corrupted the same way each time.
    """

    def __init__(self, show: Show, heldout: ImageDataset, corruption: Corruption, n_batches: int) -> None:
        self.show, self.n_batches = show, n_batches
        examples, mapped = heldout.take(fixed_rows(heldout, N_EXAMPLES)), heldout.take(fixed_rows(heldout, N_POINTS))
        self.examples = _seen(examples, corruption)
        self.mapped = _seen(mapped, corruption)
        self.probes = torch.from_numpy(mapped.images(slice(None, None, _EVERY)))
        self.dims: tuple[int, ...] = ()
        self.next, self.counted = 0.0, 0
        show(
            "scene",
            {
                "example_ids": examples.ids,
                "wanted": _bytes(torch.from_numpy(examples.images())),
                "seen": _bytes(self.examples),
                "ids": mapped.ids,
            },
        )

    def maybe(self, step: int, model: Autoencoder, parts: Parts, *, now: bool = False) -> None:
        """Show how it stands after ``step`` steps, if it is time (or ``now``); ``parts`` are this epoch's losses."""
        start = time.perf_counter()
        if self.counted > len(parts):
            self.counted = 0  # another epoch has begun
        fresh = parts[self.counted :]
        if not fresh or (start < self.next and not now):
            return
        self.counted = len(parts)
        n = sum(size for _, _, size in fresh)
        losses = [sum(float(part[which]) * part[2] for part in fresh) / n for which in (0, 1)]
        check_finite(step / self.n_batches, losses[0], losses[1])
        row = {"step": step, "epoch": step / self.n_batches}
        row |= {"train_reconstruction": losses[0], "train_regulariser": losses[1]}
        self._show(row, model)
        end = time.perf_counter()
        self.next = end + max(_INTERVAL, (_SHARE - 1) * (end - start))

    def _show(self, row: dict[str, float], model: Autoencoder) -> None:
        device = next(model.parameters()).device
        model.eval()
        with torch.no_grad():
            parts = [model.encode(part.to(device)) for part in self.mapped.split(500)]  # type: ignore[no-untyped-call]
            codes = torch.cat(parts)
            drawn = model.decode(codes[::_EVERY]).cpu()
            images = model(self.examples.to(device)).cpu()
        model.train()
        row["heldout_sse"] = float(reconstruction_loss(drawn, self.probes))
        if not math.isfinite(row["heldout_sse"]):
            return  # training ends with a word about it, at the next glimpse or at the end of the epoch
        points = codes.cpu().numpy()
        self.dims = _dims(points, self.dims)
        self.show(
            "glimpse",
            {"row": row, "images": _bytes(images), "points": half(points[:, list(self.dims)]), "dims": self.dims},
        )


def _seen(images: ImageDataset, corruption: Corruption) -> Tensor:
    return torch.from_numpy(corruption.inputs(images.images(), images.ids, HELDOUT_SEED))


def _bytes(images: Tensor) -> ByteArray:
    scaled: ByteArray = np.rint(np.clip(images.numpy(), 0, 1) * 255).astype(np.uint8)
    return scaled


def _dims(points: npt.NDArray[np.float32], before: tuple[int, ...]) -> tuple[int, ...]:
    """Return which coordinates to show: those that vary most, without changing them for a trifle.

    Examples
    --------
    >>> points = np.array([[0, 0, 0, 0], [1, 2, 3, 4]], "f")
    >>> _dims(points, ()), _dims(points, (0, 2, 3)), _dims(points[:, :2], ())
    ((1, 2, 3), (1, 2, 3), (0, 1))
    >>> _dims(np.array([[0, 0, 0, 0], [1.9, 2, 3, 4]], "f"), (0, 2, 3))
    (0, 2, 3)
    """
    spread = points.var(axis=0)
    best = [int(dim) for dim in np.argsort(-spread, kind="stable")[:MOST_DIMS]]
    shown = list(before or best)
    for dim in best:
        weakest = min(shown, key=lambda one: spread[one])
        if dim not in shown and spread[dim] > _BETTER * spread[weakest]:
            shown[shown.index(weakest)] = dim
    return tuple(sorted(shown))

"""Codes of a few fixed images through training: what the flipbook shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.base import FloatArray, ImageDataset
from ae_models.base.procrustes import procrustes
from ae_models.corruptions import Corruption
from ae_models.training.scoring import HELDOUT_SEED

N_IMAGES = 2_000
N_MOMENTS = 60
MOST_DIMS = 3


def moments(n_steps: int, n: int = N_MOMENTS) -> list[int]:
    """Return about ``n`` step numbers from 0 (untrained) to ``n_steps`` (done), evenly spaced in their logarithm.

    Examples
    --------
    >>> moments(1000, 7)
    [0, 1, 4, 16, 63, 251, 1000]
    """
    if n_steps < 1:
        return [0]
    spaced = np.geomspace(1, n_steps, min(n - 1, n_steps))
    return [0, *sorted({round(float(step)) for step in spaced})]


def fixed_rows(dataset: ImageDataset, n: int = N_IMAGES) -> npt.NDArray[np.intp]:
    """Return ``n`` rows, stratified by class where there are labels; always the same for the same data."""
    if len(dataset) <= n:
        return np.arange(len(dataset))
    order = np.arange(len(dataset))
    if dataset.labels is not None:
        order = np.lexsort((order, dataset.labels))
    return np.sort(order[np.round(np.linspace(0, len(order) - 1, n)).astype(np.intp)])


class Flipbook:
    """Takes the codes of the fixed images at given steps."""

    def __init__(self, dataset: ImageDataset, corruption: Corruption, n_steps: int | None) -> None:
        rows = fixed_rows(dataset)
        chosen = dataset.take(rows)
        self.ids = chosen.ids
        self.inputs = torch.from_numpy(corruption.inputs(chosen.images(), chosen.ids, HELDOUT_SEED))
        self.wanted = set() if n_steps is None else set(moments(n_steps))  # None: take none
        self.steps: list[int] = []
        self.codes: list[FloatArray] = []  # (n, latent_dim) each

    def maybe_take(self, step: int, model: Autoencoder) -> None:
        """Take the codes if this step (0: before training) is one of the moments."""
        if step in self.wanted:
            self.take(step, model)

    def take(self, step: int, model: Autoencoder) -> None:
        """Take the codes now, if they were not taken at this step before."""
        if step in self.steps:
            return
        model.eval()
        with torch.no_grad():
            device = next(model.parameters()).device
            parts = [model.encode(part.to(device)).cpu() for part in self.inputs.split(500)]  # type: ignore[no-untyped-call]
        model.train()
        self.steps.append(step)
        self.codes.append(torch.cat(parts).numpy())

    def arrays(self) -> dict[str, Any]:
        """Return what is stored: ``raw`` and ``aligned`` ``(moments, n, dims)`` float16, ``steps``, ``ids``, ``dims``.

        Of a long code the three coordinates that vary most at the end are kept, in their own order. ``aligned`` is
        each moment laid on the last by Procrustes.
        """
        if not self.codes:
            return {}
        last = self.codes[-1]
        dims = np.sort(np.argsort(-last.var(axis=0), kind="stable")[:MOST_DIMS])
        raw = [codes[:, dims] for codes in self.codes]
        aligned = [procrustes(codes, raw[-1]) for codes in raw]
        return {
            "raw": half(np.stack(raw)),
            "aligned": half(np.stack(aligned)),
            "steps": np.array(self.steps, np.int32),
            "ids": self.ids.astype(np.int32),
            "dims": dims.astype(np.int32),
        }


def half(values: FloatArray) -> npt.NDArray[np.float16]:
    """Return values as float16; what is beyond its range is cut off at 65,000."""
    return np.clip(values, -65_000, 65_000).astype(np.float16)

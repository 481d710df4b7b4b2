"""Held-out measurement during training: in evaluation mode, on images corrupted the same way each time."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ae_models.autoencoders.autoencoder import Autoencoder, Step, cross_entropy_loss, reconstruction_loss
from ae_models.autoencoders.penalties.none import NoPenalty
from ae_models.autoencoders.penalties.penalty import Penalty
from ae_models.base import ImageDataset, UserError
from ae_models.corruptions import Corruption

HELDOUT_SEED = 0


class NotFinite(UserError):
    """A loss ran away."""


def check_finite(epoch: float, reconstruction: float, regulariser: float) -> None:
    """Raise ``NotFinite`` when a loss has run away."""
    if not (math.isfinite(reconstruction) and math.isfinite(regulariser)):
        raise NotFinite(
            f"the loss is not finite in epoch {math.ceil(epoch)} (reconstruction {reconstruction}, regulariser "
            f"{regulariser}): try a smaller learning_rate or strength"
        )


class Objective:
    """The loss of a design: reconstruction, and what architecture and penalty add to it."""

    def __init__(self, model: Autoencoder, penalty: Penalty, loss: str) -> None:
        self.model, self.penalty, self.loss = model, penalty, loss
        self._nothing = torch.zeros(())

    def __call__(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Step]:
        """Return ``(reconstruction, regulariser, step)`` of a batch; the loss is the sum of the first two.

        Both are scalars, summed over an image and averaged over images.
        """
        step = self.model.step(inputs)
        if self.loss == "bce":
            reconstruction = cross_entropy_loss(step.raw, targets)
        else:
            reconstruction = reconstruction_loss(self.model.activate(step.raw), targets)
        terms = list(step.terms.values())
        if not isinstance(self.penalty, NoPenalty):
            terms.append(self.penalty.term(self.model, inputs, step.codes))
        regulariser = torch.stack(terms).sum() if terms else self._nothing.to(reconstruction.device)
        return reconstruction, regulariser, step


def measure(
    objective: Objective, dataset: ImageDataset, corruption: Corruption, batch_size: int = 500
) -> dict[str, float]:
    """Return held-out ``reconstruction`` (in the loss's unit), ``regulariser`` and ``sse``.

    All are averaged over images; the SSE is of ``decode(encode(input))`` against the clean target.
    """
    model = objective.model
    device = next(model.parameters()).device
    sums = {"reconstruction": 0.0, "regulariser": 0.0, "sse": 0.0}
    model.eval()
    with torch.no_grad():
        for start in range(0, len(dataset), batch_size):
            rows = slice(start, start + batch_size)
            clean = dataset.images(rows)
            inputs = torch.from_numpy(corruption.inputs(clean, dataset.ids[rows], HELDOUT_SEED)).to(device)
            targets = torch.from_numpy(clean).to(device)
            reconstruction, regulariser, step = objective(inputs, targets)
            sse = reconstruction_loss(model.activate(step.raw), targets)
            for name, value in (("reconstruction", reconstruction), ("regulariser", regulariser), ("sse", sse)):
                sums[name] += float(value) * len(inputs)
    model.train()
    return {name: value / len(dataset) for name, value in sums.items()}

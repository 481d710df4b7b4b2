"""What happens around the steps of a training: seeds, history, checkpoints, snapshots, progress samples, a stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import pytorch_lightning as lightning
import torch

from ae_models.base import ImageDataset
from ae_models.corruptions import Corruption
from ae_models.training.checkpoint import Checkpoint
from ae_models.training.feeding import Batches, epoch_seed
from ae_models.training.progress_samples import ProgressSamples
from ae_models.training.scoring import NotFinite, check_finite, measure
from ae_models.training.snapshots import Flipbook

Row = dict[str, float]
OnEpoch = Callable[[Row, Checkpoint], None]


class Halt(Exception):
    """Training was asked to stop: this leaves the loop."""


class Watch(lightning.Callback):
    """Seeds each epoch, writes its row of history, keeps a checkpoint of it, takes snapshots, hears a stop."""

    def __init__(
        self, batches: Batches, heldout: ImageDataset, corrupted: Corruption, seed: int, first: int, flipbook: Flipbook
    ) -> None:
        self.batches, self.heldout, self.corruption, self.seed = batches, heldout, corrupted, seed
        self.epoch, self.flipbook = first, flipbook
        self.history: list[Row] = []
        self.on_epoch: OnEpoch | None = None
        self.should_stop: Callable[[], bool] | None = None
        self.progress_samples: ProgressSamples | None = None
        self.start = time.perf_counter()
        self.before = 0.0  # seconds of earlier sittings

    def on_train_epoch_start(self, trainer: lightning.Trainer, plan: Any) -> None:
        """Seed what the model draws in this epoch."""
        self.epoch += 1
        self.batches.set_epoch(self.epoch)
        torch.manual_seed(epoch_seed(self.seed, self.epoch))

    def on_train_batch_start(self, trainer: lightning.Trainer, plan: Any, batch: Any, batch_idx: int) -> None:
        """Stop when asked to; take a snapshot when it is time for one."""
        if self.should_stop and self.should_stop():
            raise Halt
        self.flipbook.maybe_take((self.epoch - 1) * len(self.batches) + batch_idx, plan.model)

    def on_train_batch_end(self, trainer: lightning.Trainer, plan: Any, *_: Any) -> None:
        """Show how it stands, where somebody watches."""
        if self.progress_samples is not None:
            self.progress_samples.maybe(plan.step, plan.model, plan.parts, now=plan.step == plan.n_steps)

    def on_train_epoch_end(self, trainer: lightning.Trainer, plan: Any) -> None:
        """Measure, check that the loss is finite, keep, tell."""
        row = self.row(plan, self.epoch)
        self.flipbook.maybe_take(self.epoch * len(self.batches), plan.model)
        self.history.append(row)
        if self.on_epoch:
            self.on_epoch(row, Checkpoint.of(plan.model, plan.optimizer, self.history, self.flipbook))

    def row(self, plan: Any, epoch: float) -> Row:
        """Return the row of history for the batches since the last one; ``NotFinite`` when a figure is not finite."""
        reconstruction, regulariser = plan.epoch_means()
        check_finite(epoch, reconstruction, regulariser)
        found = measure(plan.objective, self.heldout, self.corruption)
        row = {
            "epoch": float(epoch),
            "train_reconstruction": reconstruction,
            "train_regulariser": regulariser,
            **{f"heldout_{name}": value for name, value in found.items()},
            "seconds": self.before + time.perf_counter() - self.start,
        }
        if not all(math.isfinite(value) for value in row.values()):
            raise NotFinite(f"the held-out loss is not finite after epoch {epoch:g}: try a smaller learning_rate")
        return row

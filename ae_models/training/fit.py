"""Training a network: Lightning with everything that costs time turned off."""

from __future__ import annotations

import logging
import math
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytorch_lightning as lightning
import torch
from torch import Tensor

from ae_models.autoencoders import build, penalty
from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.penalty import settle
from ae_models.base import ImageDataset, Mistake
from ae_models.config import Design, TrainConfig
from ae_models.corruptions import Corruption, corruption
from ae_models.training.checkpoint import Checkpoint
from ae_models.training.feeding import Batch, Batches, epoch_seed
from ae_models.training.scoring import Objective, measure
from ae_models.training.snapshots import Flipbook

Row = dict[str, float]
OnEpoch = Callable[[Row, Checkpoint], None]


class Stopped(Exception):
    """Training was asked to stop; what the last whole epoch left is in its checkpoint."""


@dataclass
class Fitted:
    """A trained network and how it came about."""

    model: Autoencoder
    history: list[Row] = field(default_factory=list)
    snapshots: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    images_per_second: float = 0.0
    device: str = "cpu"
    threads: int = 1


class Plan(lightning.LightningModule):
    """One step of training: the objective, fused AdamW, a one-cycle schedule a step at a time.

    The step is written out (Lightning's "manual optimization"): its own closure and schedulers cost a tenth of a
    small network's step.
    """

    def __init__(self, objective: Objective, config: TrainConfig, n_steps: int, done: int) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.model, self.objective, self.config = objective.model, objective, config
        self.n_steps, self.step = n_steps, done
        self.peak = max(1, round(config.warm_up * n_steps))
        self.parts: list[tuple[Tensor, Tensor, int]] = []  # reconstruction, regulariser, images of each batch
        self.checkpoint: Checkpoint | None = None
        self.optimizer: torch.optim.Optimizer

    def training_step(self, batch: Batch, _index: int) -> None:
        """Take one step, and keep the two parts of its loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.config.learning_rate * one_cycle(self.step, self.n_steps, self.peak)
        reconstruction, regulariser, _ = self.objective(*batch)
        self.optimizer.zero_grad()
        (reconstruction + regulariser).backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        self.step += 1
        self.parts.append((reconstruction.detach(), regulariser.detach(), len(batch[0])))

    def epoch_means(self) -> tuple[float, float]:
        """Return reconstruction and regulariser, averaged over the epoch's images, and start afresh."""
        reconstructions, regularisers, sizes = zip(*self.parts, strict=True)
        n = torch.tensor(sizes, dtype=torch.float64)
        self.parts.clear()
        reconstruction, regulariser = (
            float((torch.stack(values).double().cpu() * n).sum() / n.sum())
            for values in (list(reconstructions), list(regularisers))
        )
        return reconstruction, regulariser

    def configure_optimizers(self) -> Any:
        """Return AdamW, fused."""
        config = self.config
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
        if self.checkpoint is not None:
            self.checkpoint.restore(self.model, self.optimizer)
        return self.optimizer


def one_cycle(step: int, n_steps: int, peak: int) -> float:
    """Return the share of the peak learning rate at a step: up from 1/25 along a cosine, then down to 1/10,000.

    Examples
    --------
    >>> [round(one_cycle(step, 100, 10), 3) for step in (0, 5, 10, 100)]
    [0.04, 0.52, 1.0, 0.0]
    """
    if step <= peak:
        low, share = 1 / 25, step / peak
        return low + (1 - low) * (1 - math.cos(math.pi * share)) / 2
    low, share = 1e-4, (step - peak) / max(1, n_steps - peak)
    return low + (1 - low) * (1 + math.cos(math.pi * min(1.0, share))) / 2


class Watch(lightning.Callback):
    """Seeds each epoch, writes its row of history, keeps a checkpoint of it, takes snapshots, hears a stop."""

    def __init__(
        self, batches: Batches, heldout: ImageDataset, corrupted: Corruption, seed: int, first: int, flipbook: Flipbook
    ) -> None:
        self.batches, self.heldout, self.corruption, self.seed = batches, heldout, corrupted, seed
        self.epoch, self.flipbook = first, flipbook
        self.history: list[Row] = []
        self.told: OnEpoch | None = None
        self.stop: Callable[[], bool] | None = None
        self.start = time.perf_counter()
        self.before = 0.0  # seconds of earlier sittings

    def on_train_epoch_start(self, trainer: lightning.Trainer, plan: Any) -> None:
        """Seed what the model draws in this epoch."""
        self.epoch += 1
        self.batches.set_epoch(self.epoch)
        torch.manual_seed(epoch_seed(self.seed, self.epoch))

    def on_train_batch_start(self, trainer: lightning.Trainer, plan: Any, batch: Any, batch_idx: int) -> None:
        """Stop when asked to; take a snapshot when it is time for one."""
        if self.stop and self.stop():
            raise Stopped
        self.flipbook.maybe_take((self.epoch - 1) * len(self.batches) + batch_idx, plan.model)

    def on_train_epoch_end(self, trainer: lightning.Trainer, plan: Any) -> None:
        """Measure, check that the loss is finite, keep, tell."""
        reconstruction, regulariser = plan.epoch_means()
        if not (math.isfinite(reconstruction) and math.isfinite(regulariser)):
            raise Mistake(
                f"the loss is not finite in epoch {self.epoch} (reconstruction {reconstruction}, regulariser "
                f"{regulariser}): try a smaller learning_rate or strength"
            )
        if self.epoch * len(self.batches) in self.flipbook.wanted:
            self.flipbook.maybe_take(self.epoch * len(self.batches), plan.model)
        found = measure(plan.objective, self.heldout, self.corruption)
        row = {
            "epoch": float(self.epoch),
            "train_reconstruction": reconstruction,
            "train_regulariser": regulariser,
            **{f"heldout_{name}": value for name, value in found.items()},
            "seconds": self.before + time.perf_counter() - self.start,
        }
        if not all(math.isfinite(value) for value in row.values()):
            raise Mistake(f"the held-out loss is not finite after epoch {self.epoch}: try a smaller learning_rate")
        self.history.append(row)
        if self.told:
            self.told(row, Checkpoint.of(plan.model, plan.optimizer, self.history, self.flipbook))


def choose_device() -> str:
    """Return ``cuda``, ``mps`` or ``cpu``: the fastest that is here."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def fit(
    design: Design,
    config: TrainConfig,
    train: ImageDataset,
    heldout: ImageDataset,
    on_epoch: OnEpoch | None = None,
    *,
    should_stop: Callable[[], bool] | None = None,
    resume: Checkpoint | None = None,
) -> Fitted:
    """Train a network and return it with its history.

    The random state of the caller is left as it was. Equal seeds and thread counts give equal weights, whether the
    training was interrupted and resumed or not.

    Parameters
    ----------
    design : Design
        Checked by ``autoencoders.check`` beforehand.
    config : TrainConfig
    train, heldout : ImageDataset
        Fitted on the first; the second is only measured, after each epoch.
    on_epoch : callable, optional
        Told each row of history and a checkpoint to keep.
    should_stop : callable, optional
        Asked before each batch.
    resume : Checkpoint, optional
        Of the last whole epoch of the same training.

    Raises
    ------
    Mistake
        When the loss stops being finite.
    Stopped
        When ``should_stop`` said so.
    """
    threads = config.threads or os.cpu_count() or 1
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    device = choose_device()
    corrupted = corruption(design.corruption, design.corruption_config)
    batches = Batches(train, corrupted, config.batch_size, config.seed, config.shift, device)
    n_steps = len(batches) * config.epochs
    first = 0 if resume is None else len(resume.history)
    flipbook = Flipbook(heldout, corrupted, n_steps if config.snapshots else None)
    watch = Watch(batches, heldout, corrupted, config.seed, first, flipbook)
    watch.told, watch.stop = on_epoch, should_stop
    if resume is not None:
        watch.history = list(resume.history)
        watch.before = resume.history[-1]["seconds"]
        flipbook.steps, flipbook.codes = resume.snapshots()
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(epoch_seed(config.seed, 0))
            model = build(design, corrupted.input_shape(train.shape), train.shape)
            if resume is None and type(model).start_at is not Autoencoder.start_at:
                batches.set_epoch(0)
                model.start_at(*_mean_images(batches))
            plan = Plan(Objective(model, penalty(design), design.loss(config)), config, n_steps, first * len(batches))
            plan.checkpoint = resume
            if first < config.epochs:
                _quiet_trainer(config.epochs - first, device, watch).fit(plan, batches)
            elif resume is not None:
                resume.restore(model, None)
    finally:
        torch.set_num_threads(before)
    seconds = watch.before + time.perf_counter() - watch.start
    model = model.cpu().eval()
    settle(model)
    speed = len(train) * config.epochs / seconds
    taken = flipbook.arrays() if config.snapshots else {}
    return Fitted(model, watch.history, taken, seconds, speed, device, threads)


def _mean_images(batches: Batches, n_batches: int = 8) -> tuple[Tensor, Tensor]:
    """Return the mean of what goes in and of what should come out, ``(c, h, w)`` each, over a few batches."""
    some = list(islice(batches, n_batches))
    return tuple(torch.cat(part).mean(dim=0).cpu() for part in zip(*some, strict=True))  # type: ignore[return-value]


def _quiet_trainer(epochs: int, device: str, watch: Watch) -> lightning.Trainer:
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="pytorch_lightning")
    return lightning.Trainer(
        max_epochs=epochs,
        accelerator={"cuda": "gpu"}.get(device, device),
        devices=1,
        callbacks=[watch],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )

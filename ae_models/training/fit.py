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
from ae_models.base import ImageDataset, UserError
from ae_models.base.config import Design, TrainConfig
from ae_models.corruptions import corruption
from ae_models.training.checkpoint import Checkpoint
from ae_models.training.feeding import Batch, Batches, epoch_seed
from ae_models.training.progress_samples import ProgressSamples, Show
from ae_models.training.scoring import Objective
from ae_models.training.snapshots import Flipbook
from ae_models.training.watch import Halt, OnEpoch, Row, Watch


class Stopped(Exception):
    """Training was asked to stop; what the last whole epoch left is in its checkpoint.

    ``fitted`` is the network as it was at that moment, where ``fit`` was asked to keep it and it had learned anything.
    """

    def __init__(self, fitted: Fitted | None) -> None:
        super().__init__()
        self.fitted = fitted


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


class TrainingModule(lightning.LightningModule):
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
    weights: dict[str, Tensor] | None = None,
    show: Show | None = None,
    keep: bool = False,
) -> Fitted:
    """Train a network and return it with its history.

    The random state of the caller is left as it was. Equal seeds and thread counts give equal weights, whether the
    training was interrupted and resumed or not, whether somebody watched or not.

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
    weights : dict, optional
        To begin with, of a network of the same design; by default drawn from the seed.
    show : callable, optional
        Shown glimpses of the training; see ``ProgressSamples``.
    keep : bool
        When stopped, measure the network as it is then and hand it over in ``Stopped``.

    Raises
    ------
    UserError
        When the loss stops being finite; when checkpoint or weights belong to another design.
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
    if show is not None:
        watch.glimpses = ProgressSamples(show, heldout, corrupted, len(batches))
    if resume is not None:
        watch.history = list(resume.history)
        watch.before = resume.history[-1]["seconds"]
        flipbook.steps, flipbook.codes = resume.snapshots()

    def fitted(plan: TrainingModule) -> Fitted:
        seconds = watch.before + time.perf_counter() - watch.start
        settle(plan.model.cpu().eval())
        taken = flipbook.arrays() if config.snapshots else {}
        speed = len(train) * plan.step / len(batches) / seconds
        return Fitted(plan.model, watch.history, taken, seconds, speed, device, threads)

    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(epoch_seed(config.seed, 0))
            model = build(design, corrupted.input_shape(train.shape), train.shape)
            if weights is not None and resume is None:
                _put(weights, model)
            elif resume is None and type(model).start_at is not Autoencoder.start_at:
                batches.set_epoch(0)
                model.start_at(*_mean_images(batches))
            plan = TrainingModule(
                Objective(model, penalty(design), design.loss(config)), config, n_steps, first * len(batches)
            )
            plan.checkpoint = resume
            if first < config.epochs:
                _quiet_trainer(config.epochs - first, device, watch).fit(plan, batches)
            elif resume is not None:
                resume.restore(model, None)
    except Halt:
        if not keep or not plan.step:
            raise Stopped(None) from None
        plan.model.to(device)  # Lightning takes a network off its device when it is left
        if plan.parts:
            watch.history.append(watch.row(plan, plan.step / len(batches)))
        if config.snapshots:
            flipbook.take(plan.step, plan.model)
        raise Stopped(fitted(plan)) from None
    finally:
        torch.set_num_threads(before)
    return fitted(plan)


def _put(weights: dict[str, Tensor], model: Autoencoder) -> None:
    try:
        model.load_state_dict(weights)
    except RuntimeError:
        raise UserError("these weights belong to another design: nothing was trained") from None


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

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

from ae_models.autoencoders import Design, build, penalty
from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.penalty import settle
from ae_models.base import ImageDataset, UserError
from ae_models.base.config import TrainConfig
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


@dataclass(frozen=True)
class Observer:
    """Who follows a training.

    Parameters
    ----------
    on_epoch : callable, optional
        Told each row of history and a checkpoint to keep.
    should_stop : callable, optional
        Asked before each batch.
    show : callable, optional
        Shown samples of its progress; see ``ProgressSamples``.
    """

    on_epoch: OnEpoch | None = None
    should_stop: Callable[[], bool] | None = None
    show: Show | None = None


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
    observer: Observer | None = None,
    *,
    resume: Checkpoint | None = None,
    weights: dict[str, Tensor] | None = None,
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
    observer : Observer, optional
    resume : Checkpoint, optional
        Of the last whole epoch of the same training.
    weights : dict, optional
        To begin with, of a network of the same design; by default drawn from the seed.
    keep : bool
        When stopped, measure the network as it is then and hand it over in ``Stopped``.

    Raises
    ------
    UserError
        When the loss stops being finite; when checkpoint or weights belong to another design.
    Stopped
        When the observer's ``should_stop`` said so.
    """
    threads = config.threads or os.cpu_count() or 1
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    work = _Work(design, config, train, heldout, observer or Observer(), resume)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(epoch_seed(config.seed, 0))
            work.start(weights)
            work.train()
    except Halt:
        raise Stopped(work.fitted(threads) if keep and work.halted() else None) from None
    finally:
        torch.set_num_threads(before)
    return work.fitted(threads)


class _Work:
    """One training: its batches, its network, and what watches it."""

    def __init__(
        self,
        design: Design,
        config: TrainConfig,
        train: ImageDataset,
        heldout: ImageDataset,
        observer: Observer,
        resume: Checkpoint | None,
    ) -> None:
        self.design, self.config, self.resume = design, config, resume
        self.shape, self.n_images, self.device = train.shape, len(train), choose_device()
        self.corruption = corruption(design.corruption, design.corruption_config)
        self.batches = Batches(train, self.corruption, config.batch_size, config.seed, config.shift, self.device)
        self.n_steps = len(self.batches) * config.epochs
        self.first = 0 if resume is None else len(resume.history)
        self.flipbook = Flipbook(heldout, self.corruption, self.n_steps if config.snapshots else None)
        self.watch = Watch(self.batches, heldout, self.corruption, config.seed, self.first, self.flipbook)
        self.watch.on_epoch, self.watch.should_stop = observer.on_epoch, observer.should_stop
        if observer.show is not None:
            self.watch.progress_samples = ProgressSamples(observer.show, heldout, self.corruption, len(self.batches))
        if resume is not None:
            self.watch.history = list(resume.history)
            self.watch.before = resume.history[-1]["seconds"]
            self.flipbook.steps, self.flipbook.codes = resume.snapshots()
        self.plan: TrainingModule

    def start(self, weights: dict[str, Tensor] | None) -> None:
        """Make the network: drawn from the seed, with these weights, or, in ``train``, as its checkpoint left it."""
        model = build(self.design, self.corruption.input_shape(self.shape), self.shape)
        if weights is not None and self.resume is None:
            _put(weights, model)
        elif self.resume is None and type(model).start_at is not Autoencoder.start_at:
            self.batches.set_epoch(0)
            model.start_at(*_mean_images(self.batches))
        objective = Objective(model, penalty(self.design), self.design.loss(self.config))
        self.plan = TrainingModule(objective, self.config, self.n_steps, self.first * len(self.batches))
        self.plan.checkpoint = self.resume

    def train(self) -> None:
        """Train for the epochs that are left."""
        if self.first < self.config.epochs:
            trainer = _quiet_trainer(self.config.epochs - self.first, self.device, self.watch)
            trainer.fit(self.plan, self.batches)
        elif self.resume is not None:
            self.resume.restore(self.plan.model, None)

    def halted(self) -> bool:
        """Measure the network as it is in the middle of an epoch; say whether it has learned anything."""
        plan = self.plan
        if not plan.step:
            return False
        plan.model.to(self.device)  # Lightning takes a network off its device when it is left
        if plan.parts:
            self.watch.history.append(self.watch.row(plan, plan.step / len(self.batches)))
        if self.config.snapshots:
            self.flipbook.take(plan.step, plan.model)
        return True

    def fitted(self, threads: int) -> Fitted:
        """Return the network, ready to be used, with its history."""
        plan, watch = self.plan, self.watch
        seconds = watch.before + time.perf_counter() - watch.start
        settle(plan.model.cpu().eval())
        taken = self.flipbook.arrays() if self.config.snapshots else {}
        speed = self.n_images * plan.step / len(self.batches) / seconds
        return Fitted(plan.model, watch.history, taken, seconds, speed, self.device, threads)


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

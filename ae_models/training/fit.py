"""Training a network: Lightning with everything that costs time turned off."""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytorch_lightning as lightning
import torch
from torch import Tensor

from ae_models.autoencoders import build
from ae_models.autoencoders.autoencoder import Autoencoder, reconstruction_loss
from ae_models.base import ImageDataset, Mistake
from ae_models.config import Config, TrainConfig
from ae_models.training.feeding import Batches

OnEpoch = Callable[[dict[str, float]], None]


@dataclass
class Fitted:
    """A trained network and how it came about."""

    model: Autoencoder
    history: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    images_per_second: float = 0.0
    device: str = "cpu"
    threads: int = 1


class Plan(lightning.LightningModule):
    """One step of training: squared error, fused AdamW, a one-cycle schedule a step at a time."""

    def __init__(self, model: Autoencoder, config: TrainConfig, n_steps: int) -> None:
        super().__init__()
        self.model, self.config, self.n_steps = model, config, n_steps
        self.sum = torch.zeros(())

    def training_step(self, batch: Tensor, _index: int) -> Tensor:
        """Return the SSE of a batch and add it to the epoch's sum."""
        loss = reconstruction_loss(self.model(batch), batch)
        self.sum += loss.detach() * len(batch)
        return loss

    def configure_optimizers(self) -> Any:
        """Return AdamW, fused, under a one-cycle schedule (Smith & Topin 2018) that warms up for a tenth."""
        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=self.config.learning_rate, weight_decay=self.config.weight_decay, fused=True
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, self.config.learning_rate, total_steps=max(2, self.n_steps + 1), pct_start=0.1
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


class EachEpoch(lightning.Callback):
    """Writes a row of history an epoch: train error as it went by, held-out error measured after."""

    def __init__(self, train_size: int, heldout: ImageDataset, told: OnEpoch | None) -> None:
        self.train_size, self.heldout, self.told = train_size, heldout, told
        self.history: list[dict[str, float]] = []
        self.start = time.perf_counter()

    def on_train_epoch_start(self, trainer: lightning.Trainer, plan: Any) -> None:
        """Start the epoch's sum at zero, on the right device."""
        plan.sum = torch.zeros((), device=plan.device)

    def on_train_epoch_end(self, trainer: lightning.Trainer, plan: Any) -> None:
        """Measure, check that the loss is finite, tell."""
        train = float(plan.sum) / self.train_size
        row = {
            "epoch": float(trainer.current_epoch + 1),
            "train_sse": train,
            "heldout_sse": heldout_sse(plan.model, self.heldout),
            "seconds": time.perf_counter() - self.start,
        }
        if not all(map(_finite, row.values())):
            raise Mistake(f"the loss is not finite in epoch {row['epoch']:.0f} ({train}): try a smaller learning_rate")
        self.history.append(row)
        if self.told:
            self.told(row)


def _finite(value: float) -> bool:
    return value == value and abs(value) != float("inf")


@torch.no_grad()
def heldout_sse(model: Autoencoder, dataset: ImageDataset, batch_size: int = 1000) -> float:
    """Return the SSE (summed over pixels, averaged over images) of a network on clean images."""
    device = next(model.parameters()).device
    model.eval()
    total = 0.0
    for start in range(0, len(dataset), batch_size):
        batch = torch.from_numpy(dataset.images(slice(start, start + batch_size))).to(device)
        total += float(reconstruction_loss(model(batch), batch)) * len(batch)
    model.train()
    return total / len(dataset)


def choose_device() -> str:
    """Return ``cuda``, ``mps`` or ``cpu``: the fastest that is here."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def fit(
    model_name: str,
    model_config: Config,
    config: TrainConfig,
    train: ImageDataset,
    heldout: ImageDataset,
    on_epoch: OnEpoch | None = None,
) -> Fitted:
    """Train a network and return it with its history.

    The random state of the caller is left as it was. Equal seeds and thread counts give equal weights.

    Parameters
    ----------
    model_name, model_config
        A line of ``ARCHITECTURES`` and its configuration.
    config : TrainConfig
    train, heldout : ImageDataset
        Fitted on the first; the second is only measured, after each epoch.
    on_epoch : callable, optional
        Told each row of history as it comes.

    Raises
    ------
    Mistake
        When the loss stops being finite.
    """
    threads = config.threads or os.cpu_count() or 1
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    device = choose_device()
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            model = build(model_name, train.shape, model_config)
            batches = Batches(train, config.batch_size, config.seed, device)
            watcher = EachEpoch(len(train), heldout, on_epoch)
            plan = Plan(model, config, len(batches) * config.epochs)
            _quiet_trainer(config.epochs, device, watcher).fit(plan, batches)
    finally:
        torch.set_num_threads(before)
    seconds = time.perf_counter() - watcher.start
    speed = len(train) * config.epochs / seconds
    return Fitted(model.cpu().eval(), watcher.history, seconds, speed, device, threads)


def _quiet_trainer(epochs: int, device: str, watcher: EachEpoch) -> lightning.Trainer:
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="pytorch_lightning")
    return lightning.Trainer(
        max_epochs=epochs,
        accelerator={"cuda": "gpu"}.get(device, device),
        devices=1,
        callbacks=[watcher],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )

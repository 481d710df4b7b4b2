"""Train this on that: the network, its score on held-out images, its run folder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from ae_models import datasets
from ae_models.base import Progress, Splits, UserError, paths
from ae_models.recipes.baseline import pca_baseline
from ae_models.recipes.mapping import fit_pca
from ae_models.recipes.run_folder import about_training, epochs_of, files, slug, starting_weights, title
from ae_models.recipes.train_request import TrainRequest
from ae_models.runs import ModelRecord, RunRecord, RunStore, new_id, own_runs, unfinished_runs
from ae_models.runs.scoring import about_data, write_scored
from ae_models.runs.serving import find_run

if TYPE_CHECKING:
    from ae_models.training.checkpoint import Checkpoint
    from ae_models.training.fit import Fitted

Watch = Callable[[str, dict[str, Any]], None]
"""Called with a kind and values, some of them arrays: ``scene`` and ``glimpse`` (see ``training.glimpses``),
``epoch`` (a ``row`` of history), ``kept`` (a checkpoint of so many ``epochs``), ``floor`` (the ``sse`` of the best
linear model), ``run`` (the ``id`` of what was written)."""


@dataclass(frozen=True)
class Destination:
    """Where a run is written, and as what.

    Parameters
    ----------
    store, run_id
        By default the own runs, and a new id.
    shipped : bool
        Round the weights to float16 before scoring, and leave out ``weights.safetensors``.
    keep_codes : bool
        Without it the codes of held-out images are made when they are needed.
    purpose : str
        What stands on its card.
    """

    store: RunStore | None = None
    run_id: str | None = None
    shipped: bool = False
    keep_codes: bool = True
    purpose: str = ""


def train(
    order: TrainRequest,
    progress: Progress | None = None,
    *,
    to: Destination | None = None,
    should_stop: Callable[[], bool] | None = None,
    watch: Watch | None = None,
    keep: bool = False,
    owner: str = "",
) -> RunRecord:
    """Train an autoencoder, score it on held-out images, write a run; return its record.

    After each epoch a checkpoint is kept, so that ``resume`` can go on where this ended.

    Parameters
    ----------
    order : TrainRequest
    progress : callable, optional
        Told the share done and a line after each epoch.
    to : Destination, optional
        Where the run is written; by default among the own runs, under a new id.
    should_stop : callable, optional
        Asked before each batch; when it says so, ``Interrupted`` is raised.
    watch : callable, optional
        Shown the training as it goes on; see ``Watch``. The weights are the same with and without it.
    keep : bool
        Write a run of what was learned when it is stopped or its loss runs away, under an id of its own.
    owner : str
        The visitor whose run it will be; "" for nobody.

    Raises
    ------
    Interrupted
        When ``should_stop`` said so.
    Diverged
        When the loss is not finite any more.
    """
    to = to or Destination()
    run_id = to.run_id or new_id(slug(order))
    return _Training(order, run_id, to, progress, watch, keep, owner).run(None, should_stop)


def resume(
    run_id: str,
    progress: Progress | None = None,
    *,
    should_stop: Callable[[], bool] | None = None,
    watch: Watch | None = None,
    keep: bool = False,
    owner: str = "",
) -> RunRecord:
    """Go on with an interrupted training from its last whole epoch; the result is that of an unbroken one."""
    from ae_models.training.checkpoint import Checkpoint

    order, content = unfinished_runs().read(run_id)
    checkpoint = Checkpoint.from_bytes(content)
    try:
        again = TrainRequest.from_dict(order)
    except UserError as mistake:
        raise UserError(f"interrupted run '{run_id}' is damaged: {mistake}") from None
    return _Training(again, run_id, Destination(), progress, watch, keep, owner).run(checkpoint, should_stop)


class Interrupted(Exception):
    """Training was asked to stop. ``run_id`` can be resumed if at least one epoch was done.

    ``kept`` is the run of what was learned by then, where ``train`` was told to keep it and anything was learned.
    """

    def __init__(self, run_id: str, epochs: int, kept: RunRecord | None = None) -> None:
        super().__init__(run_id)
        self.run_id, self.epochs, self.kept = run_id, epochs, kept


class Diverged(UserError):
    """The loss is not finite any more. ``kept`` is the run of the last whole epoch before, as in ``Interrupted``."""

    def __init__(self, words: str, kept: RunRecord | None) -> None:
        super().__init__(words)
        self.kept = kept


@dataclass
class _Training:
    """One training from its order to its run."""

    order: TrainRequest
    run_id: str
    to: Destination
    progress: Progress | None
    watch: Watch | None
    keep: bool
    owner: str

    def __post_init__(self) -> None:
        self.done = 0  # whole epochs
        self.last: Checkpoint | None = None  # of the last of them
        self.store = self.to.store or own_runs()
        paths.writable(self.store.root)
        order = self.order
        self.splits = chosen_rows(datasets.load(order.dataset, order.variant), order.training.n_images)

    def run(self, checkpoint: Checkpoint | None, should_stop: Callable[[], bool] | None) -> RunRecord:
        """Train, from the beginning or from a checkpoint, and write the run."""
        from ae_models.training.fit import Observer, Stopped, fit
        from ae_models.training.scoring import NotFinite

        order, splits = self.order, self.splits
        self.last, self.done = checkpoint, 0 if checkpoint is None else len(checkpoint.history)
        floor = self._floor()
        try:
            fitted = fit(
                order.design,
                order.training,
                splits.train,
                splits.heldout,
                Observer(self._epoch, should_stop, self.watch),
                resume=checkpoint,
                weights=starting_weights(order.start, splits) if order.start and checkpoint is None else None,
                keep=self.keep,
            )
        except Stopped as stopped:
            kept = None if stopped.fitted is None else self._write(stopped.fitted, new_id(slug(order)))
            raise Interrupted(self.run_id, self.done, kept) from None
        except NotFinite as mistake:
            raise Diverged(str(mistake), self._last_epoch() if self.keep else None) from None
        written = self._write(fitted, self.run_id)
        unfinished_runs().remove(self.run_id)
        if floor is not None:
            floor.join(60)
        if not self.to.shipped:
            with suppress(UserError):  # a disk that is full by now: the run itself is whole, and PCA is only beside it
                self._fit_pca()
        return written

    def _fit_pca(self) -> None:
        """Fit the PCA maps that are shown beside the run."""
        train = self.splits.train
        for k in sorted({2, 3, self.order.design.latent_dim}):
            if k <= min(len(train), int(np.prod(train.shape))):
                fit_pca(self.splits, k)

    def _epoch(self, row: dict[str, float], made: Checkpoint) -> None:
        """Keep an epoch, and tell of it."""
        n_epochs = self.order.training.epochs
        self.done, self.last = round(row["epoch"]), made
        if self.done < n_epochs:
            unfinished_runs().write(self.run_id, self.order.to_dict(), made.to_bytes())
        if self.watch:
            self.watch("epoch", {"row": row})
            if self.done < n_epochs:
                self.watch("kept", {"epochs": self.done})
        if self.progress:
            self.progress(
                self.done / n_epochs,
                f"epoch {self.done} of {n_epochs}: train {row['train_reconstruction']:.2f}, "
                f"held-out SSE {row['heldout_sse']:.2f}",
            )

    def _floor(self) -> Thread | None:
        """Find the floor beside the training, and tell of it when it is found."""
        watch, design = self.watch, self.order.design
        if watch is None:
            return None
        choice = ModelRecord(name=design.corruption, config=design.corruption_config.model_dump(mode="json"))

        def find() -> None:
            watch("floor", {"sse": pca_baseline(self.splits, choice, design.latent_dim)})

        thread = Thread(target=find, daemon=True, name="floor")
        thread.start()
        return thread

    def _last_epoch(self) -> RunRecord | None:
        """Write a run of the last whole epoch, if there is one."""
        from ae_models.training.fit import fit

        if self.last is None:
            return None
        whole = self.order.training.model_copy(update={"epochs": self.done})
        fitted = fit(self.order.design, whole, self.splits.train, self.splits.heldout, resume=self.last)
        return self._write(fitted, new_id(slug(self.order)))

    def _write(self, fitted: Fitted, run_id: str) -> RunRecord:
        """Score a network and write its run."""
        order, splits = self.order, self.splits
        record = {
            **about_data(splits),
            "id": run_id,
            "title": order.name or title(order.design),
            "origin": "shipped" if self.to.shipped else "local",
            "purpose": self.to.purpose,
            "owner": self.owner,
            **about_training(order, fitted),
        }
        if run_id != self.run_id:
            checkpoint = self.run_id if self.done and self.done < order.training.epochs else ""
            record["stopped"] = {
                "epoch": fitted.history[-1]["epoch"],
                "of": order.training.epochs,
                "checkpoint": checkpoint,
            }
        if order.start:
            record["parent"] = {"run": order.start, "epochs": epochs_of(find_run(order.start)[1])}
        content = files(fitted, self.to.shipped)
        written = write_scored(self.store, record, content, splits.heldout, keep_codes=self.to.keep_codes)
        if self.watch:
            self.watch("run", {"id": written.id})
        return written


def chosen_rows(splits: Splits, n_images: int) -> Splits:
    """Return the splits with the first ``n_images`` training images only; 0 takes all."""
    if n_images > len(splits.train):
        raise UserError(f"n_images must be at most {len(splits.train):,}, the training images here: got {n_images:,}")
    if not n_images:
        return splits
    return Splits(splits.train.take(np.arange(n_images)), splits.heldout, splits.variant)

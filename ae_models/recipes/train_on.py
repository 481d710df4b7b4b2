"""Train on from where a finished run ended: its weights, more epochs, a new run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ae_models.base import Progress, UserError
from ae_models.recipes.train_request import TrainRequest, order_of
from ae_models.recipes.training import Watch, train
from ae_models.runs import RunRecord
from ae_models.runs.serving import find_run


def order_on(run_id: str, epochs: int | None = None) -> TrainRequest:
    """Return the order that trains on from a finished run.

    Parameters
    ----------
    run_id : str
        A run with ``weights.safetensors``: own ones have it, shipped and imported ones mostly do not.
    epochs : int, optional
        How many more; by default as many as the run's own order had.

    Raises
    ------
    UserError
        When there is no such run, it has no weights, or it was not trained here.
    """
    _, record = find_run(run_id)
    if "weights.safetensors" not in record.files:
        raise UserError(
            f"run '{run_id}' has no weights to train on from (shipped runs leave them out): train a new one"
        )
    order = order_of(record)
    training = order.training
    if epochs is not None:
        training = type(training).of(**{**training.model_dump(), "epochs": epochs})
    return replace(order, training=training, start=run_id)


def train_on(
    run_id: str,
    epochs: int | None = None,
    progress: Progress | None = None,
    *,
    should_stop: Callable[[], bool] | None = None,
    watch: Watch | None = None,
    keep: bool = False,
) -> RunRecord:
    """Train a finished run for more epochs and write that as a new run; the old one stays.

    The weights are the run's; the optimiser and its schedule begin afresh, so this is not what one longer training
    would have given. The new run names the old one as its ``parent``.
    """
    return train(order_on(run_id, epochs), progress, should_stop=should_stop, watch=watch, keep=keep)

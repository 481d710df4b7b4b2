"""What an order will take: the size of its network, and the time of an epoch, from a short measurement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from ae_models import datasets
from ae_models.corruptions import corruption
from ae_models.recipes.train_request import TrainRequest
from ae_models.recipes.training import chosen_rows


@dataclass(frozen=True)
class Measured:
    """What an order will take.

    Parameters
    ----------
    n_parameters : int
    layers : list of dict
        See ``training.measuring.outline``: the sketch of the network.
    seconds_per_epoch : float
        On the machine that measured, with ``threads`` threads.
    seconds : float
        All epochs together.
    n_images, epochs, threads : int
    """

    n_parameters: int
    layers: list[dict[str, Any]]
    seconds_per_epoch: float
    seconds: float
    n_images: int
    epochs: int
    threads: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def outline(order: TrainRequest) -> tuple[int, list[dict[str, Any]]]:
    """Return the number of parameters of an order's network and its layers; cheap, whatever its size."""
    from ae_models.training.measuring import outline as outline_of

    shape = datasets.source(order.dataset).shape
    corrupted = corruption(order.design.corruption, order.design.corruption_config)
    return outline_of(order.design, corrupted.input_shape(shape), shape)


def measure(order: TrainRequest, *, should_stop: Callable[[], bool] | None = None) -> Measured:
    """Build an order's network, time a few steps, and return what the whole will take."""
    from ae_models.training.measuring import seconds_an_epoch

    n_parameters, layers = outline(order)
    splits = chosen_rows(datasets.load(order.dataset, order.variant), order.training.n_images)
    seconds = seconds_an_epoch(order.design, order.training, splits.train, splits.heldout, should_stop)
    epochs = order.training.epochs
    return Measured(n_parameters, layers, seconds, seconds * epochs, len(splits.train), epochs, order.training.threads)

"""How large a network is and how fast it trains here, from its shape and a few steps."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import torch
from torch import nn

from ae_models.autoencoders import Design, build, penalty
from ae_models.base import ImageDataset, Shape
from ae_models.base.config import TrainConfig
from ae_models.corruptions import corruption
from ae_models.training.feeding import Batches
from ae_models.training.fit import TrainingModule, choose_device
from ae_models.training.scoring import Objective, measure

_STEPS = (2, 24)  # thrown away; measured at most
_ENOUGH = 0.5  # seconds of measured steps


def outline(design: Design, input_shape: Shape, output_shape: Shape) -> tuple[int, list[dict[str, Any]]]:
    """Return a network's number of parameters and its layers, without making room for its weights.

    Each layer is ``{"name", "shape", "parameters"}``: its kind, the shape of what it gives for one image, its own
    parameters; in the order the image passes them. The one that gives the code has ``"code": true``.
    """
    with torch.device("meta"):
        model = build(design, input_shape, output_shape)
        layers: list[dict[str, Any]] = []

        def passed(module: nn.Module, _inputs: Any, output: Any) -> None:
            own = sum(parameter.numel() for parameter in module.parameters())
            kind = type(module).__name__.removeprefix("Parametrized")  # a decoder held to unit columns
            layers.append({"name": kind, "shape": list(output.shape[1:]), "parameters": own})

        for module in model.modules():
            if hasattr(module, "weight"):
                module.register_forward_hook(passed)
        model.eval()
        codes = model.encode(torch.zeros(1, *input_shape))
        layers[-1] |= {"code": True, "shape": [codes.shape[1]]}
        model.decode(codes)
    return sum(parameter.numel() for parameter in model.parameters()), layers


def seconds_an_epoch(
    design: Design,
    config: TrainConfig,
    train: ImageDataset,
    heldout: ImageDataset,
    should_stop: Callable[[], bool] | None = None,
) -> float:
    """Return what an epoch would take here, held-out measurement and all, from half a second of steps.

    The random state of the caller is left as it was.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(config.threads or os.cpu_count() or 1)
    device = choose_device()
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            corrupted = corruption(design.corruption, design.corruption_config)
            batches = Batches(train, corrupted, config.batch_size, config.seed, config.shift, device)
            model = build(design, corrupted.input_shape(train.shape), train.shape).to(device)
            plan = TrainingModule(Objective(model, penalty(design), design.loss(config)), config, len(batches), 0)
            plan.configure_optimizers()
            thrown, most = _STEPS
            stepped, start = 0, time.perf_counter()
            for number, batch in enumerate(islice(batches, thrown + most)):
                if number == thrown:
                    stepped, start = 0, time.perf_counter()
                plan.training_step(batch, number)
                stepped += 1
                if (number > thrown and time.perf_counter() - start > _ENOUGH) or (should_stop and should_stop()):
                    break
            step = (time.perf_counter() - start) / stepped
            some = heldout.take(torch.arange(min(500, len(heldout))).numpy())
            start = time.perf_counter()
            measure(plan.objective, some, corrupted)
            held = (time.perf_counter() - start) / len(some)
    finally:
        torch.set_num_threads(before)
    return step * len(batches) + held * len(heldout)

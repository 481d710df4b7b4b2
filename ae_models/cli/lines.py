"""An order as the line that gives it on the command line."""

from __future__ import annotations

import shlex
from typing import Any

from ae_models import datasets
from ae_models.base.config import Config
from ae_models.recipes import TrainRequest


def line_of(order: TrainRequest) -> str:
    """Return the command that trains what an order asks for; settings at their default are left out.

    Examples
    --------
    >>> line_of(TrainRequest.of("dense", "digits", settings={"latent_dim": 3, "widths": "64,32"}))
    'python -m ae_models train --model dense --dataset digits --latent-dim 3 --epochs 20 --set widths=64,32'
    """
    design = order.design
    words = ["python", "-m", "ae_models", "train", "--model", design.model, "--dataset", order.dataset]
    for option, value in (("--corruption", design.corruption), ("--penalty", design.penalty)):
        words += [option, value] if value != "none" else []
    words += ["--latent-dim", str(design.latent_dim), "--epochs", str(order.training.epochs)]
    words += ["--seed", str(order.training.seed)] if order.training.seed else []
    words += ["--name", order.name] if order.name else []
    words += ["--variant", order.variant] if order.variant != datasets.source(order.dataset).resolve("auto") else []
    pairs = [
        f"{name}={_text(value)}"
        for config in (design.model_config, design.corruption_config, design.penalty_config, order.training)
        for name, value in _changed(config).items()
        if name not in ("latent_dim", "epochs", "seed")
    ]
    return shlex.join([*words, *(["--set", *pairs] if pairs else [])])


def _changed(config: Config) -> dict[str, Any]:
    """Return the values of a config that are not its class's defaults."""
    fields = type(config).model_fields
    return {name: value for name, value in config.model_dump().items() if value != fields[name].default}


def _text(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ",".join(_text(one) for one in value)
    return repr(value) if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)

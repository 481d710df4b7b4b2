"""Ask one metric about one method; whatever is wrong with the input becomes one line, never an exception."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from ae_models.metrics.checks import require
from ae_models.metrics.values import Material, Metric, NoValue, Value


def ask(metric: Metric, material: Material) -> Value:
    """Return what a metric says of a material; where it has no value, ``why`` says so in one line."""
    module, _, name = metric.target.partition(":")
    try:
        require(metric, material)
        value: Value = getattr(import_module(module), name)(material)
    except NoValue as reason:
        return Value(None, why=str(reason), seed=material.seed)
    if value.value is not None and not np.isfinite(value.value):
        return Value(None, why="the result is not a finite number: the values are too large", seed=material.seed)
    return value

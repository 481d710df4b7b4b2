"""Small data to train on, and one way to train."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import Splits


@pytest.fixture(scope="session")
def digits() -> Splits:
    """The small digits: 1,437 images to fit on, 360 held out."""
    return datasets.load("digits")


@pytest.fixture(scope="session")
def some_mnist() -> Splits:
    """300 training and 100 held-out images of the bundled MNIST."""
    whole = datasets.load("mnist", "bundled")
    return Splits(whole.train.take(np.arange(300)), whole.heldout.take(np.arange(100)), "bundled")


@pytest.fixture(scope="session")
def trained(design_of: Callable[..., Any]) -> Callable[..., Any]:
    """``trained(splits, "dense", seed=1, epochs=3)``: a network fitted on one thread."""
    from ae_models.base.config import TrainConfig
    from ae_models.training.fit import Observer, fit

    def made(splits: Splits, model: str = "dense", *, fit_with: dict[str, Any] | None = None, **more: Any) -> Any:
        names = {key: more.pop(key) for key in ("corruption", "penalty") if key in more}
        training = {key: more.pop(key) for key in list(more) if key in TrainConfig.model_fields}
        config = TrainConfig.of(**{"epochs": 2, "batch_size": 64, "threads": 1, "snapshots": False, **training})
        design = design_of(model, dataset=splits.train.name, **names, **more)
        more = dict(fit_with or {})
        observer = Observer(**{key: more.pop(key) for key in ("on_epoch", "should_stop", "show") if key in more})
        return fit(design, config, splits.train, splits.heldout, observer, **more)

    return made

"""Images to corrupt, and the corruption of a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ae_models.base import FloatArray, IntArray
from ae_models.config import NoConfig
from ae_models.corruptions import CORRUPTIONS, Corruption, corruption


@pytest.fixture(scope="session")
def make() -> Callable[..., Corruption]:
    """``make("masking", share=0.3)``: a corruption with its settings."""

    def made(name: str, **settings: Any) -> Corruption:
        return corruption(name, (CORRUPTIONS.entry(name).config or NoConfig).of(**settings))

    return made


@pytest.fixture(scope="session")
def grey() -> tuple[FloatArray, IntArray, IntArray]:
    """60 grey images ``(60, 1, 16, 16)``, their labels 0 to 9 and their ids."""
    images = np.random.default_rng(0).random((60, 1, 16, 16), dtype=np.float32)
    return images, np.arange(60, dtype=np.int32) % 10, np.arange(100, 160, dtype=np.int32)

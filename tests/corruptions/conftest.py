"""The corruption of a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ae_models.base.config import NoConfig
from ae_models.corruptions import CORRUPTIONS, Corruption, corruption


@pytest.fixture(scope="session")
def make() -> Callable[..., Corruption]:
    """``make("masking", share=0.3)``: a corruption with its settings."""

    def made(name: str, **settings: Any) -> Corruption:
        return corruption(name, (CORRUPTIONS.entry(name).config or NoConfig).of(**settings))

    return made

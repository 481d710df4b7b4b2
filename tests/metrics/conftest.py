"""A data set whose perfect map is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.base import ImageDataset
from tests.metrics.made import images_of


@pytest.fixture(scope="session")
def sheet() -> ImageDataset:
    """400 images of 16 x 16 on a flat sheet in pixel space: two whole numbers spread over 256 pixels, four classes."""
    generator = np.random.default_rng(5)
    place = generator.integers(0, 100, (400, 2))
    pixels = np.zeros((400, 16, 16), np.uint8)
    pixels[:, :8], pixels[:, 8:] = place[:, :1, None], place[:, 1:, None]
    labels = (place[:, 0] >= 50) * 2 + (place[:, 1] >= 50)
    return images_of(pixels, labels)


@pytest.fixture(scope="session")
def flat_map(sheet: ImageDataset) -> Any:
    """The two numbers that the sheet was made from: its perfect map."""
    return sheet.pixels[:, 0, [0, 8], 0].astype(np.float32)

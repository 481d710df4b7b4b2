"""No corruption."""

from __future__ import annotations

from ae_models.base import FloatArray, IntArray
from ae_models.base.config import NoConfig
from ae_models.corruptions.corruption import SameSize


class Clean(SameSize):
    """The network sees the clean image."""

    def __init__(self, config: NoConfig) -> None:
        self.config = config

    def inputs(self, targets: FloatArray, ids: IntArray, seed: int) -> FloatArray:
        """Return the targets."""
        return targets

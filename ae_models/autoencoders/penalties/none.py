"""No penalty."""

from __future__ import annotations

from torch import Tensor

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.penalty import Penalty
from ae_models.base.config import NoConfig


class NoPenalty(Penalty):
    """Only the reconstruction counts: the term is 0."""

    def __init__(self, config: NoConfig) -> None:
        self.config = config

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return 0."""
        return codes.new_zeros(())

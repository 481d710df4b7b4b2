"""The k-sparse code: only the k largest units stay."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.k_sparse_config import KSparseConfig
from ae_models.autoencoders.penalties.penalty import Penalty


class KeepLargest(nn.Module):
    """ReLU, then everything below the k-th largest unit of each code is put to 0.

    At most k units are active (above 0), fewer where ReLU leaves fewer; units that tie with the k-th all stay.
    """

    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k

    def forward(self, values: Tensor) -> Tensor:
        """Return codes ``(n, latent_dim)`` with at most k units above 0 (but for ties)."""
        active = values.relu()
        least = torch.topk(active, self.k, dim=1).values[:, -1:]
        return active * (active >= least)


class KSparse(Penalty):
    """No term: the constraint is in the code's activation, in training and in use alike.

    References
    ----------
    Makhzani & Frey 2014, "k-sparse autoencoders", arXiv 1312.5663.
    """

    def __init__(self, config: KSparseConfig) -> None:
        self.config = config

    def code_activation(self) -> nn.Module:
        """Return ``KeepLargest(k)``."""
        return KeepLargest(self.config.k)

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return 0."""
        return codes.new_zeros(())

"""A target activity: each unit of the code should be on for few images."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.activity_config import ActivityConfig
from ae_models.autoencoders.penalties.penalty import Penalty


class Activity(Penalty):
    r""":math:`\lambda \sum_j \rho\log\frac{\rho}{\hat\rho_j} + (1-\rho)\log\frac{1-\rho}{1-\hat\rho_j}`, in nats.

    :math:`\hat\rho_j` is the mean of unit j over the batch, of a sigmoid code in (0, 1); :math:`\rho` the target. 0
    only when every unit has the target activity. A unit is *active* for an image when its value is above 0.5. This
    divergence is between two coins, and is not the KL of a variational code.

    References
    ----------
    Ng 2011, "Sparse autoencoder", CS294A lecture notes, section 3.
    """

    def __init__(self, config: ActivityConfig) -> None:
        self.config = config

    def code_activation(self) -> nn.Module:
        """Return the sigmoid."""
        return nn.Sigmoid()

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return the term for a batch of codes."""
        target = self.config.target
        mean = codes.mean(dim=0).clamp(1e-6, 1 - 1e-6)
        on = target * (target / mean).log()
        off = (1 - target) * ((1 - target) / (1 - mean)).log()
        return self.config.strength * torch.sum(on + off)

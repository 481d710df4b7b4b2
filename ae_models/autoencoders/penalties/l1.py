"""L1 on the code: a sparse code."""

from __future__ import annotations

from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.l1_config import L1Config
from ae_models.autoencoders.penalties.penalty import Penalty, normalise_decoder


class L1(Penalty):
    r""":math:`\lambda \sum_j |z_j|`, summed over the code and averaged over images, for a ReLU code.

    A unit is *active* for an image when its value is above 0. A decoder with large weights would let the code shrink
    without becoming sparse: the outgoing weights of every unit of the decoder are kept at norm 1.

    References
    ----------
    Olshausen & Field 1997, "Sparse coding with an overcomplete basis set"; Ng 2011, "Sparse autoencoder".
    """

    def __init__(self, config: L1Config) -> None:
        self.config = config

    def code_activation(self) -> nn.Module:
        """Return ReLU."""
        return nn.ReLU()

    def prepare(self, model: Autoencoder) -> None:
        """Normalise the decoder."""
        normalise_decoder(model)

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return the term for a batch of codes."""
        return self.config.strength * codes.abs().sum() / len(codes)

"""The contractive penalty: small changes of an image should hardly move its code."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.contractive_config import ContractiveConfig
from ae_models.autoencoders.penalties.penalty import Penalty, normalise_decoder

EXACT_UP_TO = 16  # units whose gradients are taken one by one; longer codes are probed
N_PROBES = 4


def squared_jacobian_norms(model: Autoencoder, images: Tensor) -> Tensor:
    r"""Return :math:`\lVert \partial z / \partial x \rVert_F^2` of each image, ``(n,)``.

    One layer: the closed form :math:`\sum_j s'(a_j)^2 \lVert w_j \rVert^2`. Otherwise vector-Jacobian products, one
    for each unit of the code; for codes of more than 16 units, four vectors of random signs for each image, whose
    mean square is the norm in expectation (Hutchinson 1990).
    """
    layer = model.first_layer
    if layer is not None:
        with torch.enable_grad():
            before = model.pre_code(images)
            slopes = _slopes(model.code_activation, before)
        return slopes.square() @ layer.weight.square().sum(dim=1)
    with torch.enable_grad():
        x = images.detach().requires_grad_(True)
        codes = model.encode(x)
        k = codes.shape[1]
        if k <= EXACT_UP_TO:
            vectors = torch.eye(k, device=x.device).unsqueeze(1).expand(k, len(x), k)
        else:
            vectors = torch.randint(0, 2, (N_PROBES, len(x), k), device=x.device, dtype=x.dtype) * 2 - 1
        total = x.new_zeros(len(x))
        for vector in vectors:
            (gradient,) = torch.autograd.grad(codes, x, vector, create_graph=True)
            total = total + gradient.flatten(1).square().sum(dim=1)
    return total if k <= EXACT_UP_TO else total / N_PROBES


def _slopes(activation: nn.Module, values: Tensor) -> Tensor:
    if isinstance(activation, nn.Identity):
        return torch.ones_like(values)
    if isinstance(activation, nn.Sigmoid):
        s = values.sigmoid()
        return s * (1 - s)
    raise NotImplementedError(type(activation).__name__)


class Contractive(Penalty):
    r""":math:`\lambda \lVert \partial z / \partial x \rVert_F^2`, averaged over images.

    Unit: squared code units a squared intensity. A small code and a large decoder would make it small for nothing:
    the outgoing weights of every unit of the decoder are kept at norm 1.

    References
    ----------
    Rifai et al. 2011, "Contractive auto-encoders: explicit invariance during feature extraction".
    """

    def __init__(self, config: ContractiveConfig) -> None:
        self.config = config

    def code_activation(self) -> nn.Module:
        """Return the sigmoid, as in the paper."""
        return nn.Sigmoid()

    def prepare(self, model: Autoencoder) -> None:
        """Normalise the decoder."""
        normalise_decoder(model)

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return the term for a batch of images."""
        return self.config.strength * squared_jacobian_norms(model, images).mean()

"""L2 on the weights, as a term of the loss (not the optimiser's decay)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.penalties.l2_config import WeightL2Config
from ae_models.autoencoders.penalties.penalty import Penalty


def _layers(module: nn.Module) -> list[Tensor]:
    kinds = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
    return [layer.weight for layer in module.modules() if isinstance(layer, kinds)]


class WeightL2(Penalty):
    r"""With one strength, :math:`\lambda (\sum_W \lVert W \rVert_F^2)` over all weights of encoder and decoder.

    With one a unit, :math:`\sum_j \lambda_j (\lVert e_j \rVert^2 + \lVert d_j \rVert^2)`, where :math:`e_j` is what
    enters unit j of the code (a row of the encoder's last matrix) and :math:`d_j` what leaves it (a column of the
    decoder's first). Biases are free. Unit: that of the reconstruction, an image.

    On a linear autoencoder with squared error: equal strengths leave only rotations and reflections of the code
    free, and the left singular vectors of the decoder are the principal directions; different ones make the axes
    themselves the principal components. The strength must stay below the k-th eigenvalue of the data.

    References
    ----------
    Kunin et al. 2019, arXiv 1901.08168; Bao et al. 2020, "Regularized linear autoencoders recover the principal
    components, eventually".
    """

    def __init__(self, config: WeightL2Config) -> None:
        self.config = config

    def term(self, model: Autoencoder, images: Tensor, codes: Tensor) -> Tensor:
        """Return the term; it does not depend on the batch."""
        encoder = _layers(model.encoder)
        decoder = [model.encoder.weight.t()] if getattr(model, "tied", False) else _layers(model.decoder)  # type: ignore[operator]
        strength = torch.tensor(self.config.strength, device=codes.device)
        if len(strength) == 1:
            return strength[0] * torch.stack([weight.square().sum() for weight in (*encoder, *decoder)]).sum()
        into = encoder[-1].square().sum(dim=1)[: len(strength)]  # (latent_dim,); a variational mean comes first
        out_of = decoder[0].square().sum(dim=0)
        return (strength * (into + out_of)).sum()

"""The linear autoencoder: with squared error its weights come to span PCA's subspace."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from ae_models.autoencoders.autoencoder import Autoencoder, n_pixels
from ae_models.autoencoders.linear_config import LinearConfig
from ae_models.base import Shape


class LinearAutoencoder(Autoencoder):
    r"""An affine encoder and an affine decoder, :math:`\hat x = D (E x + e) + d`; tied: :math:`D = E^T`.

    With squared error and no penalty the best it can do is PCA: the columns of D span the first ``latent_dim``
    principal directions, and no more can be said of the axes of the code. With a sigmoid output and cross-entropy it
    is logistic PCA.

    References
    ----------
    Baldi & Hornik 1989, "Neural networks and principal component analysis"; Plaut 2018, arXiv 1804.10253.
    """

    def __init__(
        self, input_shape: Shape, output_shape: Shape, config: LinearConfig, code_activation: nn.Module
    ) -> None:
        bounded = config.output == "sigmoid"
        super().__init__(input_shape, output_shape, config.latent_dim, code_activation, bounded)
        self.tied = config.tied
        self.encoder: nn.Linear = nn.Linear(n_pixels(input_shape), config.latent_dim)
        if config.tied:
            self.bias = nn.Parameter(torch.zeros(n_pixels(output_shape)))
        else:
            self.decoder: nn.Linear = nn.Linear(config.latent_dim, n_pixels(output_shape))

    def start_at(self, mean_input: Tensor, mean_output: Tensor) -> None:
        """Start from the mean image, as PCA does: otherwise one direction of the decoder is spent on the mean first."""
        with torch.no_grad():
            self.encoder.bias.copy_(-self.encoder.weight @ mean_input.flatten())
            bias = self.bias if self.tied else self.decoder.bias
            mean = mean_output.flatten()
            bias.copy_(torch.logit(mean.clamp(1e-3, 1 - 1e-3)) if self.bounded else mean)

    def pre_code(self, images: Tensor) -> Tensor:
        """Return the encoder's output ``(n, latent_dim)``."""
        codes: Tensor = self.encoder(images.flatten(1))
        return codes

    def raw(self, codes: Tensor) -> Tensor:
        """Return images ``(n, c, h, w)``; not clipped, so that it stays linear."""
        pixels: Tensor = (
            functional.linear(codes, self.encoder.weight.t(), self.bias) if self.tied else self.decoder(codes)
        )
        return pixels.reshape(-1, *self.output_shape)

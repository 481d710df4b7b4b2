"""The variational autoencoder: the encoder gives a Gaussian for each image, the decoder sees a draw from it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder, Step, n_pixels
from ae_models.autoencoders.conv import conv_decoder, conv_encoder
from ae_models.autoencoders.dense import layers
from ae_models.autoencoders.variational_config import VariationalConfig
from ae_models.base import Shape

LOG_VAR_BOUND = 10.0  # keeps exp(log_var) finite in the first steps of training


def gaussian_kl(mean: Tensor, log_var: Tensor) -> Tensor:
    r"""Return :math:`KL(N(\mu, \sigma^2) \Vert N(0, 1)) = \frac12 \sum_j \mu_j^2 + \sigma_j^2 - \log\sigma_j^2 - 1`.

    In nats, summed over the code and averaged over images; 0 or more, 0 only for the prior itself.

    References
    ----------
    Kingma & Welling 2014, "Auto-encoding variational Bayes", appendix B.
    """
    return 0.5 * (mean.square() + log_var.exp() - log_var - 1.0).sum() / len(mean)


class VariationalAutoencoder(Autoencoder):
    r"""Encoder :math:`q(z|x) = N(\mu(x), \sigma^2(x))`, decoder :math:`p(x|z)`; the latent code is the mean.

    The loss is the reconstruction, summed over an image, plus ``beta`` times the KL, summed over the code: with beta
    1 and cross-entropy it is the negative evidence lower bound (Bernoulli pixels); with squared error, that of
    Gaussian pixels of variance 1/2, but for a constant.

    References
    ----------
    Kingma & Welling 2014, arXiv 1312.6114; Higgins et al. 2017 for beta.
    """

    def __init__(
        self, input_shape: Shape, output_shape: Shape, config: VariationalConfig, code_activation: nn.Module
    ) -> None:
        super().__init__(input_shape, output_shape, config.latent_dim, code_activation)
        self.beta = config.beta
        k = config.latent_dim
        self.flat = config.body == "dense"
        if self.flat:
            self.encoder = layers((n_pixels(input_shape), *config.widths, 2 * k))
            self.decoder = layers((k, *config.widths[::-1], n_pixels(output_shape)))
        else:
            self.encoder = conv_encoder(input_shape, config.channels, config.dense, 2 * k)
            self.decoder = conv_decoder(k, output_shape, config.channels, config.dense)

    def posterior(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``(mean, log_var)``, each ``(n, latent_dim)``, of images ``(n, c, h, w)``."""
        both: Tensor = self.encoder(images.flatten(1) if self.flat else images)
        mean, log_var = both[:, : self.latent_dim], both[:, self.latent_dim :]
        return mean, log_var.clamp(-LOG_VAR_BOUND, LOG_VAR_BOUND)

    def pre_code(self, images: Tensor) -> Tensor:
        """Return the posterior's mean ``(n, latent_dim)``."""
        return self.posterior(images)[0]

    def raw(self, codes: Tensor) -> Tensor:
        """Return the decoder's output ``(n, c, h, w)`` before the sigmoid."""
        pixels: Tensor = self.decoder(codes)
        return pixels.reshape(-1, *self.output_shape)

    def step(self, images: Tensor) -> Step:
        """Return a pass through a draw from the posterior (the mean, outside of training), with the KL term."""
        mean, log_var = self.posterior(images)
        codes = mean + torch.randn_like(mean) * (0.5 * log_var).exp() if self.training else mean
        return Step(self.raw(codes), codes, {"kl": self.beta * gaussian_kl(mean, log_var)})

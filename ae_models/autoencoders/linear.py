"""The linear autoencoder: with squared error its weights come to span PCA's subspace."""

from __future__ import annotations

from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.base import Shape
from ae_models.config import LinearConfig


class LinearAutoencoder(Autoencoder):
    r"""An affine encoder and an affine decoder, :math:`\hat x = D (E x + e) + d`.

    With no penalty the best it can do is PCA: the columns of D span the first ``latent_dim`` principal directions,
    and no more can be said of the axes of the code.

    References
    ----------
    Baldi & Hornik 1989, "Neural networks and principal component analysis"; Plaut 2018, arXiv 1804.10253.
    """

    def __init__(self, shape: Shape, config: LinearConfig) -> None:
        super().__init__(shape, config.latent_dim)
        self.encoder = nn.Linear(self.n_pixels, config.latent_dim)
        self.decoder = nn.Linear(config.latent_dim, self.n_pixels)

    def encode(self, images: Tensor) -> Tensor:
        """Return the codes ``(n, latent_dim)`` of images ``(n, c, h, w)``."""
        codes: Tensor = self.encoder(images.flatten(1))
        return codes

    def decode(self, codes: Tensor) -> Tensor:
        """Return images ``(n, c, h, w)``; not clipped, so that it stays linear."""
        pixels: Tensor = self.decoder(codes)
        return pixels.reshape(-1, *self.shape)

"""The dense autoencoder: fully connected layers down to the code and, mirrored, up again."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.base import Shape
from ae_models.config import DenseConfig


def layers(sizes: tuple[int, ...]) -> nn.Sequential:
    """Return affine layers of these sizes with GELU between them and none after the last (He initialisation)."""
    modules: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        linear = nn.Linear(n_in, n_out)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu" if len(modules) < 2 * len(sizes) - 4 else "linear")
        nn.init.zeros_(linear.bias)
        modules += [linear, nn.GELU()]
    return nn.Sequential(*modules[:-1])


class DenseAutoencoder(Autoencoder):
    """An undercomplete network in the shape of Hinton & Salakhutdinov's: ``784-512-256-128-k`` and back.

    The code is linear (unbounded); the last layer is a sigmoid, so that pixels are in (0, 1).

    References
    ----------
    Hinton & Salakhutdinov 2006, Science 313:504.
    """

    def __init__(self, shape: Shape, config: DenseConfig) -> None:
        super().__init__(shape, config.latent_dim)
        sizes = (self.n_pixels, *config.widths, config.latent_dim)
        self.encoder = layers(sizes)
        self.decoder = nn.Sequential(*layers(sizes[::-1]), nn.Sigmoid())

    def encode(self, images: Tensor) -> Tensor:
        """Return the codes ``(n, latent_dim)`` of images ``(n, c, h, w)``."""
        codes: Tensor = self.encoder(images.flatten(1))
        return codes

    def decode(self, codes: Tensor) -> Tensor:
        """Return images ``(n, c, h, w)`` with pixels in (0, 1)."""
        pixels: Tensor = self.decoder(codes)
        return pixels.reshape(-1, *self.shape)

"""The dense autoencoder: fully connected layers down to the code and, mirrored, up again."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder, n_pixels
from ae_models.autoencoders.dense_config import DenseConfig
from ae_models.base import Shape


def layers(sizes: tuple[int, ...]) -> nn.Module:
    """Return affine layers of these sizes, GELU between them and none after the last (He et al. 2015)."""
    modules: list[nn.Module] = []
    pairs = list(pairwise(sizes))
    for place, (n_in, n_out) in enumerate(pairs):
        linear = nn.Linear(n_in, n_out)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu" if place < len(pairs) - 1 else "linear")
        nn.init.zeros_(linear.bias)
        modules += [linear, nn.GELU()]
    modules.pop()
    return modules[0] if len(modules) == 1 else nn.Sequential(*modules)


class DenseAutoencoder(Autoencoder):
    """Hidden layers of ``widths`` units down to the code and, mirrored, up again; or in one half only.

    The code is linear (unbounded) unless a penalty asks for another activation; the last layer is a sigmoid, so
    that pixels are in (0, 1) - but for a decoder without hidden layers, which stays linear: no such decoder beats
    PCA on the data PCA was fitted to, however bent the encoder (Eckart & Young 1936).

    References
    ----------
    Hinton & Salakhutdinov 2006, Science 313:504.
    """

    def __init__(
        self, input_shape: Shape, output_shape: Shape, config: DenseConfig, code_activation: nn.Module
    ) -> None:
        super().__init__(
            input_shape, output_shape, config.latent_dim, code_activation, bounded=config.hidden != "encoder"
        )
        self.encoder = layers((n_pixels(input_shape), *config.down, config.latent_dim))
        self.decoder = layers((config.latent_dim, *config.up, n_pixels(output_shape)))

    def pre_code(self, images: Tensor) -> Tensor:
        """Return the encoder's output ``(n, latent_dim)`` before the code's activation."""
        codes: Tensor = self.encoder(images.flatten(1))
        return codes

    def raw(self, codes: Tensor) -> Tensor:
        """Return the decoder's output ``(n, c, h, w)`` before the sigmoid."""
        pixels: Tensor = self.decoder(codes)
        return pixels.reshape(-1, *self.output_shape)

"""The convolutional autoencoder: strided convolutions, a dense layer, the code; mirrored."""

from __future__ import annotations

from torch import Tensor, nn

from ae_models.autoencoders.autoencoder import Autoencoder
from ae_models.autoencoders.conv_config import ConvConfig
from ae_models.autoencoders.sizes import half_sides
from ae_models.base import Shape


class _Planes(nn.Module):
    """From ``(n, c * h * w)`` to ``(n, c, h, w)``: one operator in a graph, where ``nn.Unflatten`` becomes twenty."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, rows: Tensor) -> Tensor:
        return rows.reshape(-1, *self.shape)


def conv_encoder(shape: Shape, channels: tuple[int, ...], dense: int, n_out: int) -> nn.Sequential:
    """Return a network from images ``(n, c, h, w)`` to ``(n, n_out)``: 3 x 3 kernels, stride 2, GELU."""
    modules: list[nn.Module] = []
    for n_in, n_channels in zip((shape[0], *channels), channels, strict=False):
        modules += [nn.Conv2d(n_in, n_channels, 3, stride=2, padding=1), nn.GELU()]
    height, width = half_sides(shape, len(channels))[-1]
    modules += [nn.Flatten(), nn.Linear(channels[-1] * height * width, dense), nn.GELU(), nn.Linear(dense, n_out)]
    return nn.Sequential(*modules)


def conv_decoder(n_in: int, shape: Shape, channels: tuple[int, ...], dense: int) -> nn.Sequential:
    """Return the mirror of ``conv_encoder``: from ``(n, n_in)`` to raw images ``(n, c, h, w)``."""
    sides = half_sides(shape, len(channels))[::-1]
    height, width = sides[0]
    modules: list[nn.Module] = [
        nn.Linear(n_in, dense),
        nn.GELU(),
        nn.Linear(dense, channels[-1] * height * width),
        nn.GELU(),
        _Planes((channels[-1], height, width)),
    ]
    wide = channels[::-1]
    for place, (n_channels, n_out) in enumerate(zip(wide, (*wide[1:], shape[0]), strict=True)):
        (h, w), (h_out, w_out) = sides[place], sides[place + 1]
        extra = (h_out - (2 * h - 1), w_out - (2 * w - 1))  # 1 for an even side, 0 for an odd one
        modules.append(nn.ConvTranspose2d(n_channels, n_out, 3, stride=2, padding=1, output_padding=extra))
        modules.append(nn.GELU())
    modules.pop()
    return nn.Sequential(*modules)


class ConvAutoencoder(Autoencoder):
    """Convolutions that halve the sides, a dense layer, the code, and the way back; sigmoid output.

    References
    ----------
    Masci et al. 2011, "Stacked convolutional auto-encoders"; the shape is that of Sainburg et al. 2021.
    """

    def __init__(self, input_shape: Shape, output_shape: Shape, config: ConvConfig, code_activation: nn.Module) -> None:
        super().__init__(input_shape, output_shape, config.latent_dim, code_activation)
        self.encoder = conv_encoder(input_shape, config.channels, config.dense, config.latent_dim)
        self.decoder = conv_decoder(config.latent_dim, output_shape, config.channels, config.dense)

    def pre_code(self, images: Tensor) -> Tensor:
        """Return the encoder's output ``(n, latent_dim)`` before the code's activation."""
        codes: Tensor = self.encoder(images)
        return codes

    def raw(self, codes: Tensor) -> Tensor:
        """Return the decoder's output ``(n, c, h, w)`` before the sigmoid."""
        pixels: Tensor = self.decoder(codes)
        return pixels

"""What every autoencoder is: an encoder, a bottleneck, a decoder."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn

from ae_models.base import Shape


class Autoencoder(nn.Module):
    """Encoder and decoder with a code of ``latent_dim`` numbers between them.

    Parameters
    ----------
    shape : (channels, height, width)
        Of the images that go in and come out.
    latent_dim : int
    """

    def __init__(self, shape: Shape, latent_dim: int) -> None:
        super().__init__()
        self.shape = shape
        self.latent_dim = latent_dim

    @property
    def n_pixels(self) -> int:
        """Channels times height times width."""
        channels, height, width = self.shape
        return channels * height * width

    @abstractmethod
    def encode(self, images: Tensor) -> Tensor:
        """Return the codes ``(n, latent_dim)`` of images ``(n, c, h, w)``."""

    @abstractmethod
    def decode(self, codes: Tensor) -> Tensor:
        """Return the images ``(n, c, h, w)`` of codes ``(n, latent_dim)``."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the reconstructions, ``decode(encode(images))``."""
        return self.decode(self.encode(images))


def reconstruction_loss(x_hat: Tensor, x: Tensor) -> Tensor:
    r"""Return the SSE: :math:`\frac{1}{n}\sum_i \lVert x_i - \hat x_i \rVert^2`, summed over pixels.

    A scalar; 0 is perfect; the same number as ``errors.sse``.
    """
    return (x_hat - x).square().sum() / len(x)

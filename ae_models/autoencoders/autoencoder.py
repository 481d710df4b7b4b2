"""What every autoencoder is: an encoder, a bottleneck, a decoder."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from ae_models.base import Shape


class Step(NamedTuple):
    """What one pass gives to the loss."""

    raw: Tensor  # (n, c, h, w): the decoder's output before its last activation
    codes: Tensor  # (n, latent_dim)
    terms: dict[str, Tensor]  # scalars that the architecture itself adds, by name


class Autoencoder(nn.Module):
    """Encoder and decoder with a code of ``latent_dim`` numbers between them.

    Parameters
    ----------
    input_shape, output_shape : (channels, height, width)
        Of the images that go in and of those that come out.
    latent_dim : int
    code_activation : Module
        Applied to the encoder's last layer: identity, ReLU (sparse codes), sigmoid (activities).
    bounded : bool
        Whether a sigmoid keeps the output in (0, 1).
    """

    def __init__(
        self, input_shape: Shape, output_shape: Shape, latent_dim: int, code_activation: nn.Module, bounded: bool = True
    ) -> None:
        super().__init__()
        self.input_shape, self.output_shape, self.latent_dim = input_shape, output_shape, latent_dim
        self.code_activation = code_activation
        self.bounded = bounded
        self.encoder: nn.Module
        self.decoder: nn.Module

    def encode(self, images: Tensor) -> Tensor:
        """Return the codes ``(n, latent_dim)`` of images ``(n, c, h, w)``."""
        codes: Tensor = self.code_activation(self.pre_code(images))
        return codes

    @abstractmethod
    def pre_code(self, images: Tensor) -> Tensor:
        """Return the encoder's output ``(n, latent_dim)`` before the code's activation."""

    @abstractmethod
    def raw(self, codes: Tensor) -> Tensor:
        """Return the decoder's output ``(n, c, h, w)`` before its last activation."""

    def activate(self, raw: Tensor) -> Tensor:
        """Return the images ``(n, c, h, w)`` of the decoder's raw output."""
        return torch.sigmoid(raw) if self.bounded else raw

    def decode(self, codes: Tensor) -> Tensor:
        """Return the images ``(n, c, h, w)`` of codes ``(n, latent_dim)``."""
        return self.activate(self.raw(codes))

    def forward(self, images: Tensor) -> Tensor:
        """Return the reconstructions, ``decode(encode(images))``."""
        return self.decode(self.encode(images))

    def step(self, images: Tensor) -> Step:
        """Return one pass for the loss."""
        codes = self.encode(images)
        return Step(self.raw(codes), codes, {})

    def start_at(self, mean_input: Tensor, mean_output: Tensor) -> None:
        """Prepare fresh weights for images with these means ``(c, h, w)``; most networks need nothing."""

    @property
    def first_layer(self) -> nn.Linear | None:
        """The encoder's only layer, where it has just one; else None."""
        return self.encoder if isinstance(self.encoder, nn.Linear) else None


def n_pixels(shape: Shape) -> int:
    """Channels times height times width."""
    return shape[0] * shape[1] * shape[2]


def reconstruction_loss(x_hat: Tensor, x: Tensor) -> Tensor:
    r"""Return the SSE: :math:`\frac{1}{n}\sum_i \lVert x_i - \hat x_i \rVert^2`, summed over pixels.

    A scalar; 0 is perfect; the same number as ``errors.sse``.
    """
    return (x_hat - x).square().sum() / len(x)


def cross_entropy_loss(raw: Tensor, x: Tensor) -> Tensor:
    r"""Return the binary cross-entropy :math:`-\sum_p x_p \log\hat x_p + (1-x_p)\log(1-\hat x_p)`, in nats an image.

    Summed over pixels, averaged over images; ``raw`` is the logit of the output. Its least value is the entropy of
    the target's pixels, not 0, unless they are all 0 or 1.
    """
    return functional.binary_cross_entropy_with_logits(raw, x, reduction="sum") / len(x)

"""An autoencoder before there is one: its three choices with their settings, and the layers that follow. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from ae_models.autoencoders.sizes import Layer
from ae_models.base import Shape
from ae_models.base.config import Config, LatentDim, NoConfig, TrainConfig

Loss = Literal["sse", "bce"]


class ArchitectureConfig(Config):
    """What the settings of every architecture say: the size of the code, and what follows from them.

    ``default_loss`` is what ``loss=auto`` stands for; ``has_regulariser`` says whether the network adds terms of its
    own to the loss.
    """

    latent_dim: LatentDim = 2
    default_loss: ClassVar[Loss] = "sse"
    has_regulariser: ClassVar[bool] = False

    @property
    def has_convolutions(self) -> bool:
        """Whether it asks for neighbouring pixels, which rows of numbers do not have."""
        return False

    def layers(self, input_shape: Shape, output_shape: Shape) -> tuple[Layer, ...]:
        """Return the layers of the network, as ``layers_of`` says."""
        raise NotImplementedError(f"{type(self).__name__} does not state its layers")

    def check(self, design: Design, training: TrainConfig, input_shape: Shape, output_shape: Shape) -> None:
        """Raise ``UserError`` where the other choices do not go with these settings."""


class PenaltyConfig(Config):
    """What the settings of every penalty say."""

    def check(self, design: Design) -> None:
        """Raise ``UserError`` where the other choices do not go with these settings."""


@dataclass(frozen=True)
class Design:
    """An autoencoder as a product of three choices, each with its settings."""

    model: str
    model_config: ArchitectureConfig
    corruption: str = "none"
    corruption_config: Config = field(default_factory=NoConfig)
    penalty: str = "none"
    penalty_config: Config = field(default_factory=NoConfig)

    @property
    def latent_dim(self) -> int:
        """Size of the code."""
        return self.model_config.latent_dim

    def loss(self, training: TrainConfig) -> Loss:
        """Return the reconstruction loss that ``auto`` stands for."""
        return self.model_config.default_loss if training.loss == "auto" else training.loss


def layers_of(design: Design, input_shape: Shape, output_shape: Shape) -> tuple[Layer, ...]:
    """Return the layers of a design from the image that goes in to the one that comes out, one of them the code.

    Parameters
    ----------
    design : Design
    input_shape, output_shape : (channels, height, width)
        They differ for super-resolution and colouring.

    Examples
    --------
    >>> from ae_models.autoencoders.dense_config import DenseConfig
    >>> design = Design("dense", DenseConfig(latent_dim=2, widths=(8, 4)))
    >>> [layer.units for layer in layers_of(design, (1, 8, 8), (1, 8, 8))]
    [64, 8, 4, 2, 4, 8, 64]
    >>> layers_of(design, (1, 8, 8), (1, 8, 8))[1].parameters  # 64 x 8 weights and 8 biases
    520
    """
    return design.model_config.layers(input_shape, output_shape)


def n_parameters(design: Design, input_shape: Shape, output_shape: Shape) -> int:
    """Return how many weights and biases a design has.

    Examples
    --------
    >>> from ae_models.autoencoders.linear_config import LinearConfig
    >>> n_parameters(Design("linear", LinearConfig(latent_dim=2)), (1, 8, 8), (1, 8, 8))
    322
    """
    return sum(layer.parameters for layer in layers_of(design, input_shape, output_shape))

"""Settings of the convolutional autoencoder."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.autoencoders.design import ArchitectureConfig
from ae_models.autoencoders.sizes import Layer, conv_layers
from ae_models.base import Shape
from ae_models.base.config import Width

Channels = Annotated[
    tuple[Annotated[int, Field(ge=1, le=1024)], ...],
    Field(min_length=1, max_length=3, description="Channels of each convolution; each one halves the sides."),
]


class ConvConfig(ArchitectureConfig):
    """A convolutional autoencoder: strided convolutions, a dense layer, the code; mirrored."""

    channels: Channels = (32, 64)
    dense: Annotated[Width, Field(title="Dense layer", description="Units of the dense layer beside the code.")] = 512

    @property
    def has_convolutions(self) -> bool:
        """Yes."""
        return True

    def layers(self, input_shape: Shape, output_shape: Shape) -> tuple[Layer, ...]:
        """Return the convolutions, the dense layer, the code, and the way back."""
        return conv_layers(input_shape, output_shape, self.latent_dim, self.channels, self.dense)

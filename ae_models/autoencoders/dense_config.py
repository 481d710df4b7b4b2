"""Settings of the dense autoencoder, and of its shapes that have a name of their own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ae_models.autoencoders.design import ArchitectureConfig, Design
from ae_models.autoencoders.sizes import Layer, dense_layers
from ae_models.base import Shape, UserError
from ae_models.base.config import LatentDim, TrainConfig, Width

Widths = Annotated[
    tuple[Width, ...],
    Field(
        min_length=1,
        max_length=8,
        title="Layer widths",
        description="Units of each hidden layer, from the {sample} to the code.",
    ),
]

Hidden = Annotated[
    Literal["both", "encoder", "decoder"],
    Field(title="Hidden layers in", description="Which half has the hidden layers; the other half is one matrix."),
]


class DenseConfig(ArchitectureConfig):
    """A dense autoencoder: fully connected layers through a bottleneck, mirrored."""

    widths: Widths = (512, 256, 128)
    hidden: Hidden = "both"

    @property
    def down(self) -> tuple[int, ...]:
        """Units of the encoder's hidden layers."""
        return self.widths if self.hidden != "decoder" else ()

    @property
    def up(self) -> tuple[int, ...]:
        """Units of the decoder's hidden layers."""
        return self.widths[::-1] if self.hidden != "encoder" else ()

    def layers(self, input_shape: Shape, output_shape: Shape) -> tuple[Layer, ...]:
        """Return the hidden layers of each half, and the code between them."""
        return dense_layers(input_shape, output_shape, self.latent_dim, self.down, self.up)

    def check(self, design: Design, training: TrainConfig, input_shape: Shape, output_shape: Shape) -> None:
        """Raise ``UserError`` where cross-entropy meets a linear decoder."""
        if self.hidden == "encoder" and design.loss(training) == "bce":
            raise UserError("loss 'bce' needs pixels in (0, 1), and this decoder is linear: set loss=sse")


class PublishedConfig(DenseConfig):
    """The published 784-1000-500-250-k (Hinton & Salakhutdinov 2006)."""

    latent_dim: LatentDim = 30
    widths: Widths = (1000, 500, 250)


class BentEncoderConfig(DenseConfig):
    """Half of a lesson: hidden layers in the encoder, a linear decoder."""

    hidden: Hidden = "encoder"


class BentDecoderConfig(DenseConfig):
    """The other half: a linear encoder, hidden layers in the decoder."""

    hidden: Hidden = "decoder"

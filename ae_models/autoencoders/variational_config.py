"""Settings of the variational autoencoder."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ae_models.autoencoders.conv_config import Channels
from ae_models.autoencoders.dense_config import Widths
from ae_models.autoencoders.design import ArchitectureConfig, Design, Loss
from ae_models.autoencoders.sizes import Layer, conv_layers, dense_layers
from ae_models.base import Shape, UserError
from ae_models.base.config import TrainConfig, Width


class VariationalConfig(ArchitectureConfig):
    """A variational autoencoder: the encoder gives a Gaussian, the code is its mean."""

    body: Annotated[
        Literal["dense", "conv"], Field(title="Made of", description="What its two halves are made of.")
    ] = "dense"
    widths: Widths = (512, 256, 128)
    channels: Channels = (32, 64)
    dense: Annotated[
        Width, Field(title="Dense layer", description="Units of the dense layer beside the code (conv).")
    ] = 512
    beta: Annotated[
        float, Field(ge=0, le=10_000, description="Weight of the KL term; 1 is the evidence lower bound.")
    ] = 1.0
    default_loss: ClassVar[Loss] = "bce"
    has_regulariser: ClassVar[bool] = True

    @property
    def has_convolutions(self) -> bool:
        """Whether its halves are made of them."""
        return self.body == "conv"

    def layers(self, input_shape: Shape, output_shape: Shape) -> tuple[Layer, ...]:
        """Return the layers; the encoder says two numbers for each of the code: mean and spread."""
        if self.body == "dense":
            up = self.widths[::-1]
            return dense_layers(input_shape, output_shape, self.latent_dim, self.widths, up, halves=2)
        return conv_layers(input_shape, output_shape, self.latent_dim, self.channels, self.dense, halves=2)

    def check(self, design: Design, training: TrainConfig, input_shape: Shape, output_shape: Shape) -> None:
        """Raise ``UserError`` for a penalty on the code, which the KL term already is."""
        if design.penalty not in ("none", "l2"):
            raise UserError(
                f"penalty '{design.penalty}' does not go with model '{design.model}', whose code already has the KL "
                "term: choose none or l2"
            )

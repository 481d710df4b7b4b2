"""Settings of the linear autoencoder."""

from __future__ import annotations

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from ae_models.autoencoders.design import ArchitectureConfig, Design
from ae_models.autoencoders.sizes import Layer, dense_layers
from ae_models.base import Shape, UserError
from ae_models.base.config import TrainConfig


class LinearConfig(ArchitectureConfig):
    """A linear autoencoder: one matrix in, one matrix out, no bend anywhere."""

    tied: Annotated[
        bool, Field(title="Tied weights", description="The decoder uses the encoder's matrix, turned over.")
    ] = False
    output: Annotated[
        Literal["linear", "sigmoid"],
        Field(description="Sigmoid with cross-entropy is logistic PCA; linear with squared error is PCA."),
    ] = "linear"

    def layers(self, input_shape: Shape, output_shape: Shape) -> tuple[Layer, ...]:
        """Return the code between two images; tied, the way out has biases only."""
        last = prod(output_shape) if self.tied else None
        return dense_layers(input_shape, output_shape, self.latent_dim, (), (), output_parameters=last)

    def check(self, design: Design, training: TrainConfig, input_shape: Shape, output_shape: Shape) -> None:
        """Raise ``UserError`` where weights are tied over two shapes, or cross-entropy meets any number."""
        if self.tied and input_shape != output_shape:
            raise UserError("tied weights need images that go in and come out with one shape")
        if self.output == "linear" and design.loss(training) == "bce":
            raise UserError("loss 'bce' needs pixels in (0, 1): set output=sigmoid, or loss=sse")

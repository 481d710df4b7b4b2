"""Settings of L2 on the weights."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.autoencoders.design import Design, PenaltyConfig
from ae_models.base import UserError
from ae_models.base.config import MAX_LATENT_DIM, Strength


class WeightL2Config(PenaltyConfig):
    """L2 on encoder and decoder weights, as a term of the loss."""

    strength: Annotated[
        tuple[Strength, ...],
        Field(min_length=1, max_length=MAX_LATENT_DIM, description="One for all units, or one for each unit."),
    ] = (0.1,)

    def check(self, design: Design) -> None:
        """Raise ``UserError`` where there are neither one strength nor one for each unit."""
        if len(self.strength) not in (1, design.latent_dim):
            raise UserError(
                f"strength must be one number or one for each of the {design.latent_dim} units: got "
                f"{len(self.strength)}"
            )

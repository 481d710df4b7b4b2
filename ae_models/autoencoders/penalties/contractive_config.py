"""Settings of the contractive penalty."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.autoencoders.design import PenaltyConfig
from ae_models.base.config import Strength


class ContractiveConfig(PenaltyConfig):
    """The squared Frobenius norm of d code / d image."""

    strength: Annotated[Strength, Field(description="Weight of the squared norm.")] = 0.1

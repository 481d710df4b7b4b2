"""Settings of L1 on the code."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.autoencoders.design import PenaltyConfig
from ae_models.base.config import Strength


class L1Config(PenaltyConfig):
    """L1 on the code."""

    strength: Annotated[Strength, Field(description="Weight of the sum of absolute codes.")] = 0.1

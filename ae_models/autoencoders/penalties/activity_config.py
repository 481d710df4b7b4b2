"""Settings of the target activity."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.autoencoders.design import PenaltyConfig
from ae_models.base.config import Strength


class ActivityConfig(PenaltyConfig):
    """KL divergence of each unit's mean activity from a target."""

    target: Annotated[
        float, Field(gt=0, lt=1, title="Target activity", description="Mean activity that each unit should have.")
    ] = 0.05
    strength: Annotated[Strength, Field(description="Weight of the divergences, summed over units.")] = 1.0

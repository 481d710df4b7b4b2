"""Settings of the k-sparse code."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ae_models.autoencoders.design import Design, PenaltyConfig
from ae_models.base import UserError
from ae_models.base.config import MAX_LATENT_DIM


class KSparseConfig(PenaltyConfig):
    """Only the k largest units of a code stay."""

    k: Annotated[int, Field(ge=1, le=MAX_LATENT_DIM, title="Active units", description="Units that stay active.")] = 10

    def check(self, design: Design) -> None:
        """Raise ``UserError`` where more units would stay than there are."""
        if self.k > design.latent_dim:
            raise UserError(f"k must be at most latent_dim ({design.latent_dim}): got {self.k}")

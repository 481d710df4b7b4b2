"""Geometry of codes: where they lie, how far a slider should go, what is on the data. Knows no model, draws nothing."""

from __future__ import annotations

from ae_models.latent.bounds import Bounds, code_bounds, dims_that_matter, leading_dims
from ae_models.latent.support import Support, neighbour_distances, support

__all__ = ["Bounds", "Support", "code_bounds", "dims_that_matter", "leading_dims", "neighbour_distances", "support"]

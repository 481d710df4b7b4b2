"""Geometry of codes: where they lie, and how far a slider should go. Knows no model and draws nothing."""

from __future__ import annotations

from ae_models.latent.bounds import Bounds, code_bounds, leading_dims

__all__ = ["Bounds", "code_bounds", "leading_dims"]

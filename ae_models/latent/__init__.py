"""Geometry of codes: where they lie, ways between them, what a step does. Knows no model, draws nothing."""

from __future__ import annotations

from ae_models.latent.arithmetic import DirectionScore, direction_score, edited
from ae_models.latent.bounds import Bounds, code_bounds, dim_weights, dims_that_matter, leading_dims
from ae_models.latent.clusters import clusters, method_of, usual_clusters
from ae_models.latent.effects import SwitchOff, dead_units, kl_per_dim, switch_off
from ae_models.latent.grids import even_axis, manifold_grid, prior_axis, quantile_axis
from ae_models.latent.paths import interpolate_linear, interpolate_spherical, why_no_arc
from ae_models.latent.quantised import Quantised, quantised
from ae_models.latent.returning import round_trips
from ae_models.latent.sampling import Density, fit_density, prior_samples
from ae_models.latent.stretch import Stretch, StretchMap, stretch, stretch_map
from ae_models.latent.support import Support, distances_to, is_unlike, neighbour_distances, support

__all__ = [
    "Bounds",
    "Density",
    "DirectionScore",
    "Quantised",
    "Stretch",
    "StretchMap",
    "Support",
    "SwitchOff",
    "clusters",
    "code_bounds",
    "dead_units",
    "dim_weights",
    "dims_that_matter",
    "direction_score",
    "distances_to",
    "edited",
    "even_axis",
    "fit_density",
    "interpolate_linear",
    "interpolate_spherical",
    "is_unlike",
    "kl_per_dim",
    "leading_dims",
    "manifold_grid",
    "method_of",
    "neighbour_distances",
    "prior_axis",
    "prior_samples",
    "quantile_axis",
    "quantised",
    "round_trips",
    "stretch",
    "stretch_map",
    "support",
    "switch_off",
    "usual_clusters",
    "why_no_arc",
]

"""What a decoder knows between its images: ways, grids, single numbers, differences, new pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ae_models.base import Decoder, FloatArray, ImageDataset, IntArray, every_core
from ae_models.latent import (
    Bounds,
    StretchMap,
    SwitchOff,
    dead_units,
    dim_weights,
    even_axis,
    fit_density,
    interpolate_linear,
    interpolate_spherical,
    kl_per_dim,
    manifold_grid,
    prior_axis,
    prior_samples,
    quantile_axis,
    stretch,
    stretch_map,
    switch_off,
)
from ae_models.runs import Graphs, RunRecord
from ae_models.runs.scoring import seen_and_wanted

Spacing = Literal["bounds", "quantiles", "prior"]
_JUDGED = 400  # images: enough to order units by; all 10,000 of a long code would take minutes
_AT = 200  # points of the data that the median stretch is taken over
_KNOWN_AT_ONCE = 4_000
_EQUAL = 1e-3  # squared: what rounding leaves of 0
_FINE = 0.002  # of a coordinate's range: the step of single points


def decode_path(
    decoder: Decoder, start: FloatArray, stop: FloatArray, n: int, *, arc: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Return ``n`` codes on the way between two, ``(n, latent_dim)``, and their pictures ``(n, c, h, w)``.

    The straight line, or the arc around the origin; the ends are the reconstructions of what was encoded.
    """
    codes = path_codes(start, stop, n, arc=arc)
    return codes, decoder.decode(codes)


def path_codes(start: FloatArray, stop: FloatArray, n: int, *, arc: bool = False) -> FloatArray:
    """Return ``n`` codes on the way between two, ``(n, latent_dim)``."""
    return (interpolate_spherical if arc else interpolate_linear)(start, stop, n)


def decode_grid(
    decoder: Decoder,
    codes: FloatArray,
    bounds: Sequence[Bounds],
    *,
    base: FloatArray,
    dims: Sequence[int],
    n: int,
    spacing: Spacing = "bounds",
) -> tuple[FloatArray, FloatArray]:
    """Return the codes of a lattice over one or two coordinates, ``(n * n, latent_dim)``, and their pictures."""
    nodes = grid_codes(codes, bounds, base=base, dims=dims, n=n, spacing=spacing)
    return nodes, decoder.decode(nodes)


def grid_codes(
    codes: FloatArray,
    bounds: Sequence[Bounds],
    *,
    base: FloatArray,
    dims: Sequence[int],
    n: int,
    spacing: Spacing = "bounds",
) -> FloatArray:
    """Return the codes of a lattice of ``n`` by ``n`` nodes, row by row from the top left (see ``manifold_grid``).

    Parameters
    ----------
    codes : (n_images, latent_dim) array
        Where the images lie: their quantiles are the lines of ``spacing="quantiles"``.
    bounds : sequence of Bounds
        Of each coordinate: the corners of ``spacing="bounds"``.
    base : (latent_dim,) array
        Where all other coordinates stand.
    dims : one or two different ints
    n : int
        2 to 64.
    spacing : {"bounds", "quantiles", "prior"}
    """
    axes = [
        prior_axis(n)
        if spacing == "prior"
        else quantile_axis(codes[:, dim], n)
        if spacing == "quantiles"
        else even_axis(bounds[dim].low, bounds[dim].high, n)
        for dim in dims
    ]
    return manifold_grid(base, dims, axes[0], axes[-1])


@dataclass(frozen=True, eq=False)
class Effects:
    """What each number of a code does.

    Parameters
    ----------
    order : tuple of int
        The numbers, that which moves the picture most first.
    weights : (latent_dim,) array
        How far each moves it: see ``dim_weights``.
    dead : tuple of int
        Those that do not.
    off : SwitchOff
        What it costs to set one to its mean, on ``n`` held-out images.
    kl : (latent_dim,) array or None
        How much each says about an image, in nats; only of variational models.
    """

    order: tuple[int, ...]
    weights: FloatArray
    dead: tuple[int, ...]
    off: SwitchOff
    kl: FloatArray | None
    n: int


def effects_of(
    graphs: Graphs, record: RunRecord, images: ImageDataset, codes: FloatArray, bounds: Sequence[Bounds]
) -> Effects:
    """Return what each number of a run's code does, judged on at most 400 images spread evenly over all."""
    rows = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), _JUDGED)).astype(np.intp))
    some = images.take(rows)
    seen, wanted = seen_and_wanted(record.corruption, some, slice(None))
    weights = dim_weights(graphs.decode, bounds)
    kl = kl_per_dim(graphs.encode(seen), graphs.spread(seen)) if graphs.has_noise else None
    return Effects(
        order=tuple(int(dim) for dim in np.argsort(-weights, kind="stable")),
        weights=weights,
        dead=dead_units(weights),
        off=switch_off(graphs.decode, codes[rows], wanted),
        kl=kl,
        n=len(rows),
    )


def new_codes(
    codes: FloatArray,
    labels: IntArray | None,
    *,
    from_prior: bool,
    n: int,
    seed: int,
    only: int | None = None,
) -> tuple[FloatArray, IntArray | None]:
    """Return ``n`` new codes ``(n, latent_dim)`` and, where they were drawn class by class, the class of each.

    From the standard normal prior, or from a Gaussian fitted to the codes of each class.
    """
    if from_prior:
        return prior_samples(n, codes.shape[1], seed), None
    drawn, classes = fit_density(codes, labels).samples(n, seed, only)
    return drawn, None if labels is None else classes


def stretch_over(
    decoder: Decoder,
    codes: FloatArray,
    bounds: Sequence[Bounds],
    *,
    base: FloatArray,
    dims: tuple[int, int],
    n: int,
) -> tuple[StretchMap, float]:
    """Return the stretch over two coordinates at ``n`` by ``n`` nodes within their bounds, and its median on the data.

    Row by row from the top left. The median is over the codes of at most 200 images, over the same two coordinates;
    subtract it, for the scale of a code is arbitrary.
    """
    nodes = grid_codes(codes, bounds, base=base, dims=dims, n=n)
    steps = [_FINE * (bounds[dim].high - bounds[dim].low) for dim in dims]
    rows = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), _AT)).astype(np.intp))
    here = stretch(decoder.decode, codes[rows], dims, steps)
    return stretch_map(decoder.decode, nodes, dims, steps, threads=every_core()), float(np.median(here.log))


def nearest_pictures(
    pictures: FloatArray, known: ImageDataset, *, not_equal: bool = False
) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Return the known image nearest to each picture ``(n, c, h, w)``: its row, and how far it is, in pixels.

    Euclidean over all pixels, in [0, 1]. ``not_equal`` leaves out images that are the picture itself.
    """
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    norms = np.einsum("ij,ij->i", flat, flat)
    best, where = np.full(len(flat), np.inf, np.float32), np.zeros(len(flat), np.intp)
    for start in range(0, len(known), _KNOWN_AT_ONCE):
        part = known.images(slice(start, start + _KNOWN_AT_ONCE)).reshape(-1, flat.shape[1])
        squared = norms[:, None] - 2 * (flat @ part.T) + np.einsum("ij,ij->i", part, part)[None]
        if not_equal:
            squared[squared < _EQUAL] = np.inf
        nearest = squared.argmin(axis=1)
        far = squared[np.arange(len(flat)), nearest]
        nearer = far < best
        best[nearer], where[nearer] = far[nearer], nearest[nearer] + start
    return where, np.sqrt(np.maximum(best, 0))

"""Data whose structure is known, and maps of it under many settings: what a map shows can be held against the truth.

Fitting takes a minute and heavy packages, so the maps ship (``zoo build lesson-maps``); reading them needs neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models import datasets
from ae_models.base import FloatArray, IntArray, Progress, UserError, shipped_arrays
from ae_models.projections import PROJECTIONS
from ae_models.projections.tsne import TSNEConfig
from ae_models.projections.umap import UMAPConfig
from ae_models.runs.scoring import flat

_FILE = "maps"
Wide = npt.NDArray[np.float64]
N, DIMENSIONS, DIGITS = 300, 10, 2_000
STRUCTURES = {
    "two": "two clusters, unequal",
    "gaps": "three clusters, one far",
    "line": "a line",
    "ring": "a ring",
    "noise": "noise",
    "digits": "real digits",
}
NEAR = {"few": (5, 5), "some": (30, 15), "many": (90, 50)}  # t-SNE's perplexity, UMAP's neighbours
SEEDS = (0, 1)
METHODS = ("tsne", "umap")
WIDER, FARTHER = 10.0, 5.0  # the wide cluster of "two"; the far gap of "gaps"


@dataclass(frozen=True, eq=False)
class Structure:
    """Points ``(n, d)``, where each belongs or lies along (``(n,)``, classes or 0 to 1), and which of both that is."""

    points: FloatArray
    along: FloatArray
    classes: bool


def structure(name: str, seed: int = 0) -> Structure:
    """Return data of a known structure: 300 points in 10 dimensions, turned at random; or 2,000 digits of MNIST.

    ``two``: Gaussian clusters of equal size, one 10 times as wide as the other, 100 of the narrow one's widths apart.
    ``gaps``: three alike, the third 5 times as far away as the second. ``line``, ``ring``: evenly along them, with a
    little noise. ``noise``: one Gaussian, no structure at all. ``digits``: the first held-out images.

    Raises
    ------
    UserError
        For an unknown name, with the choices.
    """
    if name not in STRUCTURES:
        raise UserError(f"unknown structure '{name}': choose from {', '.join(STRUCTURES)}")
    if name == "digits":
        images = datasets.heldout("mnist", "full")
        chosen = images.take(np.arange(DIGITS))
        return Structure(flat(chosen), np.asarray(chosen.labels, np.float32), True)
    random = np.random.default_rng(seed)
    points, along = _made(name, random)
    turn = np.linalg.qr(random.standard_normal((DIMENSIONS, DIMENSIONS)))[0]
    return Structure(np.asarray(points @ turn, np.float32), np.asarray(along, np.float32), name in ("two", "gaps"))


def _made(name: str, random: np.random.Generator) -> tuple[Wide, Wide]:
    points = random.standard_normal((N, DIMENSIONS))
    along: npt.NDArray[Any]
    if name == "two":
        along = np.arange(N) * 2 // N
        points *= np.where(along == 1, WIDER, 1.0)[:, None]
        points[along == 1, 0] += 10 * WIDER
    elif name == "gaps":
        along = np.arange(N) * 3 // N
        points[:, 0] += np.array([0.0, 20.0, 20.0 + 20.0 * FARTHER])[along]
    elif name == "line":
        along = np.arange(N) / (N - 1)
        points *= 0.1
        points[:, 0] += 20 * along
    elif name == "ring":
        along = np.arange(N) / N
        points *= 0.1
        points[:, 0] += 5 * np.cos(2 * np.pi * along)
        points[:, 1] += 5 * np.sin(2 * np.pi * along)
    else:
        along = (points[:, 0] - points[:, 0].min()) / np.ptp(points[:, 0])
    return points, np.asarray(along, np.float64)


def principal_map(points: FloatArray) -> FloatArray:
    """Return the first two principal components ``(n, 2)`` of points."""
    centred = points - points.mean(axis=0)
    vectors = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2]
    return np.asarray(centred @ vectors, np.float32)


def width_ratio(points: FloatArray, classes: IntArray | FloatArray) -> float:
    """Return how many times as wide the second cluster is as the first: root mean squared distances from the middle.

    Examples
    --------
    >>> width_ratio(np.array([[0.0], [2.0], [10.0], [30.0]], "f"), np.array([0, 0, 1, 1]))
    10.0
    """
    widths = []
    for one in (0, 1):
        own = points[classes == one].astype(np.float64)
        widths.append(float(np.sqrt(np.square(own - own.mean(axis=0)).sum(axis=1).mean())))
    return widths[1] / widths[0]


def gap_ratio(points: FloatArray, classes: IntArray | FloatArray) -> float:
    """Return how many times as far the third cluster's middle is from the second's as the first's is."""
    middles = [points[classes == one].mean(axis=0, dtype=np.float64) for one in (0, 1, 2)]
    return float(np.linalg.norm(middles[2] - middles[1]) / np.linalg.norm(middles[1] - middles[0]))


def is_built() -> bool:
    """Say whether the maps are there."""
    return shipped_arrays.is_built(_FILE)


def stored_map(name: str, method: str, near: str, seed: int) -> FloatArray:
    """Return a shipped map ``(n, 2)``; ``UserError`` where it is not there or damaged."""
    key = f"{name}-{method}-{near}-{seed}"
    found = shipped_arrays.read(_FILE, _FILE)[1]
    if key not in found:
        where, known = shipped_arrays.folder().name, ", ".join(sorted(found))
        raise UserError(f"there is no map “{key}” in {where}: choose from {known or 'none'}")
    return found[key].astype(np.float32)


def about() -> dict[str, Any]:
    """Return what the maps were made with: versions by method, settings."""
    return shipped_arrays.read(_FILE, _FILE)[0]


def build_maps(progress: Progress | None = None) -> None:
    """Fit every map and write them: minutes."""
    say: Progress = progress or (lambda share, line: None)
    made: dict[str, FloatArray] = {}
    wanted = [
        (name, method, near, seed) for name in STRUCTURES for method in METHODS for near in NEAR for seed in SEEDS
    ]
    for place, (name, method, near, seed) in enumerate(wanted):
        say(place / len(wanted), f"{name}, {method}, {near}, seed {seed}")
        points = _fitted(method, near, seed)(structure(name).points)
        made[f"{name}-{method}-{near}-{seed}"] = _shrunk(points)
    said = {
        "what": "data of known structure and 2,000 held-out digits of MNIST, each map fitted on the points it shows",
        "versions": {method: PROJECTIONS.load(method).version() for method in METHODS},
        "near": {near: {"perplexity": a, "n_neighbors": b} for near, (a, b) in NEAR.items()},
        "seeds": list(SEEDS),
    }
    shipped_arrays.write(_FILE, made, said)


def _fitted(method: str, near: str, seed: int) -> Callable[[FloatArray], FloatArray]:
    perplexity, neighbours = NEAR[near]
    config = (
        TSNEConfig(perplexity=perplexity, seed=seed)
        if method == "tsne"
        else UMAPConfig(n_neighbors=neighbours, seed=seed)
    )
    fitted = PROJECTIONS.load(method)(config)

    def points(rows: FloatArray) -> FloatArray:
        found: FloatArray = fitted.fit(rows).points
        return found

    return points


def _shrunk(points: FloatArray) -> FloatArray:
    """Return points centred and as wide as 1, in float16: a map's size and place mean nothing."""
    centred = points - points.mean(axis=0)
    return np.asarray(centred / np.sqrt(np.square(centred).sum(axis=1).mean()), np.float16)

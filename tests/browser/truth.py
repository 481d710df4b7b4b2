"""What the page has to show, by Python's own roads: NumPy on the files that ship, ONNX Runtime, the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
from scipy.linalg import orthogonal_procrustes

from ae_models import recipes
from ae_models.base.paths import ROOT
from ae_models.projections import store as maps
from ae_models.runs import Graphs, RunRecord, shipped_runs


@cache
def record(run: str) -> RunRecord:
    """Return what a shipped run says of itself."""
    return shipped_runs().read(run)


@cache
def graphs(run: str) -> Graphs:
    """Return a shipped run's graphs."""
    return Graphs(shipped_runs(), record(run))


@cache
def codes(run: str) -> np.ndarray:
    """Return the codes of the held-out images, ``(n, latent_dim)``."""
    return recipes.codes_of(shipped_runs(), record(run), recipes.heldout_of(record(run)))


@cache
def images(run: str) -> np.ndarray:
    """Return the held-out images of a run's data in [0, 1], ``(n, h, w)``."""
    return recipes.heldout_of(record(run)).images()[:, 0]


@cache
def ids(run: str) -> np.ndarray:
    """Return the numbers of the held-out images in their data set."""
    return recipes.heldout_of(record(run)).ids


@cache
def labels(run: str) -> np.ndarray:
    """Return the classes of the held-out images."""
    found = recipes.heldout_of(record(run)).labels
    assert found is not None
    return found


@cache
def umap(dataset: str, run: str, dim: int = 2) -> np.ndarray:
    """Return where UMAP lays the held-out images of a run's data, ``(n, dim)``; turned and scaled to lie like PCA."""
    found = maps.find("umap", dataset, dim, recipes.heldout_of(record(run)).ids)
    assert found is not None
    onto = codes(f"{dataset}-pca-{dim}d").astype(np.float64)
    centred, middle = found.points - found.points.mean(axis=0, dtype=np.float64), onto.mean(axis=0)
    turn, scale = orthogonal_procrustes(centred, onto - middle)
    laid: np.ndarray = centred @ turn * (scale / (centred**2).sum()) + middle
    return laid


def drawn(run: str, code: Any) -> np.ndarray:
    """Return what a run draws from one code, ``(h, w)``; not clipped."""
    return graphs(run).decode(np.array([code], np.float32))[0, 0]


def squared_errors(run: str) -> np.ndarray:
    """Return the summed squared error of every held-out image's reconstruction, by NumPy alone."""
    found = graphs(run).decode(codes(run))[:, 0].astype(np.float64)
    return ((found - images(run)) ** 2).sum(axis=(1, 2))


def told(*arguments: object) -> dict[str, Any]:
    """Return what a command of the command line prints with ``--json``."""
    command = [sys.executable, "-m", "ae_models", *map(str, arguments), "--json"]
    said: dict[str, Any] = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    return said


def empty_place(run: str) -> list[float]:
    """Return the middle of the widest gap between the dots of a flat map, well inside its view."""
    low, high = np.quantile(codes(run), [0.05, 0.95], axis=0)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 25).T), axis=-1).reshape(-1, 2)
    scaled = [np.min(np.linalg.norm((codes(run) - place) / (high - low), axis=1)) for place in grid]
    return [round(float(value), 1) for value in grid[int(np.argmax(scaled))]]

"""The line under a learning curve: the held-out error of the linear model that is best on the training images."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ae_models.base import ImageDataset, Splits, UserError, paths
from ae_models.base.stored import plain_json, read_file
from ae_models.runs import ModelRecord
from ae_models.runs.scoring import in_parts
from ae_models.runs.serving import find_pca

Matrix = npt.NDArray[np.float64]
_MOST_BYTES = 1_000_000
_NOTHING = 1e-9  # of the largest eigenvalue: a direction that does not vary


def pca_baseline(splits: Splits, corruption: ModelRecord, k: int) -> float:
    """Return the held-out SSE of the best linear (affine) map through ``k`` numbers, fitted on the training rows.

    On clean input that is PCA; the figure of a PCA that is stored is taken where there is one. Any other is computed
    once for every ``k`` and kept in the cache. See ``pca_baselines``.
    """
    if corruption.name == "none":
        found = find_pca(splits.train.name, splits.train.digest, k)
        if found and found[1].dataset.scored_on.digest == splits.heldout.digest:
            return found[1].test.sse
    text = json.dumps([corruption.model_dump(), splits.train.digest, splits.heldout.digest], sort_keys=True)
    path = paths.home() / "cache" / "floors" / f"{sha256(text.encode()).hexdigest()[:24]}.json"
    try:
        baselines = [float(value) for value in plain_json(read_file(path, _MOST_BYTES))]
        if not baselines or min(baselines) < 0:
            raise ValueError("no figures")
    except (OSError, ValueError, TypeError):
        baselines = pca_baselines(splits, corruption).tolist()
        _keep(path, baselines)
    return baselines[min(k, len(baselines)) - 1]


def pca_baselines(splits: Splits, corruption: ModelRecord) -> Matrix:
    r"""Return the held-out SSE of the best linear map through 1, 2, ... numbers, ``(most,)``.

    With inputs x, clean targets y, both centred on the training rows, and the least-squares answer h = B x,
    B = Cov(y, x) Cov(x)^+, the best map of rank k is V V^T B, where the columns of V are the first k eigenvectors of
    Cov(h). On clean input B is the identity and this is PCA. "Best" is on the training rows; on held-out rows another
    map may be a trifle better.

    Parameters
    ----------
    splits : Splits
    corruption : ModelRecord
        Of the input; drawn once for each training image and once for each held-out image (seed 0), as runs are scored.

    Returns
    -------
    (min(input pixels, output pixels),) array
        Squared error summed over pixels, averaged over held-out images; it starts at ``k = 1``.

    References
    ----------
    Izenman 1975, "Reduced-rank regression for the multivariate linear model"; Eckart & Young 1936 for clean input.
    """
    mean_x, mean_y, cov_x, cov_xy = _moments(splits.train, corruption)
    if corruption.name == "none":
        directions, values = np.eye(len(mean_x)), cov_x
    else:
        scale, axes = np.linalg.eigh(cov_x)
        varies = scale > _NOTHING * scale[-1]
        whitened = axes[:, varies] / scale[varies]
        directions = whitened @ (axes[:, varies].T @ cov_xy)  # B^T: (pixels in, pixels out)
        values = cov_xy.T @ directions  # Cov(h)
    order = np.linalg.eigh(values)[1][:, ::-1][:, : min(len(mean_x), len(mean_y))]  # V, the strongest first
    down = directions @ order  # (pixels in, most): V^T B x
    total, gains = 0.0, np.zeros(order.shape[1])
    for x, y in _pairs(splits.heldout, corruption):
        codes, targets = (x - mean_x) @ down, (y - mean_y) @ order
        total += float(np.square(y - mean_y).sum())
        gains += (2 * codes * targets - np.square(codes)).sum(axis=0)
    baselines: Matrix = (total - np.cumsum(gains)) / len(splits.heldout)
    return np.maximum(baselines, 0.0)


def _moments(train: ImageDataset, corruption: ModelRecord) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Return the means of x and y, Cov(x) and Cov(x, y); by parts: all rows at once would take gigabytes."""
    sums: list[Matrix] = []
    for x, y in _pairs(train, corruption):
        squares = x.T @ x
        more = [x.sum(axis=0), y.sum(axis=0), squares, squares if x is y else x.T @ y]
        sums = [before + part for before, part in zip(sums, more, strict=True)] if sums else more
    mean_x, mean_y, squares, products = (whole / len(train) for whole in sums)
    return mean_x, mean_y, squares - np.outer(mean_x, mean_x), products - np.outer(mean_x, mean_y)


def _pairs(images: ImageDataset, corruption: ModelRecord) -> Iterator[tuple[Matrix, Matrix]]:
    """Yield what a model sees of some images and what it should answer, as flat rows; one array on clean input."""
    for _, *both in in_parts(corruption, images):
        seen, wanted = (part.reshape(len(part), -1) for part in both)
        target = wanted.astype(np.float64)
        yield (target if corruption.name == "none" else seen.astype(np.float64)), target


def _keep(path: Path, baselines: list[float]) -> None:
    """Keep the figures; they are computed again where that cannot be done."""
    with suppress(OSError, UserError):
        paths.writable(path.parent)
        beside = paths.beside(path)
        beside.write_text(json.dumps([round(value, 5) for value in baselines]))
        beside.replace(path)

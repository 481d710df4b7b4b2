"""Train a linear autoencoder before one's eyes, and say at each step how near it is to PCA and along which axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ae_models import datasets
from ae_models.base import FloatArray, ImageDataset, Progress, UserError
from ae_models.latent.linear_path import LinearPath, Schedule, Wide, covariance, linear_paths, reconstruction_losses
from ae_models.metrics.principal_angles import principal_angles

STEPS, SEEDS = 8_000, (0, 1, 2, 3, 4)  # what pages train
EQUAL, UNEQUAL = 0.1, (0.05, 0.3)  # L2 strengths, as in the published experiments; less where the data vary less
MOST_PIXELS = 1600  # the covariance is the square of it


@dataclass(frozen=True, eq=False)
class Principal:
    """PCA of some images by its definition: the eigenvalues and eigenvectors of their covariance.

    Parameters
    ----------
    covariance : (n_pixels, n_pixels) array
    variances : (n_pixels,) array
        Eigenvalues, largest first.
    directions : (n_pixels, n_pixels) array
        Eigenvectors as columns, in the same order.
    n : int
        How many images.
    """

    covariance: Wide
    variances: Wide
    directions: Wide
    n: int

    def floor(self, k: int) -> float:
        """Return the least SSE that a linear autoencoder of ``k`` numbers can reach: what PCA leaves."""
        return float(self.variances[k:].sum())


@dataclass(frozen=True, eq=False)
class LinearStory:
    """What a linear autoencoder learned, step by step.

    Parameters
    ----------
    steps : (m,) array
    angles : (m,) array
        The largest angle between the sheet the decoder draws on and PCA's, in degrees; 90 is perpendicular.
    above : (m,) array
        SSE on the images it was trained on, less PCA's: never negative but for rounding.
    columns : (m, k) array
        The angle, in degrees, of each unit's drawing (a column of the decoder) to the principal direction nearest
        to it that no other unit has.
    singular : (m, k) array
        The same of the decoder's left singular vectors.
    axes : (n_pixels, k) array
        The decoder's columns at the end.
    singular_axes : (n_pixels, k) array
        Its left singular vectors at the end.
    penalty, seed
        As given.
    """

    steps: npt.NDArray[np.int64]
    angles: FloatArray
    above: FloatArray
    columns: FloatArray
    singular: FloatArray
    axes: FloatArray
    singular_axes: FloatArray
    penalty: tuple[float, ...]
    seed: int


def shipped_images(dataset: str) -> ImageDataset:
    """Return all images of a data set that ship with the product, by id: MNIST's 10,000 test images, say."""
    splits = datasets.load(dataset, "bundled")
    both = (splits.train, splits.heldout)
    labels = None if any(rows.labels is None for rows in both) else np.concatenate([rows.labels for rows in both])
    whole = replace(
        splits.train,
        pixels=np.concatenate([rows.pixels for rows in both]),
        labels=labels,
        ids=np.concatenate([rows.ids for rows in both]),
    )
    return whole.take(np.argsort(whole.ids, kind="stable"))


def principal(images: ImageDataset) -> Principal:
    """Return PCA of these images by its definition. ``UserError`` for too few images, too large, or all alike."""
    if len(images) < 2:
        raise UserError(f"PCA needs two images at least: got {len(images)}")
    pixels = int(np.prod(images.shape))
    if pixels > MOST_PIXELS:
        raise UserError(f"this is worked out for pictures of up to {MOST_PIXELS:,} pixels: these have {pixels:,}")
    matrix = covariance(images.images().reshape(len(images), -1))
    values, vectors = np.linalg.eigh(matrix)
    if values[-1] <= 0:
        raise UserError("PCA needs images that differ: these are all the same")
    return Principal(matrix, np.maximum(values[::-1], 0), vectors[:, ::-1], len(images))


def penalties_for(known: Principal, k: int) -> dict[str, tuple[float, ...]]:
    """Return L2 strengths by what they are called: none, equal, one a unit; all below the variance of direction k."""
    most = float(known.variances[k - 1])
    equal, high = min(EQUAL, 0.5 * most), min(UNEQUAL[1], 0.5 * most)
    unequal = np.geomspace(high * UNEQUAL[0] / UNEQUAL[1], high, k)
    return {
        "no penalty": (0.0,),
        f"equal L2 ({equal:.2g})": (equal,),
        f"a different L2 for each unit ({unequal[0]:.2g} to {unequal[-1]:.2g})": tuple(unequal.tolist()),
    }


def linear_path(
    known: Principal,
    k: int,
    *,
    penalties: Sequence[Sequence[float]] = ((0.0,),),
    seeds: Sequence[int] = (0,),
    steps: int = 8000,
    learning_rate: float = 2e-3,
    settle: bool = True,
    progress: Progress | None = None,
) -> tuple[LinearStory, ...]:
    """Train linear autoencoders of ``k`` numbers on all images at once by Adam, and compare them with PCA as they go.

    One for each pair of ``penalties`` and ``seeds``; with ``settle`` the learning rate falls to 0 over the last half of
    the steps. A penalty is one L2 strength for all units of the code, or one a
    unit; a strength must stay below the variance of the k-th principal direction, or that direction is lost.

    Raises
    ------
    UserError
        When ``k`` is not between 1 and the number of directions in which the images vary, or a strength is too large.
    """
    rank = int((known.variances > 1e-6 * known.variances[0]).sum())
    if not 1 <= k <= rank:
        raise UserError(
            f"the code must have between 1 and {rank} numbers (directions in which the images vary): got {k}"
        )
    largest = max(strength for penalty in penalties for strength in penalty)
    if largest >= known.variances[k - 1]:
        raise UserError(
            f"an L2 strength must stay below {known.variances[k - 1]:.2f}, the variance of direction {k}: "
            f"got {largest:g}"
        )
    paths = linear_paths(
        known.covariance,
        k,
        penalties=penalties,
        seeds=seeds,
        schedule=Schedule(steps, learning_rate, settle),
        progress=progress,
    )
    return tuple(
        _story(known, path, penalty, seed) for path, penalty, seed in zip(paths, penalties, seeds, strict=True)
    )


def _story(known: Principal, path: LinearPath, penalty: Sequence[float], seed: int) -> LinearStory:
    k = path.decoders.shape[2]
    best = known.directions[:, :k]
    singular = [np.linalg.svd(decoder.astype(np.float64), full_matrices=False)[0] for decoder in path.decoders]
    return LinearStory(
        steps=path.steps,
        angles=np.array([principal_angles(vectors.T, best.T)[-1] for vectors in singular], np.float32),
        above=(reconstruction_losses(path, known.covariance) - known.floor(k)).astype(np.float32),
        columns=np.stack([_axis_angles(decoder, best) for decoder in path.decoders]),
        singular=np.stack([_axis_angles(vectors, best) for vectors in singular]),
        axes=path.decoders[-1],
        singular_axes=singular[-1].astype(np.float32),
        penalty=tuple(float(strength) for strength in penalty),
        seed=seed,
    )


def _axis_angles(directions: npt.NDArray[np.floating], best: Wide) -> FloatArray:
    """Return the angle of each column to its own principal direction, matched so that the sum of cosines is largest."""
    from scipy.optimize import linear_sum_assignment

    wide = directions.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=0)
    cosines = np.abs(best.T @ (wide / np.where(lengths > 0, lengths, 1.0)))  # (k principal, k units)
    rows, units = linear_sum_assignment(-cosines)
    angles = np.empty(wide.shape[1], np.float32)
    angles[units] = np.degrees(np.arccos(np.clip(cosines[rows, units], 0.0, 1.0)))
    return angles

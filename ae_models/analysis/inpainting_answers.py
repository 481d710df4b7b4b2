"""Filling in, enlarging, colouring: what a network answers where the image does not say, beside plain methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models.analysis.classical_baselines import filled, hidden_pixels, plain_answers
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.base.squared_errors import squared_errors
from ae_models.datasets.tinted import has_second_tint, tints
from ae_models.runs import Graphs, RunRecord
from ae_models.runs.scoring import seen_and_wanted

NETWORK = "Network"


@dataclass(frozen=True, eq=False)
class Guesses:
    """What is seen, what was wanted ``(n, c, h, w)``, and by whoever answers: pictures and errors ``(n,)``."""

    seen: FloatArray
    wanted: FloatArray
    drawn: Mapping[str, FloatArray]
    errors: Mapping[str, FloatArray]


def guesses(record: RunRecord, graphs: Graphs, images: ImageDataset, mean: FloatArray) -> Guesses:
    """Return the answers of a run, of the plain method for its task, and of the mean, to images it never saw.

    Where a hole is filled, everybody answers for the hole only and the rest is left as it is; without that a network
    would pay for what it redraws, and the others would not.

    Parameters
    ----------
    images : ImageDataset
        What is wanted; what is seen is made of them as in the run's training.
    mean : (c, h, w) array
        The mean image of its training images; used where pictures are enlarged.

    Raises
    ------
    UserError
        For a run whose input is not corrupted, or in another way than these three.
    """
    kind = record.corruption.name
    if kind not in ("occlusion", "downsample", "grey-scale"):
        raise UserError(f"run '{record.id}' does not fill in, enlarge or colour: its corruption is '{kind}'")
    seen, wanted = seen_and_wanted(record.corruption, images, slice(0, len(images)))
    drawn: dict[str, FloatArray] = {NETWORK: graphs.reconstruct(seen)}
    for name, answer in plain_answers(record):
        drawn[name] = answer(seen, images)
    if kind == "occlusion":
        drawn[NETWORK] = filled(seen, hidden_pixels(record, images), drawn[NETWORK])
    elif kind == "downsample":
        drawn["the mean image"] = np.broadcast_to(mean, wanted.shape)
    else:
        drawn["the mean colour"] = np.asarray(seen * mean_tint(len(images.class_names))[:, None, None], np.float32)
    return Guesses(seen, wanted, drawn, {name: squared_errors(wanted, shown) for name, shown in drawn.items()})


def mean_tint(n_classes: int) -> FloatArray:
    """Return the mean colour ``(3,)`` of tinted images, all classes being equally frequent."""
    every = tints(n_classes)
    return np.asarray((every[: n_classes - 1].sum(axis=0) + every[n_classes - 1 :].mean(axis=0)) / n_classes)


def colours_of(pictures: FloatArray, grey: FloatArray) -> FloatArray:
    """Return the colour ``(n, 3)`` that, times the grey image ``(n, 1, h, w)``, is nearest to each picture."""
    weight = np.square(grey, dtype=np.float64).sum(axis=(1, 2, 3))
    return np.asarray((pictures * grey).sum(axis=(2, 3)) / np.maximum(weight, 1e-9)[:, None], np.float32)


@dataclass(frozen=True, eq=False)
class TwoTints:
    """The last class, which wears either of two colours: those, the one between, and what was drawn for each image."""

    tints: FloatArray  # (2, 3)
    between: FloatArray  # (3,)
    drawn: FloatArray  # (n, 3), of images of that class
    second: FloatArray  # (n,), 1 where it wears the second
    away: FloatArray  # (m,), distance of the drawn colour from the true one, of images of all other classes

    @property
    def nearest(self) -> FloatArray:
        """The shares of images whose drawn colour is nearest to the first, the second, the one between."""
        known = np.vstack([self.tints, self.between])
        place = np.linalg.norm(self.drawn[:, None] - known[None], axis=2).argmin(axis=1)
        return np.asarray(np.bincount(place, minlength=3) / len(place), np.float32)

    @property
    def places(self) -> FloatArray:
        """Where between the two each drawn colour lies, ``(n,)``: 0 is the first, 1 the second."""
        way = self.tints[1] - self.tints[0]
        return np.asarray((self.drawn - self.tints[0]) @ way / (way @ way), np.float32)

    @property
    def hits(self) -> FloatArray:
        """1 for each image whose drawn colour is nearer to the tint that it wears than to the other, ``(n,)``."""
        return np.asarray((self.places > 0.5) == (self.second > 0.5), np.float32)


def two_tints(drawn: FloatArray, grey: FloatArray, images: ImageDataset) -> TwoTints:
    """Return what a colouring network made ``(n, 3, h, w)`` of the class of two colours; needs classes."""
    if images.labels is None:
        raise UserError("images without classes have no class of two colours")
    n_classes = len(images.class_names)
    every, colours = tints(n_classes), colours_of(drawn, grey)
    last = images.labels == n_classes - 1
    away = np.linalg.norm(colours[~last] - every[images.labels[~last]], axis=1)
    return TwoTints(
        every[n_classes - 1 :],
        every[n_classes - 1 :].mean(axis=0),
        colours[last],
        has_second_tint(images.ids[last]).astype(np.float32),
        np.asarray(away, np.float32),
    )

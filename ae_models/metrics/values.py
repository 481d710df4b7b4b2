"""What every metric says of itself, what it is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, ImageDataset
from ae_models.base.registry import Entry
from ae_models.kinds import Kind, kind_of

Group = Literal["reconstruction", "neighbourhood", "global", "labels", "anomaly", "linear"]
Direction = Literal["higher", "lower"]
Need = Literal["images", "points", "ranks", "reconstructions", "labels", "other_errors", "directions"]


@dataclass(frozen=True, kw_only=True)
class Metric(Entry):
    """One line of the table of metrics.

    Parameters
    ----------
    target : str
        ``"module:function"``; the function takes a ``Material`` and returns a ``Value``.
    title, summary : str
        What a person calls it; what it says, in a student's words. These,
        ``chance``, ``unit``, ``formula`` and ``says`` are templates with a kind's nouns (``Kind.say``).
    low, high : float or None
        The ends of its range; None where there is none.
    direction : str
        ``higher`` or ``lower``: what is better.
    chance : str
        How the chance level is measured, or what it is.
    unit, formula, reference : str
        In plain text.
    per_point : bool
        Whether a value has a number for each image, so that a map can be coloured by it.
    needs : tuple of str
        What must be there; ``measure`` says in one line which is not.
    says : str
        The figure in a sentence, a template of ``value``, ``percent``, ``chance``, ``k``.
    decimals : int
        How many are shown; differences below them are nobody's victory.
    version : int
        Raised when the formula changes: kept scores of other versions are computed again.
    """

    group: Group
    direction: Direction
    chance: str
    unit: str
    formula: str
    reference: str
    says: str
    low: float | None = 0.0
    high: float | None = 1.0
    per_point: bool = False
    needs: tuple[Need, ...] = ()
    decimals: int = 3
    version: int = 1

    @property
    def range(self) -> str:
        """The range in words: ``0 to 1``, ``0 and more``."""
        if self.low is None and self.high is None:
            return "any number"
        if self.high is None:
            return f"{self.low:g} and more"
        if self.low is None:
            return f"at most {self.high:g}"
        return f"{self.low:g} to {self.high:g}"

    def of(self, kind: Kind) -> Metric:
        """Return the metric in the nouns of a kind of data; ``says`` stays a template, of values too."""
        return _in_words(self, kind)


@lru_cache(maxsize=256)
def _in_words(entry: Metric, kind: Kind) -> Metric:
    return replace(
        entry,
        title=kind.say(entry.title),
        summary=kind.say(entry.summary),
        chance=kind.say(entry.chance),
        unit=kind.say(entry.unit),
        formula=kind.say(entry.formula),
    )


class NoValue(ValueError):
    """A metric has no value here; the message is one line for a person."""


@dataclass(frozen=True, eq=False)
class Value:
    """What a metric answered for one method on one set of images.

    Parameters
    ----------
    value : float or None
        None where the metric has no value; ``why`` then says so in one line.
    chance, chance_n : float or None, int
        The same metric of the same map with its rows shuffled, and on how many images that was measured.
    k : int
        Neighbours that counted as near; 0 where none were counted.
    n, of : int, str
        How many of what it was computed from: 10,000 "images", 200,000 "triplets".
    seed : int or None
        Of sampling, splitting and bootstrap; None where nothing was drawn.
    interval, interval_how : (low, high) or None, str
        A 95 % interval and what it was taken over.
    spread, spread_n : (low, high) or None, int
        The least and greatest value over runs that differ only in their seed, and how many there are.
    per_point : (n,) array of float32 or None
        One number an image, in the order of the images; NaN where it has none.
    by_class : tuple of (float or None)
        Means of ``per_point`` over each class, in the order of the class names.
    curve : dict of str to (m,) array
        Columns of a curve, e.g. ``k``, ``q_nx``, ``r_nx``.
    note : str
        What a reader must know: "fitted on 5,000 codes, scored on the other 5,000".
    """

    value: float | None
    why: str = ""
    chance: float | None = None
    chance_n: int = 0
    k: int = 0
    n: int = 0
    of: str = "images"
    seed: int | None = None
    interval: tuple[float, float] | None = None
    interval_how: str = ""
    spread: tuple[float, float] | None = None
    spread_n: int = 1
    per_point: FloatArray | None = None
    by_class: tuple[float | None, ...] = ()
    curve: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, eq=False)
class Material:
    """What one method made of one set of images: all that a metric may look at.

    Parameters
    ----------
    images : ImageDataset
        The scored images with their labels; distances between images are those of its raw pixels, exact.
    points : (n, d) array
        Latent codes or a map.
    reconstructions : (n, c, h, w) array or None
    ranks : Neighbourhood or None
        The result of the shared pass of ``ranks.py`` for these points.
    other_errors : (m,) array or None
        Squared errors of the same method on images of another data set; ``other_name`` names it.
    directions, pca_directions : (d, n_pixels) arrays or None
        What a *linear* decoder adds per unit of each code, and PCA's directions of the same number.
    why_not : dict
        Why something is missing, by its name in ``Need``: "UMAP cannot draw".
    k : int
        Neighbours that count as near.
    seed : int
    """

    images: ImageDataset
    points: FloatArray
    reconstructions: FloatArray | None = None
    ranks: Any = None
    other_errors: FloatArray | None = None
    other_name: str = ""
    directions: FloatArray | None = None
    pca_directions: FloatArray | None = None
    why_not: dict[str, str] = field(default_factory=dict)
    k: int = 5
    seed: int = 0

    @property
    def kind(self) -> Kind:
        """What the images are."""
        return kind_of(self.images.shape)

    @property
    def labels(self) -> npt.NDArray[np.int32] | None:
        """Class numbers of the images, or None."""
        return self.images.labels

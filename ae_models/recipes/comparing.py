"""Compare models and maps on the same images: every metric, its chance level, its spread, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ae_models.base import Progress
from ae_models.config import Variant
from ae_models.metrics import Value


@dataclass(frozen=True)
class Costs:
    """What a method costs.

    ``n_parameters`` counts trained numbers; seconds are None where nobody measured them.
    ``repeatable``, ``decodes`` and ``new_images`` say yes or no, ``repeatable_note`` on which condition.
    """

    n_parameters: int | None
    fit_seconds: float | None
    encode_seconds: float | None
    repeatable: bool
    repeatable_note: str
    decodes: bool
    new_images: bool


@dataclass(frozen=True, eq=False)
class Row:
    """One method of a comparison.

    Parameters
    ----------
    id : str
        The id of the run, or the name of the projection with its dimensions (``umap-2d``): unique in a comparison.
    method, title, kind
        ``dense``, ``pca``, ``umap`` ...; "Autoencoder, 2 numbers"; ``run`` or ``projection``.
    latent_dim, seed, version, parameters
        Seed None where nothing is drawn.
    fitted_on, scored_on : dict
        ``{"variant", "split", "n", "digest"}``.
    values : dict of Value
        By the name of the metric.
    siblings : tuple of str
        Ids of the other runs here that differ only in their seed.
    note : str
        "Neighbours are those of the code itself, 30 numbers": empty for a map of the asked size.
    """

    id: str
    method: str
    title: str
    kind: str
    latent_dim: int
    seed: int | None
    version: str
    parameters: dict[str, Any]
    fitted_on: dict[str, Any]
    scored_on: dict[str, Any]
    values: dict[str, Value]
    costs: Costs
    siblings: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Methods by metrics on the same images.

    ``metrics`` are names of ``METRICS`` in the order of the table; ``variant`` says which images were scored
    (``full``: the 10,000 test images; ``bundled``: the held-out fifth of them); ``k`` how many neighbours are near.
    """

    dataset: str
    variant: str
    n: int
    k: int
    seed: int
    rows: tuple[Row, ...]
    metrics: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    def row(self, row_id: str) -> Row:
        """Return one row by its id."""
        return next(row for row in self.rows if row.id == row_id)

    def ranking(self, metric: str) -> tuple[Row, ...]:
        """Return the rows that have a value, best first."""
        raise NotImplementedError

    def leaders(self, metric: str) -> tuple[str, ...]:
        """Return the ids of the best row and of all rows that tie with it; empty when no row has a value."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Return ``{"dataset", "n", "rows": [{"method", "latent_dim", "metrics": {name: value}}]}`` and more keys."""
        raise NotImplementedError

    def to_table(self) -> list[list[str]]:
        """Return a head and a line a metric, as text: title, direction, chance, one column a method, best marked."""
        raise NotImplementedError


def compare(
    dataset: str,
    runs: Sequence[str] = (),
    projections: Sequence[str] = (),
    *,
    dim: int = 2,
    metrics: Sequence[str] | None = None,
    variant: Variant = "auto",
    k: int = 5,
    seed: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Score runs and projections on the same held-out images.

    Parameters
    ----------
    dataset : str
        A name of ``DATASETS``; every run must be of it.
    runs, projections : sequences of str
        Ids of runs; names of ``PROJECTIONS``, each fitted in ``dim`` dimensions or read where it was fitted before.
    metrics : sequence of str, optional
        Names of ``METRICS``; all of them by default.
    variant : str
        ``auto`` scores on as many held-out images as no method was fitted on.
    k : int
        Neighbours that count as near.
    seed : int
        Of sampling, splits, shuffles and bootstrap; the fitted maps keep their own.
    progress : callable, optional
        Told the share done and a line; what it raises stops the comparison.

    Raises
    ------
    Mistake
        For an unknown name, a run of another data set, a run that was fitted on the images to be scored.
    """
    raise NotImplementedError


def ties(metric: str, one: Value, other: Value) -> str:
    """Return why two values are a tie ("inside the spread of 3 seeds"), or nothing when they are not.

    A difference is a tie when it is not larger than the spread over seeds of either, where several seeds exist; else
    than the half-width of either's 95 % interval; or when both figures read the same at the decimals shown.
    """
    raise NotImplementedError


def reading(metric: str, value: Value, others: Mapping[str, Value] | None = None) -> str:
    """Return a figure in plain words, computed: what it means, and where it stands among ``others`` (by title)."""
    raise NotImplementedError

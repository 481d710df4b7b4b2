"""What a comparison is: methods by metrics on the same images, with what each method costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ae_models.analysis.figures_in_words import ties
from ae_models.base.config import Variant
from ae_models.metrics import Value, metric


@dataclass(frozen=True)
class Scoring:
    """What is measured, on which images, and how.

    Parameters
    ----------
    dim : int
        Dimensions of the projections.
    metrics : sequence of str, optional
        Names of ``METRICS``; all of them by default.
    variant : str
        ``auto`` scores on as many held-out images as no method was fitted on.
    k : int
        Neighbours that count as near.
    seed : int
        Of sampling, splits, shuffles and bootstrap; the fitted maps keep their own.
    """

    dim: int = 2
    metrics: Sequence[str] | None = None
    variant: Variant = "auto"
    k: int = 5
    seed: int = 0


@dataclass(frozen=True)
class Costs:
    """What a method costs.

    ``n_parameters`` counts trained numbers, None for maps that keep their training images instead; ``fit_seconds`` is
    what fitting took, where it was fitted, ``encode_seconds`` what placing 1,000 images takes, each None where nobody
    measured it. ``repeatable``, ``decodes`` and ``new_images`` say yes or no, the notes on which condition.
    """

    n_parameters: int | None
    fit_seconds: float | None
    encode_seconds: float | None
    repeatable: bool
    repeatable_note: str
    decodes: bool
    new_images: bool = True
    new_images_note: str = ""


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
        "Its map figures are those of the code itself, 30 numbers"; empty for most.
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
    costs: Costs
    values: dict[str, Value] = field(default_factory=dict)
    siblings: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Methods by metrics on the same images.

    ``metrics`` are names of ``METRICS`` in the order of the table; ``variant`` says which images were scored
    (``full``: the test file; ``bundled``: the held-out fifth of the bundled images); ``k`` how many neighbours are
    near.
    """

    dataset: str
    variant: str
    n: int
    k: int
    seed: int
    rows: tuple[Row, ...]
    metrics: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def row(self, row_id: str) -> Row:
        """Return one row by its id."""
        return next(row for row in self.rows if row.id == row_id)

    def ranking(self, name: str) -> tuple[Row, ...]:
        """Return the rows that have a value of this metric, best first."""
        sign = -1 if metric(name).direction == "higher" else 1
        known = [(row.values[name].value, row) for row in self.rows if name in row.values]
        return tuple(
            row for value, row in sorted(((v, r) for v, r in known if v is not None), key=lambda p: sign * p[0])
        )

    def leaders(self, name: str) -> tuple[str, ...]:
        """Return the ids of the best row and of all rows that tie with it; empty when no row has a value."""
        ranking = self.ranking(name)
        if not ranking:
            return ()
        best = ranking[0].values[name]
        return tuple(row.id for row in ranking if row is ranking[0] or ties(name, best, row.values[name]))

    def to_json(self) -> dict[str, Any]:
        """Return ``{"dataset", "n", "rows": [{"method", "latent_dim", "metrics": {name: value}}]}`` and more keys."""
        from ae_models.recipes.comparison_report import to_json

        return to_json(self)

    def to_table(self) -> list[list[str]]:
        """Return a head and a line a metric, as text: title, direction, chance, one column a method, best marked."""
        from ae_models.recipes.comparison_report import to_table

        return to_table(self)

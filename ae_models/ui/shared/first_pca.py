"""PCA of data that nobody has trained on yet: fitted once, at the first look."""

from __future__ import annotations

from ae_models import datasets, recipes
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached


@cached(spinner="Fitting PCA ...")
def first_pca(dataset: str, dim: int) -> tuple[RunStore, RunRecord] | None:
    """Return PCA of ``dim`` components of a data set's training rows, fitted now where that is quick; else None."""
    recipes.first_maps(dataset)
    return recipes.find_pca(dataset, datasets.load(dataset).train.digest, dim)

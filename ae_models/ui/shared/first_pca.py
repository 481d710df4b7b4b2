"""PCA of data that nobody has trained on yet: fitted once, at the first look."""

from __future__ import annotations

import streamlit as st

from ae_models import datasets, recipes
from ae_models.runs import RunRecord, RunStore


def first_pca(dataset: str, dim: int) -> tuple[RunStore, RunRecord] | None:
    """Return PCA of ``dim`` components of a data set's training rows, fitted now where that is quick; else None."""
    return _first_pca(dataset, dim, datasets.stamp(dataset))


@st.cache_resource(max_entries=16, show_spinner="Fitting PCA ...")
def _first_pca(dataset: str, dim: int, stamp: str) -> tuple[RunStore, RunRecord] | None:
    recipes.first_maps(dataset)
    return recipes.find_pca(dataset, datasets.load(dataset).train.digest, dim)

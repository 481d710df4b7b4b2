"""Who stands in a comparison where nobody has chosen: the best autoencoder, one with several seeds, every map."""

from __future__ import annotations

from collections.abc import Iterable

from ae_models.analysis.families import Run, seed_families
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.runs import RunRecord


def comparable(runs: Iterable[Run], dataset: str) -> tuple[Run, ...]:
    """Return the autoencoders of a data set that answer what they see: nothing corrupted, nothing enlarged."""
    return tuple(
        (store, record)
        for store, record in runs
        if record.dataset.name == dataset
        and record.model.name != "pca"
        and record.corruption.name == "none"
        and record.input_shape == record.output_shape
    )


def lineup(runs: Iterable[Run], dataset: str, dim: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return ids of runs and names of projections in ``dim`` dimensions.

    Of the runs with a code of that size: the one with the least held-out error, shipped ones first (there are no
    validation images: the choice flatters it a little, and the pages say so); and the first of
    a family that differs in its seed only. Of the maps: PCA, and those that are kept.
    """
    fitting = [run for run in comparable(runs, dataset) if run[1].latent_dim == dim]
    ranked = sorted((record for _, record in fitting), key=_merit)
    families = [family[0][1] for family in seed_families(fitting)[:1]]
    chosen = dict.fromkeys(record.id for record in (*ranked[:1], *families))
    return tuple(chosen), tuple(name for name in PROJECTIONS if name == "pca" or has_map(name, dataset, dim))


def _merit(record: RunRecord) -> tuple[bool, float]:
    return record.origin != "shipped", record.test.sse


def with_siblings(chosen: Iterable[str], runs: Iterable[Run]) -> tuple[str, ...]:
    """Return ids of runs and of all that differ from one of them in their seed only: a spread is taken over those."""
    ids = tuple(chosen)
    families = [[record.id for _, record in family] for family in seed_families(runs)]
    return tuple(dict.fromkeys([*ids, *(run for family in families if set(family) & set(ids) for run in family)]))


def has_map(method: str, dataset: str, dim: int) -> bool:
    """Say whether a map of these dimensions is kept, shipped or fitted here."""
    return any(
        about["method"] == method and about["dataset"] == dataset and about["config"].get("n_components") == dim
        for _, _, about in maps.catalogue()
    )

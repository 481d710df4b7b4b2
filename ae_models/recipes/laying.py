"""Lay ready-made coordinates or codes beside ours: a stranger's map of a data set's held-out images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ae_models import datasets
from ae_models.base import Embedding, FloatArray, ImageDataset, IntArray, Mistake
from ae_models.config import Variant
from ae_models.datasets import kept
from ae_models.importing import Item
from ae_models.importing.coordinates import Coordinates, coordinates
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.recipes.scoring import rows_record


def import_map(items: Sequence[Item], dataset: str, title: str, *, variant: Variant = "auto") -> Embedding:
    """Keep points that were computed elsewhere as a map of a data set's held-out images; return it.

    Parameters
    ----------
    items : sequence of Item
        One NPY, NPZ or CSV file of ``(n, k)`` numbers. Rows are matched by a column or an array ``id`` where there is
        one; else ``n`` must be the number of held-out images, or of all images, in their order.
    title : str
        What to call the map; its method's name is made of it.

    Raises
    ------
    Mistake
        When rows cannot be matched, are missing for held-out images, or the name is one of our own methods.
    """
    method = kept.slug(title)
    if not method or method in PROJECTIONS:
        raise Mistake(f"a map cannot be called '{title[:60]}': take a name that is no method of ours")
    found = coordinates(items)
    splits = datasets.load(dataset, variant)
    points = _matched(found, splits.train, splits.heldout)
    scored = rows_record("heldout", splits.heldout) | {"variant": splits.variant}
    embedding = Embedding(
        points=points,
        ids=splits.heldout.ids,
        method=method,
        config={"n_components": points.shape[1], "source": found.name, "title": " ".join(title.split())[:120]},
        version="imported",
        dataset=dataset,
        fitted_on={"variant": splits.variant, "split": "not known", "n": 0, "digest": ""},
        scored_on=scored,
    )
    maps.save(embedding, maps.own_embeddings(), f"{method}-{splits.heldout.digest[:16]}-{points.shape[1]}d")
    return embedding


def _matched(found: Coordinates, train: ImageDataset, heldout: ImageDataset) -> FloatArray:
    """Return the points of the held-out images, in their order."""
    n, n_all = len(found.points), len(train) + len(heldout)
    if found.ids is not None:
        rows = maps.rows_of(found.ids, heldout.ids)
        if rows is None:
            missing = int(np.setdiff1d(heldout.ids, found.ids).size)
            raise Mistake(
                f"{found.name}: {missing:,} of the {len(heldout):,} held-out images have no row with their id"
            )
        return found.points[rows]
    if n == len(heldout):
        return found.points
    if n == n_all and not _overlap(train.ids, heldout.ids):
        return found.points[np.argsort(np.argsort(np.concatenate([train.ids, heldout.ids])))[len(train) :]]
    raise Mistake(
        f"{found.name}: {n:,} rows, where {len(heldout):,} held-out images are mapped"
        + ("" if _overlap(train.ids, heldout.ids) else f", or all {n_all:,}")
        + ": give that many, in their order, or a column 'id'"
    )


def _overlap(one: IntArray, other: IntArray) -> bool:
    return bool(np.intersect1d(one, other).size)

"""Keep ready-made coordinates or codes beside ours: a map from elsewhere of a data set's held-out images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ae_models import datasets
from ae_models.base import OPERATOR, Embedding, FloatArray, ImageDataset, IntArray, UserError, Visitor
from ae_models.base.config import Variant
from ae_models.datasets import kept
from ae_models.datasets.readers import LIMITS, Item, Limits
from ae_models.datasets.readers.coordinates import Coordinates, coordinates
from ae_models.kinds import kind_of
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.runs.scoring import rows_record


@dataclass(frozen=True, eq=False)
class MatchedPoints:
    """Points that were read and matched to held-out images, and not kept yet: ``(n, k)``, in the images' order."""

    source: str
    points: FloatArray
    dataset: str
    heldout: ImageDataset
    variant: str
    by_id: bool  # matched by ids; else by their order


def match_points(
    items: Sequence[Item], dataset: str, *, variant: Variant = "auto", limits: Limits = LIMITS
) -> MatchedPoints:
    """Return points that were computed elsewhere, matched to a data set's held-out images; nothing is kept.

    Parameters
    ----------
    items : sequence of Item
        One NPY, NPZ or CSV file of ``(n, k)`` numbers. Rows are matched by a column or an array ``id`` where there is
        one; else ``n`` must be the number of held-out images, or of all images, in their order.

    Raises
    ------
    UserError
        When rows cannot be matched, or are missing for held-out images.
    """
    found = coordinates(items, limits)
    splits = datasets.load(dataset, variant)
    points = _matched(found, splits.train, splits.heldout)
    return MatchedPoints(found.name, points, dataset, splits.heldout, splits.variant, found.ids is not None)


def method_of(title: str) -> str:
    """Return the name that a map called ``title`` is kept under; ``UserError`` when it is none, or one of ours."""
    method = kept.slug(title)
    if not method or method in PROJECTIONS:
        raise UserError(f"a map cannot be called '{title[:60]}': take a name that is no method of ours")
    return method


def keep_map(found: MatchedPoints, title: str, by: Visitor) -> Embedding:
    """Keep points as a map called ``title`` and return it; ``by`` is its owner.

    One of the same name and data takes the place of an earlier one, which must not be another person's. Codes of more
    than 3 numbers are kept by their first 2 and their first 3 principal components too, and say so.
    """
    method = method_of(title)
    digest, width = found.heldout.digest, found.points.shape[1]
    for earlier in known_maps():
        if (earlier.method, earlier.dataset) == (method, found.dataset):
            by.check(earlier.owner, f"there is a map '{earlier.title}' of these data, which")
    about = {"source": found.source, "title": " ".join(title.split())[:120]}

    def written(points: FloatArray, **more: int) -> Embedding:
        embedding = Embedding(
            points=points,
            ids=found.heldout.ids,
            method=method,
            config={"n_components": points.shape[1], **about, **more},
            version="imported",
            dataset=found.dataset,
            fitted_on={"variant": found.variant, "split": "not known", "n": 0, "digest": ""},
            scored_on=rows_record("heldout", found.heldout) | {"variant": found.variant},
        )
        maps.save(embedding, maps.own_embeddings(), f"{method}-{digest[:16]}-{points.shape[1]}d", by.id)
        return embedding

    if width > 3:
        for k in (2, 3):
            written(_leading(found.points, k), of=width)
    return written(found.points)


def _leading(points: FloatArray, k: int) -> FloatArray:
    """Return points ``(n, d)`` by their first ``k`` principal components."""
    centred = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    return np.asarray(centred @ axes[:, ::-1][:, :k], np.float32)


def import_map(items: Sequence[Item], dataset: str, title: str, *, variant: Variant = "auto") -> Embedding:
    """Keep points that were computed elsewhere as a map of a data set's held-out images; return it.

    ``match_points`` and ``keep_map`` in one; see there.
    """
    method_of(title)
    return keep_map(match_points(items, dataset, variant=variant), title, OPERATOR)


@dataclass(frozen=True)
class ImportedMap:
    """A map that was read from a file: its method's name, title, data set, how many numbers it had, and whose it is."""

    method: str
    title: str
    dataset: str
    width: int
    owner: str


def known_maps() -> list[ImportedMap]:
    """Return each map that was read from a file, newest first."""
    found: dict[tuple[str, str], ImportedMap] = {}
    for _, _, about in maps.catalogue():
        config = about["config"]
        if about["version"] == "imported":
            key = str(about["method"]), str(about["dataset"])
            width = int(config.get("of", config.get("n_components", 0)))
            owner = str(about.get("owner", ""))[:64]
            found.setdefault(key, ImportedMap(key[0], str(config.get("title", key[0])), key[1], width, owner))
    return list(found.values())


def delete_map(method: str, dataset: str, by: Visitor) -> None:
    """Delete a map that was read from a file, with its shorter forms; ``UserError`` where it is another person's."""
    for folder, name, about in maps.catalogue():
        imported = (about["version"], about["method"], about["dataset"]) == ("imported", method, dataset)
        if imported and folder == maps.own_embeddings():
            by.check(str(about.get("owner", "")), f"map '{method}'")
            maps.remove(name)


def remove_damaged(name: str, by: Visitor) -> None:
    """Delete a map that cannot be read; ``UserError`` where it is none, or another person's."""
    found = {bad.name: bad for bad in maps.damaged()}
    if name not in found:
        raise UserError(f"map '{name[:80]}' is not there any more, or can be read again")
    by.check(found[name].owner, f"map '{name}'")
    maps.remove(name)


def _matched(found: Coordinates, train: ImageDataset, heldout: ImageDataset) -> FloatArray:
    """Return the points of the held-out images, in their order."""
    n, n_all, samples = len(found.points), len(train) + len(heldout), kind_of(heldout.shape).samples
    if found.ids is not None:
        rows = maps.rows_of(found.ids, heldout.ids)
        if rows is None:
            missing = int(np.setdiff1d(heldout.ids, found.ids).size)
            raise UserError(
                f"{found.name}: {missing:,} of the {len(heldout):,} held-out {samples} have no row with their id"
            )
        return found.points[rows]
    if n == len(heldout):
        return found.points
    if n == n_all and not _overlap(train.ids, heldout.ids):
        return found.points[np.argsort(np.argsort(np.concatenate([train.ids, heldout.ids])))[len(train) :]]
    raise UserError(
        f"{found.name}: {n:,} rows, where {len(heldout):,} held-out {samples} are mapped"
        + ("" if _overlap(train.ids, heldout.ids) else f", or all {n_all:,}")
        + ": give that many, in their order, or a column 'id'"
    )


def _overlap(one: IntArray, other: IntArray) -> bool:
    return bool(np.intersect1d(one, other).size)

"""Clusters of a space's codes: found when a browser first asks for them, kept while somebody may ask again."""

from __future__ import annotations

from ae_models.base import FloatArray
from ae_models.canvas.types import Clusters
from ae_models.latent.clusters import SEED, clusters, method_of
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_later, publish
from ae_models.ui.shared.scene import DecodedSpace


def clusters_of(space: DecodedSpace, split: str, k: int) -> Clusters:
    """Return the ``k`` clusters of all codes of a space."""
    found = _blob(space.store, space.record, split, k, space.codes.values)
    return Clusters(publish(found), method_of(len(space.codes.values), space.record.latent_dim, k), SEED)


@cached()
def _blob(store: RunStore, record: RunRecord, split: str, k: int, _codes: FloatArray) -> Blob:
    name = f"clusters {k} {SEED} {store.root} {record.digest} {split} {len(_codes)}"
    return blob_later(name, lambda: clusters(_codes, k))

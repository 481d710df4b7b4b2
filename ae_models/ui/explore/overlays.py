"""Fields over a flat map and clusters of a space's codes: computed when a browser first asks for them."""

from __future__ import annotations

from ae_models import recipes
from ae_models.base import FloatArray
from ae_models.canvas.types import Clusters, Fields
from ae_models.latent.clusters import SEED, clusters, method_of
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_later, publish
from ae_models.ui.shared import run_data
from ae_models.ui.shared.scene import DecodedSpace


def fields(space: DecodedSpace, dims: tuple[int, ...], split: str) -> Fields | None:
    """Return what can be laid over a space's flat map, or None where it is no plane of the code."""
    if len(dims) != 2:
        return None
    off, stretch, arrows = _blobs(space.store, space.record, dims, split, space)
    across, up = (recipes.widened(space.codes.bounds)[dim] for dim in dims)
    return Fields(
        off_url=publish(off),
        stretch_url=publish(stretch),
        arrows_url=None if arrows is None else publish(arrows),
        across=(across.low, across.high),
        up=(up.low, up.high),
        lines=recipes.LINES,
        arrows=recipes.ARROWS,
    )


@cached()
def _blobs(
    store: RunStore, record: RunRecord, dims: tuple[int, int], split: str, _space: DecodedSpace
) -> tuple[Blob, Blob, Blob | None]:
    codes, bounds, graphs = _space.codes.values, _space.codes.bounds, _space.graphs
    limits = run_data.landscape(store, record, split).support
    name = f"{store.root} {record.digest} {dims} {split}"
    off = blob_later(f"off {name}", lambda: recipes.off_field(codes, bounds, dims, limits))
    stretch = blob_later(f"stretch {name}", lambda: recipes.stretch_field(graphs, codes, bounds, dims))
    if record.input_shape != record.output_shape:
        return off, stretch, None  # what it draws is nothing that it could read
    arrows = blob_later(f"arrows {name}", lambda: recipes.arrows_field(graphs, graphs, codes, bounds, dims))
    return off, stretch, arrows


def clusters_of(space: DecodedSpace, split: str, k: int) -> Clusters:
    """Return the ``k`` clusters of all codes of a space."""
    found = _clusters(space.store, space.record, split, k, space.codes.values)
    return Clusters(publish(found), method_of(len(space.codes.values), space.record.latent_dim, k), SEED)


@cached()
def _clusters(store: RunStore, record: RunRecord, split: str, k: int, _codes: FloatArray) -> Blob:
    name = f"clusters {k} {SEED} {store.root} {record.digest} {split} {len(_codes)}"
    return blob_later(name, lambda: clusters(_codes, k))

"""How large a file will be that takes a while to make: said before it is made, from a sample of the images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.analysis.map_values import errors_of, neighbour_maps, sheets_shown, snapshots_of
from ae_models.export import projector, sprite_side, zipped
from ae_models.export.onefile import pack
from ae_models.projections import store as maps
from ae_models.recipes.exports import columns_about, pictures_of
from ae_models.recipes.mapping import pca_beside
from ae_models.recipes.onefile import MOST_BYTES, programs_size
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.runs.serving import codes_of, heldout_of

_ROWS = 500  # of a sample: enough for a tenth of a megabyte
_FLOAT = 3.65  # bytes that a float32 takes when it is packed: its last digits are noise
_FIELDS = 30_000  # bytes of what can be laid over a flat map
_AS_TEXT = 4 / 3  # bytes of base64 a byte


def _sample(n: int) -> npt.NDArray[np.intp]:
    return np.linspace(0, n - 1, min(n, _ROWS)).round().astype(np.intp)


def page_size(store: RunStore, record: RunRecord) -> int:
    """Return about how many bytes ``page_of`` will give, at most the most that it may.

    Pictures and the model are packed as they will be, pictures of 500 images for all; numbers are counted.
    """
    images = heldout_of(record)
    n, rows = len(images), _sample(len(images))
    some = images.take(rows)
    pictures = sum(len(pack(sheet.tobytes())) for sheet, _ in sheets_shown(record, some)) * n / len(rows)
    dims = (2, 3) if record.latent_dim > 2 else (2,)
    spaces = {record.id: (store, record)}
    for dim in dims if record.model.name != "pca" else ():
        found = pca_beside(record, dim)
        if found is not None:
            spaces[found[1].id] = found
    numbers, models = 2.0, 0  # a row's number and class
    for where, one in spaces.values():
        models += len(pack(where.file(one, "decoder.onnx"))) + _FIELDS
        numbers += 2.5 + one.latent_dim  # error, distance, cluster, code
        numbers += sum(dim for dim in dims if dim != one.latent_dim)  # its places on the maps
    numbers += record.latent_dim if Graphs(store, record).has_noise else 0
    for dim in dims:
        kept = (maps.find(method, record.dataset.name, dim, images.ids) for method in neighbour_maps(images.name))
        numbers += dim * sum(one is not None for one in kept)
    film = snapshots_of(store, record)
    moments = 0 if film is None else len(pack(film.points.tobytes()))
    return min(round(programs_size() + _AS_TEXT * (pictures + models + moments + _FLOAT * numbers * n)), MOST_BYTES)


def projector_size(store: RunStore, record: RunRecord) -> int:
    """Return about how many bytes the zip for TensorFlow's Embedding Projector will have, from 500 images of it."""
    images = heldout_of(record)
    rows = _sample(len(images))
    some, codes = images.take(rows), codes_of(store, record, images)[rows]
    about = columns_about(some)
    about.pop("label", None)
    about["error"] = errors_of(Graphs(store, record), record, some, codes)
    pictures = pictures_of(some)
    files = projector(codes, about, pictures, record.title)
    shrunk = sprite_side(len(images), pictures.shape[1:]) / sprite_side(len(some), pictures.shape[1:])
    lines = zipped({name: content for name, content in files.items() if name.endswith(".tsv")})
    sheet = len(files["sprite.png"]) * shrunk**2
    return round((len(lines) + sheet) * len(images) / len(rows))

"""Take your work with you: codes and maps as tables, the model, a folder, a script; and how large a file will be."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.analysis.map_values import errors_of, neighbour_maps, sheets_shown, snapshots_of
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.export import TABLES, projector, sprite_side, table, zipped
from ae_models.export.notebook import notebook
from ae_models.export.onefile import pack as gzipped
from ae_models.export.script import script
from ae_models.figures.tint import ink
from ae_models.kinds import kind_of
from ae_models.projections import store as maps
from ae_models.recipes.mapping import pca_beside
from ae_models.recipes.onefile import MOST_BYTES, page_of, programs_size
from ae_models.runs import PRIVATE, Graphs, RunRecord, RunStore, pack
from ae_models.runs.serving import codes_of, find_pca, find_run, heldout_of

Files = dict[str, bytes]


def export(run_id: str, form: str) -> Files:
    """Return what a run gives in one form, as bytes by file name.

    ``onnx``: encoder, decoder, run.json · ``safetensors``: weights, run.json · ``zip``: the whole run ·
    ``csv``, ``npz``, ``parquet``: codes and maps of the held-out images with ids and classes · ``projector``: a folder
    for TensorFlow's Embedding Projector · ``html``: the canvas as one file that decodes without a server · ``python``,
    ``notebook``: what computes all this again.
    """
    if form not in FORMS:
        raise UserError(f"unknown format '{form}': choose from {', '.join(FORMS)}")
    return export_of(*find_run(run_id), form)


def export_of(store: RunStore, record: RunRecord, form: str) -> Files:
    """Return what a run gives in one form of ``FORMS``, as bytes by file name."""
    return FORMS[form](store, record)


def write(files: Files, folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write files into a folder, made if it is missing; return their paths.

    All are written beside and moved when the last one is whole: a folder never holds a part of them.

    Raises
    ------
    UserError
        Where the folder cannot be written, or, without ``overwrite``, has one of these files already.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--out: {folder} is a file, not a folder")
    targets = [folder / name for name in files]
    for target in targets:
        if target.is_dir():
            raise UserError(f"--out: {target} is a folder: a file of this name is to be written")
        if not overwrite and os.path.lexists(target):
            raise UserError(f"--out: {target} is there already: take another folder, or --overwrite replaces it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".new-", dir=folder) as beside:
            for name, content in files.items():
                (Path(beside) / name).write_bytes(content)
            for target in targets:
                (Path(beside) / target.name).replace(target)
    except OSError as error:
        raise UserError(f"--out: {folder} cannot be written ({error.strerror})") from None
    return targets


def columns_about(images: ImageDataset) -> dict[str, Any]:
    """Return what is known of each image: its id and, where there are labels, its class by number and by name."""
    about: dict[str, Any] = {"id": images.ids}
    if images.labels is not None:
        about["label"] = images.labels
        about["class"] = np.array(images.class_names, "U")[images.labels]
    return about


def pictures_of(images: ImageDataset) -> Any:
    """Return what a sheet shows of images, ``(n, c, h, w)`` in [0, 1]: of rows of numbers, charts."""
    values = images.images()
    if kind_of(images.shape).is_pictorial:
        return values
    parts = [ink(values[start : start + 500], dark=False)[..., 0] for start in range(0, len(values), 500)]
    return np.concatenate([(part / np.float32(255)).astype(np.float16) for part in parts])[:, None]


def maps_of(record: RunRecord, images: ImageDataset) -> dict[tuple[str, int], FloatArray]:
    """Return every map of these images that was computed: PCA of 2 and 3 numbers, and those that are kept."""
    found: dict[tuple[str, int], FloatArray] = {}
    for dim in (2, 3):
        pca = find_pca(record.dataset.name, record.dataset.fitted_on.digest, dim)
        if pca is not None:
            found["pca", dim] = codes_of(*pca, images)
    for _, _, about in maps.catalogue():
        method, dim = str(about["method"]), about["config"].get("n_components")
        if about["dataset"] != record.dataset.name or (method, dim) in found or not isinstance(dim, int):
            continue
        embedding = maps.find(method, record.dataset.name, dim, images.ids)
        if embedding is not None and embedding.scored_on.get("digest") == record.dataset.scored_on.digest:
            found[method, dim] = embedding.points
    return found


def _numbered(name: str, values: FloatArray) -> dict[str, Any]:
    return {f"{name}{place + 1}": values[:, place] for place in range(values.shape[1])}


def _columns(store: RunStore, record: RunRecord) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return what is known of each image, its code, and where it lies on every map."""
    images = heldout_of(record)
    points: dict[str, Any] = {}
    for (method, dim), values in maps_of(record, images).items():
        points |= _numbered(f"{method}_{dim}d_", values)
    return columns_about(images), _numbered("z", codes_of(store, record, images)), points


def joined(store: RunStore, record: RunRecord, form: str) -> bytes:
    """Return codes and maps of the held-out images as one table: csv, npz or parquet."""
    about, codes, points = _columns(store, record)
    return table({**about, **codes, **points}, form)


def _tables(form: str) -> Callable[[RunStore, RunRecord], Files]:
    def made(store: RunStore, record: RunRecord) -> Files:
        about, codes, points = _columns(store, record)
        columns = {**about, **codes}
        files = {f"codes.{form}": table(columns, form)}
        if points:
            files[f"maps.{form}"] = table({**about, **points}, form)
        return files

    return made


def _projector(store: RunStore, record: RunRecord) -> Files:
    images = heldout_of(record)
    codes = codes_of(store, record, images)
    about = columns_about(images)
    about.pop("label", None)
    about["error"] = errors_of(Graphs(store, record), record, images, codes)
    return projector(codes, about, pictures_of(images), record.title)


def _about(record: RunRecord) -> bytes:
    return (record.model_dump_json(indent=1, exclude=PRIVATE) + "\n").encode()


def _onnx(store: RunStore, record: RunRecord) -> Files:
    halves = {name: store.file(record, name) for name in ("encoder.onnx", "decoder.onnx")}
    return {**halves, "run.json": _about(record)}


def _safetensors(store: RunStore, record: RunRecord) -> Files:
    if "weights.safetensors" not in record.files:
        raise UserError(f"run '{record.id}' keeps no weights.safetensors: its ONNX files hold the weights")
    return {"weights.safetensors": store.file(record, "weights.safetensors"), "run.json": _about(record)}


def script_of(store: RunStore, record: RunRecord, pin: int | None = None, point: Sequence[float] | None = None) -> str:
    """Return a script that computes a view of a run again: the codes, its maps, what is drawn.

    Parameters
    ----------
    pin : int or None
        The image that is looked at; None: the first.
    point : sequence of float or None
        What is drawn, ``(latent_dim,)``; None: the code of that image.
    """
    images = heldout_of(record)
    id_ = int(images.ids[0]) if pin is None or pin not in images.ids else pin
    row = int(np.flatnonzero(images.ids == id_)[0])
    z = codes_of(store, record, images)[row].tolist() if point is None else point
    return script(record.id, record.title, z, list(maps_of(record, images)), pin=id_)


FORMS: dict[str, Callable[[RunStore, RunRecord], Files]] = {
    "onnx": _onnx,
    "safetensors": _safetensors,
    "zip": lambda store, record: {f"{record.id}.zip": pack(store, record)},
    **{form: _tables(form) for form in TABLES},
    "projector": _projector,
    "html": lambda store, record: {f"{record.id}.html": page_of(store, record)},
    "python": lambda store, record: {"view.py": script_of(store, record).encode()},
    "notebook": lambda store, record: {"view.ipynb": notebook(script_of(store, record))},
}


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
    pictures = sum(len(gzipped(sheet.tobytes())) for sheet, _ in sheets_shown(record, some)) * n / len(rows)
    dims = (2, 3) if record.latent_dim > 2 else (2,)
    spaces = {record.id: (store, record)}
    for dim in dims if record.model.name != "pca" else ():
        found = pca_beside(record, dim)
        if found is not None:
            spaces[found[1].id] = found
    numbers, models = 2.0, 0  # a row's number and class
    for where, one in spaces.values():
        models += len(gzipped(where.file(one, "decoder.onnx"))) + _FIELDS
        numbers += 2.5 + one.latent_dim  # error, distance, cluster, code
        numbers += sum(dim for dim in dims if dim != one.latent_dim)  # its places on the maps
    numbers += record.latent_dim if Graphs(store, record).has_noise else 0
    for dim in dims:
        kept = (maps.find(method, record.dataset.name, dim, images.ids) for method in neighbour_maps(images.name))
        numbers += dim * sum(one is not None for one in kept)
    film = snapshots_of(store, record)
    moments = 0 if film is None else len(gzipped(film.points.tobytes()))
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

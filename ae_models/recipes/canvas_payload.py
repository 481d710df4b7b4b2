"""Everything that the canvas of a run shows, as plain values and named arrays: for a page that no server stands behind.

It is the payload that the pages send (``ae_models.canvas.types``); an address is the name of an array.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models import datasets
from ae_models.analysis.map_values import neighbour_maps, sheets_shown, snapshots_of
from ae_models.base import Embedding, FloatArray, ImageDataset, Shape
from ae_models.base.procrustes import procrustes
from ae_models.canvas import captions
from ae_models.canvas.panels import axes_of, space_panel, third_panel
from ae_models.canvas.types import CanvasPayload, Clusters, CodeSpace, Fields, ImageSheet, MapPanel
from ae_models.corruptions import CORRUPTIONS
from ae_models.export.onefile import pack
from ae_models.kinds import kind_of
from ae_models.latent import (
    leading_dims,
    usual_clusters,
)
from ae_models.latent.clusters import SEED
from ae_models.projections import store as maps
from ae_models.recipes.code_space import ARROWS, LINES, ScoredSpace, arrows_field, off_field, stretch_field, widened
from ae_models.recipes.mapping import pca_beside
from ae_models.runs import RunRecord, RunStore
from ae_models.runs.serving import heldout_of

Array = npt.NDArray[Any]
Positions = npt.NDArray[np.intp]
Values = dict[str, Any]


@dataclass(eq=False)
class Arrays:
    """Compressed arrays under names made of their content; the same one twice is kept once.

    ``halved`` rounds codes to half precision; ``halves`` names those that were. ``before`` holds what was compressed
    for an earlier try.
    """

    halved: bool
    before: dict[str, bytes] = field(default_factory=dict)
    packed: dict[str, bytes] = field(default_factory=dict)
    halves: list[str] = field(default_factory=list)

    def keep(self, values: Array | bytes, *, code: bool = False) -> str:
        """Return the name of an array."""
        half = code and self.halved
        content = values if isinstance(values, bytes) else _little(values, "<f2" if half else None)
        name = f"a-{sha256(content).hexdigest()[:20]}"
        if name not in self.packed:
            if name not in self.before:
                self.before[name] = pack(content)
            self.packed[name] = self.before[name]
            if half:
                self.halves.append(name)
        return name


def _little(values: Array, dtype: str | None) -> bytes:
    return np.ascontiguousarray(values, dtype or values.dtype.newbyteorder("<")).tobytes()


class CanvasBuilder:
    """A run's canvas, on flat maps and, for codes of three numbers and more, in space.

    Parameters
    ----------
    store, record : RunStore, RunRecord
    dims : tuple of int
        Which coordinates the first map shows, where they fit; else those that vary most.
    k : int or None
        How many clusters the codes are in; None: as many as there are classes.

    Raises
    ------
    UserError
        When the images that the run was scored on are not here.
    """

    def __init__(self, store: RunStore, record: RunRecord, dims: tuple[int, ...] = (), k: int | None = None) -> None:
        self.record = record
        self.images = heldout_of(record)
        self.k = k or usual_clusters(len(self.images.class_names))
        title = "PCA" if record.model.name == "pca" else "Autoencoder"
        self.own = ScoredSpace.of("autoencoder", title, (store, record), self.images, self.k)
        self.snapshots = snapshots_of(store, record)
        self._baselines: dict[str, ScoredSpace] = {}
        self._fields: dict[tuple[str, tuple[int, ...]], tuple[Array, Array, Array | None]] = {}
        ways = (2, 3) if record.latent_dim > 2 else (2,)
        self.dims = {dim: self._shown(dims, dim) for dim in ways}
        self.pca = {dim: self._pca(dim) for dim in ways}
        self.thirds = {dim: self._thirds(dim) for dim in ways}

    def _shown(self, asked: tuple[int, ...], dim: int) -> tuple[int, ...]:
        fits = len(asked) == dim == len(set(asked)) and max(asked) < self.record.latent_dim
        return asked if fits else leading_dims(self.own.codes, dim)

    def _pca(self, dim: int) -> ScoredSpace | None:
        found = None if self.record.model.name == "pca" else pca_beside(self.record, dim)  # itself it stands first
        if found is None:
            return None
        name = found[1].id
        if name not in self._baselines:
            self._baselines[name] = ScoredSpace.of("pca", "PCA", found, self.images, self.k)
        return self._baselines[name]

    def _thirds(self, dim: int) -> dict[str, tuple[str, Embedding, FloatArray]]:
        """Return the maps that cannot draw, by method: title, what is kept, points laid on PCA where there is one."""
        found = {}
        pca = self.pca[dim]
        for method, title in neighbour_maps(self.images.name).items():
            kept = maps.find(method, self.images.name, dim, self.images.ids)
            if kept is not None:
                points = kept.points if pca is None else procrustes(kept.points, pca.codes[:, :dim])
                found[method] = (title, kept, points)
        return found

    def views(self, rows: Positions, arrays: Arrays) -> dict[int, CanvasPayload]:
        """Return what the canvas takes, a view for each number of dimensions, with the first two maps alone."""
        images = self.images.take(rows)
        labels = np.full(len(images), 255, np.uint8) if images.labels is None else images.labels.astype(np.uint8)
        ids_url, labels_url = arrays.keep(images.ids.astype(np.int32)), arrays.keep(labels)
        sheets, features_url = self._sheets(images, arrays), self._features(arrays)
        return {
            dim: CanvasPayload(
                panels=tuple(self._panel(space, shown, dim, rows, arrays) for space, shown in self._shown_on(dim)),
                spaces=tuple(self._space(space, rows, arrays) for space, _ in self._shown_on(dim)),
                images=sheets,
                dim=3 if dim == 3 else 2,
                n=len(images),
                ids_url=ids_url,
                labels_url=labels_url,
                class_names=images.class_names,
                noun=kind_of(images.shape).say("test {sample}"),
                pinned=None,
                drive="autoencoder",
                point=None,
                near="codes",
                decode="browser",
                view="-".join(map(str, [self.record.id, dim, "heldout", *self.dims[dim]])),
                heard=0,
                code=captions.lines(self.record),
                counts=(self.k, self.k, self.k),  # no server finds others
                features_url=features_url,
            )
            for dim in self.dims
        }

    def _features(self, arrays: Arrays) -> str | None:
        known = datasets.features(self.images.name)
        return arrays.keep(json.dumps(known).encode()) if known else None

    def _shown_on(self, dim: int) -> list[tuple[ScoredSpace, tuple[int, ...]]]:
        """Return the spaces of a view, and which coordinates of each its map shows."""
        pca = self.pca[dim]
        return [(self.own, self.dims[dim])] + ([(pca, tuple(range(dim)))] if pca else [])

    def _sheets(self, images: ImageDataset, arrays: Arrays) -> tuple[ImageSheet, ...]:
        """Return the images: as they are, or what a run on corrupted input should answer and what it sees."""
        titles = "Original", f"It sees: {CORRUPTIONS.entry(self.record.corruption.name).title.lower()}"
        shown = sheets_shown(self.record, images)
        return tuple(
            ImageSheet(title, arrays.keep(pixels), _shape(pixels), levels)
            for title, (pixels, levels) in zip(titles, shown, strict=False)
        )

    def _space(self, space: ScoredSpace, rows: Positions, arrays: Arrays) -> CodeSpace:
        limits = space.limits
        return CodeSpace(
            key=space.key,
            title=space.title,
            decoder_url=arrays.keep(space.store.file(space.record, "decoder.onnx")),
            codes_url=arrays.keep(space.codes[rows].astype(np.float32), code=True),
            shape=space.record.output_shape,
            axes=axes_of(space.record, space.bounds),
            order=space.order,
            support=(limits.k, limits.near, limits.far),
            errors_url=arrays.keep(space.errors[rows]),
            distances_url=arrays.keep(space.distances[rows]),
            noise_url=None if space.noise is None else arrays.keep(space.noise[rows].astype(np.float32)),
            clusters=Clusters(arrays.keep(space.clusters[rows]), space.method, SEED),
        )

    def _panel(self, space: ScoredSpace, dims: tuple[int, ...], dim: int, rows: Positions, arrays: Arrays) -> MapPanel:
        points = arrays.keep(captions.points_on(space.codes, dims, dim)[rows])
        fields = self._fields_over(space, dims, arrays) if dim == len(dims) == 2 else None
        return space_panel(space.record, space.key, dims, dim, points, fields)

    def _fields_over(self, space: ScoredSpace, dims: tuple[int, ...], arrays: Arrays) -> Fields:
        off, stretch, arrows = self._computed(space, (dims[0], dims[1]))
        across, up = (widened(space.bounds)[dim] for dim in dims)
        return Fields(
            off_url=arrays.keep(off),
            stretch_url=arrays.keep(stretch),
            arrows_url=None if arrows is None else arrays.keep(arrows),
            across=(across.low, across.high),
            up=(up.low, up.high),
            lines=LINES,
            arrows=ARROWS,
        )

    def _computed(self, space: ScoredSpace, dims: tuple[int, int]) -> tuple[Array, Array, Array | None]:
        key = (space.record.id, dims)
        if key not in self._fields:
            reads = space.record.input_shape == space.record.output_shape  # else it cannot read what it draws
            self._fields[key] = (
                off_field(space.codes, space.bounds, dims, space.limits),
                stretch_field(space.graphs, space.codes, space.bounds, dims),
                arrows_field(space.graphs, space.graphs, space.codes, space.bounds, dims) if reads else None,
            )
        return self._fields[key]

    def third_panels(self, dim: int, rows: Positions, arrays: Arrays) -> dict[str, MapPanel]:
        """Return a panel for each map that cannot draw, by method."""
        found = self.thirds[dim]
        choices = tuple((method, title) for method, (title, _, _) in found.items())
        return {
            method: third_panel(kept, self.images.shape, title, arrays.keep(points[rows].astype(np.float32)), choices)
            for method, (title, kept, points) in found.items()
        }

    def footers(self, dim: int, n: int) -> dict[str, str]:
        """Return the line under the maps for each choice of the third; ``""`` where there is none."""
        laid = self.pca[dim] is not None

        def line(title: str, kept: Embedding | None) -> str:
            return captions.footer(self.record, n, heldout=True, third=kept, title=title, laid=laid)

        return {"": line("", None)} | {
            method: line(title, kept) for method, (title, kept, _) in self.thirds[dim].items()
        }

    def film(self, rows: Positions, arrays: Arrays) -> Values | None:
        """Return the moments of the training, with the coordinates they know; None where some image is not shown."""
        taken = self.snapshots
        if taken is None or maps.rows_of(self.images.ids[rows], taken.ids) is None:
            return None
        return {
            "url": arrays.keep(taken.points),
            "ids_url": arrays.keep(taken.ids),
            "n": len(taken.ids),
            "width": len(taken.dims),
            "captions": list(taken.captions),
            "dims": list(taken.dims),
        }


def _shape(pixels: Array) -> Shape:
    _, channels, height, width = pixels.shape
    return channels, height, width

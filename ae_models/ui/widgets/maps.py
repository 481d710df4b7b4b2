"""The three maps, and the line under them that says what each was fitted on."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ae_models.base import FloatArray
from ae_models.ui import cache, state
from ae_models.ui.canvas import MapPanel, latent_maps
from ae_models.ui.routes import publish
from ae_models.ui.widgets.scene import Moment, Scene, Space
from ae_models.ui.widgets.strip import coordinate

_KEY = "maps"


def draw(view: state.View, scene: Scene, moment: Moment) -> None:
    """Draw the maps and their footer."""
    images = scene.images
    labels = np.full(len(images), 255, np.uint8) if images.labels is None else images.labels.astype(np.uint8)
    latent_maps(
        [_autoencoder(view, scene, moment), _pca(view, scene, moment), _umap(view, scene)],
        dim=view.dim,
        n=len(images),
        ids_url=publish(cache.blob(images.ids.astype(np.int32), f"ids-{images.digest}")),
        labels_url=publish(cache.blob(labels, f"labels-{images.digest}")),
        class_names=images.class_names,
        pinned=int(images.ids[moment.pin_row]),
        view=f"{scene.autoencoder.record.id}-{view.dim}-{view.split}",
        key=_KEY,
        on_pin=lambda: _pinned(view),
    )
    st.caption(_footer(scene))


def _pinned(view: state.View) -> None:
    pin = getattr(state.get(_KEY), "pin", None)
    if pin is not None:
        view.pin = int(pin)
        view.move_to(None)


def _points(values: FloatArray, dims: tuple[int, ...], dim: int) -> FloatArray:
    points = values[:, list(dims)].astype(np.float32)
    if points.shape[1] < dim:  # a code of one number: spread out, so that dots do not hide one another
        spread = np.random.default_rng(0).normal(size=(len(points), dim - points.shape[1])).astype(np.float32)
        points = np.concatenate([points, spread * points.std()], axis=1)
    return points


def _space_panel(
    view: state.View,
    scene: Scene,
    moment: Moment,
    space: Space,
    dims: tuple[int, ...],
    title: str,
    note: str,
    axes: tuple[str, ...],
    corner: str,
) -> MapPanel:
    name = f"{space.record.id}-{space.record.created}-{view.split}-{dims}-{view.dim}"
    points = _points(space.codes.values, dims, view.dim)
    drives = scene.driver(view) is space and moment.moved and len(dims) == view.dim
    return MapPanel(
        title=title,
        note=note,
        points_url=publish(cache.blob(points, name)),
        empty="",
        axes=axes,
        foot="",
        corner=corner,
        cross=tuple(float(moment.point[dim]) for dim in dims) if drives else None,
    )


def _autoencoder(view: state.View, scene: Scene, moment: Moment) -> MapPanel:
    space, dims = scene.autoencoder, scene.dims
    axes = tuple(coordinate(space, dim) for dim in dims)
    hidden = space.record.latent_dim - len(dims)
    corner = f"{hidden} more numbers not shown" if hidden > 0 else ""
    if len(dims) < view.dim:
        axes, corner = (*axes, "spread only"), "up and down mean nothing"
    note = f"fitted on {_fitted(space)}"
    return _space_panel(view, scene, moment, space, dims, "Autoencoder", note, axes, corner)


def _pca(view: state.View, scene: Scene, moment: Moment) -> MapPanel:
    if scene.pca is None:
        how = f"python -m ae_models project pca --dataset {scene.images.name} --dim {view.dim}"
        return _empty("PCA", f"No PCA of this data yet. Make one with: {how}")
    dims = tuple(range(view.dim))
    shares = (scene.pca.record.model_extra or {}).get("explained_variance", [])
    axes = tuple(f"component {dim + 1} ({100 * share:.1f} %)" for dim, share in zip(dims, shares, strict=False))
    return _space_panel(view, scene, moment, scene.pca, dims, "PCA", "the best any straight map can do", axes, "")


def _umap(view: state.View, scene: Scene) -> MapPanel:
    found = scene.umap
    if found is None:
        if scene.split == "train":
            return _empty("UMAP", "UMAP's places of its own training images are not kept.")
        how = f"python -m ae_models project umap --dataset {scene.images.name} --dim {view.dim}"
        return _empty("UMAP", f"No UMAP of these images yet. Make one with: {how}")
    name = f"umap-{scene.images.digest}-{view.dim}-{found.fitted_on}-{found.config}"
    return MapPanel(
        title="UMAP",
        note="cannot draw: it has no decoder",
        points_url=publish(cache.blob(found.points, name)),
        empty="",
        axes=(),
        foot="axes mean nothing; nor do gaps and sizes",
        corner=f"seed {found.config.get('seed', 0)}",
        cross=None,
    )


def _empty(title: str, words: str) -> MapPanel:
    return MapPanel(title=title, note="", points_url=None, empty=words, axes=(), foot="", corner="", cross=None)


def _fitted(space: Space) -> str:
    data = space.record.dataset
    kind = "training images" if data.variant == "full" else "bundled images"
    return f"{data.fitted_on.n:,} {kind}"


def _footer(scene: Scene) -> str:
    record, n = scene.autoencoder.record, len(scene.images)
    data = record.dataset
    total = n if data.variant == "full" else data.fitted_on.n + data.scored_on.n
    who = "never used to train the autoencoder" if scene.split == "heldout" else "that the autoencoder was trained on"
    parts = [f"{n:,} images {who} · {n:,} of {total:,} shown"]
    fits = [f"autoencoder and PCA fitted on {_fitted(scene.autoencoder)}"]
    if scene.umap is not None:
        config = scene.umap.config
        kind = "training images" if scene.umap.fitted_on.get("variant") == "full" else "bundled images"
        fits.append(
            f"UMAP on {scene.umap.fitted_on['n']:,} {kind} ({config.get('n_neighbors')} neighbours, "
            f"seed {config.get('seed')}, {scene.umap.version})"
        )
    return " · ".join([*parts, "; ".join(fits)])

"""The canvas: the three maps with all that decodes, and the line under them that says what each was fitted on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from ae_models import datasets
from ae_models.base import Embedding, FloatArray
from ae_models.corruptions import CORRUPTIONS
from ae_models.projections import PROJECTIONS
from ae_models.ui import cache, state
from ae_models.ui.caches import overlays
from ae_models.ui.canvas import Axis, CanvasState, CodeSpace, Film, MapPanel, Sheet, latent_canvas
from ae_models.ui.canvas.said import EVENT
from ae_models.ui.routes import publish
from ae_models.ui.widgets.scene import Scene, Space, key_of
from ae_models.ui.widgets.strip import coordinate

_KEY = "canvas"
_SETTINGS = {"n_neighbors": "{} neighbours", "perplexity": "perplexity {}", "seed": "seed {}"}


def draw(view: state.View, scene: Scene) -> None:
    """Draw the canvas and its footer."""
    images = scene.images
    labels = np.full(len(images), 255, np.uint8) if images.labels is None else images.labels.astype(np.uint8)
    title = "PCA" if scene.alone else "Autoencoder"
    spaces = [_code_space(scene, view, "autoencoder", title, scene.autoencoder)]
    if scene.pca is not None:
        spaces.append(_code_space(scene, view, "pca", "PCA", scene.pca))
    driver = scene.driver(view)
    name = "-".join(map(str, [scene.autoencoder.record.id, view.dim, view.split, *scene.dims]))
    latent_canvas(
        [*_first_two(view, scene), _third(view, scene)],
        spaces=spaces,
        images=_sheets(scene),
        dim=view.dim,
        n=len(images),
        ids_url=publish(cache.blob(images.ids.astype(np.int32), f"ids-{images.digest}")),
        labels_url=publish(cache.blob(labels, f"labels-{images.digest}")),
        class_names=images.class_names,
        kind="test image" if scene.split == "heldout" else "training image",
        pinned=view.pin,
        drive="pca" if driver is scene.pca else "autoencoder",
        point=view.point,
        near="pixels" if view.near == "pixels" else "codes",
        decode="server" if view.decodes_here else "browser",
        view=name,
        heard=view.heard,
        looks=view.looks,
        film=_film(view, scene),
        code=_code(scene),
        key=_KEY,
        on_change=lambda: _changed(view, scene, name),
    )
    st.caption(_footer(scene))
    if scene.third.found is None and scene.split == "heldout" and scene.third.method in PROJECTIONS:
        address = {"what": "map", "data": images.name, "method": scene.third.method}
        label = f"Fit {scene.third.title} of these images"
        st.page_link("views/train.py", label=label, icon=":material/scatter_plot:", query_params=address)


def _changed(view: state.View, scene: Scene, name: str) -> None:
    """Take in what the visitor settled on."""
    said = CanvasState.of(getattr(state.get(_KEY), EVENT, None))
    view.heard = max(view.heard, said.heard)
    if said.cannot:
        view.cannot = said.cannot
    if said.pin is not None:
        view.pin = said.pin
        view.move_to(None)
    if said.space in ("autoencoder", "pca"):
        view.drive = str(said.space)
    if said.home:
        view.move_to(None)
    elif said.point is not None:
        view.move_to(said.point)
    if said.near is not None:
        view.near = said.near
    if said.chosen in dict(scene.third.choices):
        view.put_third(str(said.chosen))
    if said.dims is not None:
        view.dims = said.dims
        view.lie_as_at_first()
    elif said.view == name:
        view.zoom = view.zoom if said.zoom is None else said.zoom
        view.camera = view.camera if said.camera is None else said.camera
    if said.selection is not None:
        view.selection = said.selection


def _code_space(scene: Scene, view: state.View, key: str, title: str, space: Space) -> CodeSpace:
    record = space.record
    known = cache.landscape(space.store, record, view.split)
    axes = [
        Axis(coordinate(space, dim), limit.low, limit.high, limit.start, limit.stop, limit.step)
        for dim, limit in enumerate(space.codes.bounds)
    ]
    return CodeSpace(
        key=key,
        title=title,
        decoder_url=publish(known.decoder),
        codes_url=publish(known.codes),
        shape=record.output_shape,
        axes=tuple(axes),
        order=known.order,
        support=(known.support.k, known.support.near, known.support.far),
        errors_url=publish(known.errors),
        distances_url=publish(known.distances),
        noise_url=None if known.noise is None else publish(known.noise),
    )


def _sheets(scene: Scene) -> list[Sheet]:
    """Return the images: as they are, or what a run on corrupted input should answer and what it sees."""
    record, images = scene.autoencoder.record, scene.images
    if record.corruption.name == "none":
        if images.levels > 255:  # a sheet has bytes
            return [Sheet("Original", publish(cache.sheets_of(record, scene.split)[0]), images.shape, 255)]
        whole = cache.sheet(record.dataset.name, record.dataset.variant, scene.split)
        return [Sheet("Original", publish(whole), images.shape, images.levels)]
    wanted, seen = cache.sheets_of(record, scene.split)
    title = CORRUPTIONS.entry(record.corruption.name).title
    return [
        Sheet("Original", publish(wanted), record.output_shape, 255),
        Sheet(f"It sees: {title.lower()}", publish(seen), record.input_shape, 255),
    ]


def _film(view: state.View, scene: Scene) -> Film | None:
    """Return the training's moments where they show the coordinates that the map shows."""
    space = scene.autoencoder
    taken = cache.snapshots(space.store, space.record)
    if taken is None or scene.split != "heldout" or not set(scene.dims) <= set(taken.dims):
        return None
    if len(scene.dims) < view.dim:
        return None
    places = tuple(taken.dims.index(dim) for dim in scene.dims)
    return Film(publish(taken.points), publish(taken.ids), taken.n, places, len(taken.dims), taken.captions)


def _code(scene: Scene) -> str:
    record = scene.autoencoder.record
    return f"""import numpy as np
from ae_models import recipes
from ae_models.runs import Graphs

store, record = recipes.find_run("{record.id}")
images = recipes.heldout_of(record)  # {record.dataset.scored_on.n:,} images it never saw
codes = recipes.codes_of(store, record, images)  # (n, {record.latent_dim})
row = list(images.ids).index({{pin}})
point = np.array([[{{point}}]], np.float32)  # the image's own code: codes[row : row + 1]
drawn = Graphs(store, record).decode(point)[0]  # (channels, height, width)
"""


def points_on(values: FloatArray, dims: tuple[int, ...], dim: int) -> FloatArray:
    """Return codes ``(n, latent_dim)`` as places ``(n, dim)`` on a map of these coordinates."""
    points = values[:, list(dims)].astype(np.float32)
    if points.shape[1] < dim:  # a code of one number: spread out, so that dots do not hide one another
        spread = np.random.default_rng(0).normal(size=(len(points), dim - points.shape[1])).astype(np.float32)
        points = np.concatenate([points, spread * points.std()], axis=1)
    return points


def _space_panel(view: state.View, space: Space, key: str, dims: tuple[int, ...], **words: Any) -> MapPanel:
    name = f"{space.record.id}-{space.record.created}-{view.split}-{dims}-{view.dim}"
    points = points_on(space.codes.values, dims, view.dim)
    fields = overlays.fields(space, dims, view.split) if view.dim == 2 else None
    url = publish(cache.blob(points, name))
    return MapPanel(points_url=url, empty="", foot="", space=key, dims=dims, fields=fields, **words)


def _first_two(view: state.View, scene: Scene) -> list[MapPanel]:
    if scene.alone:
        how = f"python -m ae_models train --model dense --dataset {scene.images.name} --latent-dim {view.dim}"
        none = _empty("Autoencoder", f"No autoencoder of these images yet. Train one above, or with: {how}")
        return [_straight(view, scene.autoencoder, "autoencoder"), none]
    return [_autoencoder(view, scene), _pca(view, scene)]


def _autoencoder(view: state.View, scene: Scene) -> MapPanel:
    space, dims = scene.autoencoder, scene.dims
    axes = tuple(coordinate(space, dim) for dim in dims)
    hidden = space.record.latent_dim - len(dims)
    corner = f"{hidden} more numbers not shown" if hidden > 0 else ""
    if len(dims) < view.dim:
        axes, corner = (*axes, "spread only"), "up and down mean nothing"
    note = f"fitted on {_fitted(space)}"
    return _space_panel(view, space, "autoencoder", dims, title="Autoencoder", note=note, axes=axes, corner=corner)


def _pca(view: state.View, scene: Scene) -> MapPanel:
    if scene.pca is None:
        how = f"python -m ae_models project pca --dataset {scene.images.name} --dim {view.dim}"
        return _empty("PCA", f"No PCA of this data yet. Make one with: {how}")
    return _straight(view, scene.pca, "pca")


def _straight(view: state.View, space: Space, key: str) -> MapPanel:
    dims = tuple(range(view.dim))
    shares = (space.record.model_extra or {}).get("explained_variance", [])
    axes = tuple(f"component {dim + 1} ({100 * share:.1f} %)" for dim, share in zip(dims, shares, strict=False))
    note = "the best any straight map can do"
    return _space_panel(view, space, key, dims, title="PCA", note=note, axes=axes, corner="")


def _third(view: state.View, scene: Scene) -> MapPanel:
    third = scene.third
    choices = third.choices if len(third.choices) > 1 else ()
    if third.found is None or third.points is None:
        words = f"{third.title}'s places of the training images are not kept."
        if scene.split == "heldout":
            how = f"python -m ae_models project {third.method} --dataset {scene.images.name} --dim {view.dim}"
            words = f"No {third.title} of these images yet. Make one with: {how}"
        return replace(_empty(third.title, words), choices=choices, chosen=third.method)
    name = f"{key_of(third.found, scene.images)} {third.laid and scene.autoencoder.record.dataset.fitted_on.digest}"
    config = third.found.config
    own = third.found.fitted_on.get("digest") == third.found.scored_on.get("digest")
    note = "fitted on these very images; cannot draw" if own else "cannot draw: shows the nearest real image"
    if _is_laid_from_a_file(third.found):
        width = f"; the main {config['n_components']} directions of {config['of']} numbers" if "of" in config else ""
        note = f"from {str(config.get('source', 'a file'))[:40]}{width}"
    return MapPanel(
        title=third.title,
        note=note,
        points_url=publish(cache.blob(third.points, name)),
        empty="",
        axes=(),
        foot="" if _is_laid_from_a_file(third.found) else "axes mean nothing; nor do gaps and sizes",
        corner=f"seed {config['seed']}" if "seed" in config else "",
        choices=choices,
        chosen=third.method,
    )


def _is_laid_from_a_file(found: Embedding) -> bool:
    return found.version == "imported"


def _empty(title: str, words: str) -> MapPanel:
    return MapPanel(title=title, note="", points_url=None, empty=words, axes=(), foot="", corner="")


def _kind(dataset: str, variant: object) -> str:
    """Return what images that were fitted on are called: a fifth of those that ship is held out of them."""
    return "bundled images" if variant != "full" and datasets.DATASETS.ships(dataset) else "training images"


def _fitted(space: Space) -> str:
    data = space.record.dataset
    kind = _kind(data.name, data.variant)
    return f"{data.fitted_on.n:,} {kind}"


def _footer(scene: Scene) -> str:
    record, n = scene.autoencoder.record, len(scene.images)
    data = record.dataset
    total = n if data.variant == "full" else data.fitted_on.n + data.scored_on.n
    what = "PCA" if scene.alone else "the autoencoder"
    who = f"never used to train {what}" if scene.split == "heldout" else f"that {what} was trained on"
    parts = [f"{n:,} images {who} · {n:,} of {total:,} shown"]
    fits = [f"{'PCA' if scene.alone else 'autoencoder and PCA'} fitted on {_fitted(scene.autoencoder)}"]
    if scene.third.found is not None:
        found = scene.third.found
        kind = _kind(found.dataset, found.fitted_on.get("variant"))
        told = [words.format(found.config[key]) for key, words in _SETTINGS.items() if key in found.config]
        laid = "; turned, mirrored and scaled to lie like PCA" if scene.third.laid else ""
        known = (
            f"{scene.third.title} laid from {found.config.get('source', 'a file')}, fitted on what is not known{laid}"
        )
        fits.append(
            known
            if _is_laid_from_a_file(found)
            else f"{scene.third.title} on {found.fitted_on['n']:,} {kind} ({', '.join([*told, found.version])}){laid}"
        )
    return " · ".join([*parts, "; ".join(fits)])

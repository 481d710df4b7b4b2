"""The canvas: the three maps with all that decodes, and the line under them that says what each was fitted on."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ae_models.canvas import captions
from ae_models.canvas.captions import points_on
from ae_models.canvas.panels import axes_of, empty_panel, space_panel, third_panel
from ae_models.canvas.types import CanvasPayload, CodeSpace, Film, ImageSheet, MapPanel
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import kind_of
from ae_models.latent.clusters import FEWEST_CLUSTERS, MOST_CLUSTERS, usual_clusters
from ae_models.projections import PROJECTIONS
from ae_models.ui.explore import overlays
from ae_models.ui.routes import publish
from ae_models.ui.shared import run_data
from ae_models.ui.shared.canvas.components import latent_canvas
from ae_models.ui.shared.canvas.events import CanvasState
from ae_models.ui.shared.run_data import features_url, ids_url, labels_url
from ae_models.ui.shared.scene import DecodedSpace, Scene, key_of
from ae_models.ui.view import COLOURS, View

_KEY = "canvas"


def render(view: View, scene: Scene) -> None:
    """Draw the canvas and its footer."""
    payload = _payload(view, scene)
    latent_canvas(payload, key=_KEY, on_change=lambda heard: _changed(view, scene, payload.view, heard))
    st.caption(_footer(scene))
    if scene.third.found is None and scene.split == "heldout" and scene.third.method in PROJECTIONS:
        address = {"what": "map", "data": scene.images.name, "method": scene.third.method}
        label = f"Fit {scene.third.title} of these {kind_of(scene.images.shape).samples}"
        st.page_link("train/page.py", label=label, icon=":material/scatter_plot:", query_params=address)


def _payload(view: View, scene: Scene) -> CanvasPayload:
    images, record = scene.images, scene.autoencoder.record
    spaces = [_code_space(scene, view, "autoencoder", "PCA" if scene.alone else "Autoencoder", scene.autoencoder)]
    if scene.pca is not None:
        spaces.append(_code_space(scene, view, "pca", "PCA", scene.pca))
    return CanvasPayload(
        panels=(*_first_two(view, scene), _third(view, scene)),
        spaces=tuple(spaces),
        images=tuple(_sheets(scene)),
        dim=3 if view.dim == 3 else 2,
        n=len(images),
        ids_url=ids_url(images),
        labels_url=labels_url(images),
        class_names=images.class_names,
        noun=kind_of(images.shape).say("test {sample}" if scene.split == "heldout" else "training {sample}"),
        pinned=view.pin,
        drive="pca" if scene.driver(view) is scene.pca else "autoencoder",
        point=view.point,
        near="pixels" if view.near == "pixels" else "codes",
        decode="server" if view.decodes_here else "browser",
        view="-".join(map(str, [record.id, view.dim, view.split, *scene.dims])),
        heard=view.heard,
        looks=view.viewports,
        film=_film(view, scene),
        code=captions.lines(record),
        colour=view.colour,
        features_url=features_url(images.name),
        counts=(_count(view, scene), FEWEST_CLUSTERS, MOST_CLUSTERS),
    )


def _changed(view: View, scene: Scene, name: str, heard: CanvasState) -> None:
    """Take in what the visitor settled on."""
    view.heard = max(view.heard, heard.heard)
    if heard.cannot:
        view.cannot = heard.cannot
    if heard.pin is not None:
        view.pin = heard.pin
        view.move_to(None)
    if heard.space in ("autoencoder", "pca"):
        view.drive = str(heard.space)
    if heard.home:
        view.move_to(None)
    elif heard.point is not None:
        view.move_to(heard.point)
    if heard.near is not None:
        view.near = heard.near
    if heard.colour in COLOURS:
        view.colour = heard.colour
    if heard.clusters is not None and FEWEST_CLUSTERS <= heard.clusters <= MOST_CLUSTERS:
        view.clusters = heard.clusters
    if heard.chosen in dict(scene.third.choices):
        view.put_third(str(heard.chosen))
    if heard.dims is not None:
        view.dims = heard.dims
        view.reset_viewports()
    elif heard.view == name:
        view.zoom = view.zoom if heard.zoom is None else heard.zoom
        view.camera = view.camera if heard.camera is None else heard.camera
    if heard.selection is not None:
        view.selection = heard.selection


def _count(view: View, scene: Scene) -> int:
    """Return how many clusters are looked for."""
    return view.clusters or usual_clusters(len(scene.images.class_names))


def _code_space(scene: Scene, view: View, key: str, title: str, space: DecodedSpace) -> CodeSpace:
    record = space.record
    known = run_data.landscape(space.store, record, view.split)
    return CodeSpace(
        key=key,
        title=title,
        decoder_url=publish(known.decoder),
        codes_url=publish(known.codes),
        shape=record.output_shape,
        axes=axes_of(record, space.codes.bounds),
        order=known.order,
        support=(known.support.k, known.support.near, known.support.far),
        errors_url=publish(known.errors),
        distances_url=publish(known.distances),
        noise_url=None if known.noise is None else publish(known.noise),
        clusters=overlays.clusters_of(space, view.split, _count(view, scene)),
    )


def _sheets(scene: Scene) -> list[ImageSheet]:
    """Return the images: as they are, or what a run on corrupted input should answer and what it sees."""
    record, images = scene.autoencoder.record, scene.images
    if record.corruption.name == "none":
        if images.levels > 255:  # a sheet has bytes
            return [ImageSheet("Original", publish(run_data.sheets_of(record, scene.split)[0]), images.shape, 255)]
        whole = run_data.sheet(record.dataset.name, record.dataset.variant, scene.split)
        return [ImageSheet("Original", publish(whole), images.shape, images.levels)]
    wanted, seen = run_data.sheets_of(record, scene.split)
    title = CORRUPTIONS.entry(record.corruption.name).title
    return [
        ImageSheet("Original", publish(wanted), record.output_shape, 255),
        ImageSheet(f"It sees: {title.lower()}", publish(seen), record.input_shape, 255),
    ]


def _film(view: View, scene: Scene) -> Film | None:
    """Return the training's moments where they show the coordinates that the map shows."""
    space = scene.autoencoder
    taken = run_data.snapshots(space.store, space.record)
    if taken is None or scene.split != "heldout" or not set(scene.dims) <= set(taken.dims):
        return None
    if len(scene.dims) < view.dim:
        return None
    places = tuple(taken.dims.index(dim) for dim in scene.dims)
    return Film(publish(taken.points), publish(taken.ids), taken.n, places, len(taken.dims), taken.captions)


def _space_panel(view: View, space: DecodedSpace, key: str, dims: tuple[int, ...]) -> MapPanel:
    name = f"{space.record.id}-{space.record.digest}-{view.split}-{dims}-{view.dim}"
    url = publish(run_data.blob(points_on(space.codes.values, dims, view.dim), name))
    fields = overlays.fields(space, dims, view.split) if view.dim == 2 else None
    return space_panel(space.record, key, dims, view.dim, url, fields)


def _first_two(view: View, scene: Scene) -> list[MapPanel]:
    all_dims = tuple(range(view.dim))
    if scene.alone:
        how = f"python -m ae_models train --model dense --dataset {scene.images.name} --latent-dim {view.dim}"
        samples = kind_of(scene.images.shape).samples
        none = empty_panel("Autoencoder", f"No autoencoder of these {samples} yet. Train one above, or with: {how}")
        return [_space_panel(view, scene.autoencoder, "autoencoder", all_dims), none]
    own = _space_panel(view, scene.autoencoder, "autoencoder", scene.dims)
    if scene.pca is None:
        how = f"python -m ae_models project pca --dataset {scene.images.name} --dim {view.dim}"
        return [own, empty_panel("PCA", f"No PCA of this data yet. Make one with: {how}")]
    return [own, _space_panel(view, scene.pca, "pca", all_dims)]


def _third(view: View, scene: Scene) -> MapPanel:
    third = scene.third
    if third.found is None or third.points is None:
        samples = kind_of(scene.images.shape).samples
        words = f"{third.title}'s places of the training {samples} are not kept."
        if scene.split == "heldout":
            fit = f"project {third.method} --dataset {scene.images.name} --dim {view.dim}"
            bring = f"import map FILE --dataset {scene.images.name} --name {third.method}"
            how = f"python -m ae_models {fit if third.method in PROJECTIONS else bring}"
            words = f"No {third.title} of these {samples} yet. Make one with: {how}"
        choices = third.choices if len(third.choices) > 1 else ()
        return replace(empty_panel(third.title, words), choices=choices, chosen=third.method)
    name = f"{key_of(third.found, scene.images)} {third.aligned and scene.autoencoder.record.dataset.fitted_on.digest}"
    url = publish(run_data.blob(third.points, name))
    return third_panel(third.found, scene.images.shape, third.title, url, third.choices)


def _footer(scene: Scene) -> str:
    third = scene.third
    return captions.footer(
        scene.autoencoder.record,
        len(scene.images),
        heldout=scene.split == "heldout",
        third=third.found,
        title=third.title,
        laid=third.aligned,
    )

"""The sheet of the page "Draw" with what reads it: encoders, maps, real images; a file in place of strokes."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import streamlit as st

from ae_models import jobs, recipes
from ae_models.base import FloatArray, ImageDataset
from ae_models.base.centring import box_of
from ae_models.base.procrustes import carried
from ae_models.base.squared_errors import squared_errors
from ae_models.canvas.types import ImageSheet
from ae_models.canvas.walk_types import DrawPayload, Placed, Reader, SmallMap
from ae_models.corruptions import CORRUPTIONS
from ae_models.datasets.readers import UPLOADS
from ae_models.kinds.glossary import tip
from ae_models.runs import RunRecord, RunStore
from ae_models.ui import state, uploads
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_of_bytes, publish
from ae_models.ui.shared import opened_files, run_data
from ae_models.ui.shared.canvas.components import drawing_sheet
from ae_models.ui.shared.canvas.events import DrawState
from ae_models.ui.shared.canvas.strip import Picture, pictures
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.run_data import ids_url, labels_url
from ae_models.ui.shared.scene import DecodedSpace, NeighbourMap, Scene, key_of
from ae_models.ui.shared.walk_spaces import WalkSpaces, as_bytes, map_dims, small_map

KEY = "draw-sheet"
_PLACED = "draw-placed"  # the map that was asked, and what it said


def upload(walk: WalkSpaces) -> tuple[FloatArray, str] | None:
    """Draw the choice of a file; return its image ``(c, h, w)`` and a name for it, or None, with the reason said."""
    record = walk.scene.autoencoder.record
    file = uploads.place(
        "Or an image file: PNG or JPEG, dark on light or light on dark",
        type=["png", "jpg", "jpeg"],
        key="draw-file",
        most=UPLOADS.picture_bytes,
    )
    if file is None:
        return None
    image = opened_files.picture(file, record.input_shape, _box(walk))
    if isinstance(image, str):
        st.error(escape_markdown(image), icon=":material/error:")
        return None
    return image, f"{sha256(file.getvalue()).hexdigest()[:16]} {record.input_shape}"


def render(walk: WalkSpaces, given: tuple[FloatArray, str] | None) -> None:
    """Draw the sheet with everything that reads it."""
    if walk.here:
        _answer(walk, given)
    drawing_sheet(_payload(walk, given), key=KEY, on_change=lambda said: _changed(walk, said))


def _payload(walk: WalkSpaces, given: tuple[FloatArray, str] | None) -> DrawPayload:
    scene, record = walk.scene, walk.scene.autoencoder.record
    images = scene.images
    asked, placed = state.get(_PLACED) or ("", None)
    return DrawPayload(
        readers=tuple(_reader(walk, key, title, space) for key, title, space in walk.decoders),
        third=_third(walk),
        places=_can_place(scene),
        placed=placed if asked == _name(scene.third) else None,
        shape=record.input_shape,
        box=_box(walk),
        n=len(images),
        ids_url=ids_url(images),
        labels_url=labels_url(images),
        class_names=images.class_names,
        sheet=_sheet(walk),
        given=None if given is None else tuple(as_bytes(given[0]).ravel().tolist()),
        given_name="" if given is None else given[1],
        decode="server" if walk.here else "browser",
        view=f"{record.id} {record.digest} {walk.here}",
        heard=walk.view.heard_draw,
    )


def _changed(walk: WalkSpaces, said: DrawState) -> None:
    """Take in what the visitor drew."""
    view, third = walk.view, walk.scene.third
    view.heard_draw = max(view.heard_draw, said.heard)
    if said.cannot:
        view.cannot = said.cannot
    if said.use and said.image is not None:
        view.drawn = said.image
    view.sketch = said.image if said.image is not None else (view.sketch if said.cannot else None)
    if said.image is not None and said.drawing and _can_place(walk.scene):
        state.put(_PLACED, (_name(third), _placed(third, said.image, said.drawing)))


def kept(walk: WalkSpaces) -> None:
    """Say that a drawing waits on the page Walk."""
    if walk.view.drawn is not None:
        st.caption(":material/check: Kept: on the page Walk, choose “your drawing” in place of an image.")


def sees(walk: WalkSpaces) -> None:
    """Say what the model is used to see, where that is not a clean image."""
    name = walk.scene.autoencoder.record.corruption.name
    if name != "none":
        what = CORRUPTIONS.entry(name).title.lower()
        st.caption(f"This model was trained on spoiled images ({what}). It reads your drawing as you draw it.")


def _box(walk: WalkSpaces) -> int:
    images, shape = walk.scene.images, walk.scene.autoencoder.record.input_shape
    side = box(images)
    return max(1, min(round(side * shape[1] / images.shape[1]), *shape[1:]))


@cached()
def box(images: ImageDataset) -> int:
    """Return the side of the box that a data set's images fill."""
    rows = np.unique(np.linspace(0, len(images) - 1, min(len(images), 1_000)).astype(np.intp))
    return box_of(images.images(rows))


@cached()
def encoder(store: RunStore, record: RunRecord) -> Blob:
    """Return a run's encoder as a blob."""
    return blob_of_bytes(store.file(record, "encoder.onnx"))


def _reader(walk: WalkSpaces, key: str, title: str, space: DecodedSpace) -> Reader:
    record = space.record
    known = run_data.landscape(space.store, record, "heldout")
    return Reader(
        key=key,
        title=title,
        encoder_url=publish(encoder(space.store, record)),
        decoder_url=publish(known.decoder),
        input_shape=record.input_shape,
        output_shape=record.output_shape,
        width=record.latent_dim,
        codes_url=publish(known.codes),
        errors_url=publish(known.errors),
        support=(known.support.k, known.support.near, known.support.far),
        map=small_map(walk, key, title, space),
        dims=map_dims(space),
    )


def _third(walk: WalkSpaces) -> SmallMap | None:
    """Return the map that has no encoder, where a drawing's place on it can be estimated from images of its size."""
    scene, third = walk.scene, walk.scene.third
    if third.found is None or third.points is None or _sheet(walk).shape != scene.autoencoder.record.input_shape:
        return None
    name = f"{key_of(third.found, scene.images)} {third.aligned and scene.autoencoder.record.dataset.fitted_on.digest}"
    return SmallMap(
        "third", third.title, "estimated from 15 nearest images", publish(run_data.blob(third.points, name))
    )


def _name(third: NeighbourMap) -> str:
    return "" if third.found is None else recipes.name_of_map(third.found)


def _can_place(scene: Scene) -> bool:
    """Return whether a worker that fitted this map of such images can place a drawing on it."""
    engine, third = jobs.current(), scene.third
    same = scene.images.shape == scene.autoencoder.record.input_shape
    return engine is not None and third.found is not None and same and engine.has_map(_name(third))


def _placed(third: NeighbourMap, image: FloatArray, number: int) -> Placed | None:
    """Return where the map's own method puts a drawing; None where no worker answers at once."""
    engine = jobs.current()
    if engine is None or third.found is None or third.points is None:
        return None
    found = engine.place(_name(third), image.reshape(1, -1))
    if found is None:
        return None
    across, up = carried(found, third.found.points, third.points)[0]
    return Placed(number, (float(across), float(up)), f"placed by {third.title} itself")


def _sheet(walk: WalkSpaces) -> ImageSheet:
    """Return the real images that a drawing is held against.

    As they are; where an encoder takes others (smaller, say, or grey), as it sees them.
    """
    record, images = walk.scene.autoencoder.record, walk.scene.images
    if record.input_shape == images.shape and images.levels <= 255:
        whole = run_data.sheet(record.dataset.name, record.dataset.variant, "heldout")
        return ImageSheet("", publish(whole), images.shape, images.levels)
    wanted, seen = run_data.sheets_of(record, "heldout")
    if record.input_shape == images.shape:
        return ImageSheet("", publish(wanted), record.output_shape, 255)
    return ImageSheet("", publish(seen), record.input_shape, 255)


def _answer(walk: WalkSpaces, given: tuple[FloatArray, str] | None) -> None:
    """Draw what the models make of the drawing: a browser that cannot, has asked for it."""
    image = given[0] if given is not None else walk.view.sketch
    if image is None or image.shape != walk.scene.autoencoder.record.input_shape:
        st.info("Draw something: the server answers at the end of each stroke.")
        return
    shown = [Picture("It sees", "", image)]
    for _, title, space in walk.decoders:
        if space.record.input_shape != image.shape:
            continue
        drawn = space.graphs.reconstruct(image[None])
        same = drawn.shape[1:] == image.shape
        error = f"error {float(squared_errors(image[None], drawn)[0]):.1f}" if same else ""
        shown.append(Picture(f"{title} draws", error, drawn[0], tip=tip("SSE")))
    images = walk.scene.images
    if image.shape == images.shape:
        rows, far = recipes.nearest_pictures(image[None], images)
        note = f"#{images.ids[rows[0]]} · {far[0]:.2f} away"
        shown.append(Picture("Nearest real image", note, images.images(rows)[0]))
    pictures(shown, key="draw-answer")

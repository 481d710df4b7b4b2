"""What every view of Walk and Draw needs: the spaces that decode, blocks of pictures, small maps, the component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from ae_models.base import FloatArray
from ae_models.canvas.captions import points_on
from ae_models.canvas.walk_types import Block, Dot, Drawer, SmallMap, WalkPayload
from ae_models.kinds import Kind, kind_of
from ae_models.latent import leading_dims
from ae_models.ui.routes import blob_of, publish
from ae_models.ui.shared import run_data
from ae_models.ui.shared import scene as scenes
from ae_models.ui.shared.bar import Run
from ae_models.ui.shared.canvas.components import picture_walls
from ae_models.ui.shared.canvas.events import CanvasState
from ae_models.ui.shared.run_data import features_url, ids_url, labels_url
from ae_models.ui.shared.scene import DecodedSpace, Scene
from ae_models.ui.view import View

KEY = "walk-pictures"


@dataclass(frozen=True, eq=False)
class WalkSpaces:
    """A visitor's view with the scene under it. ``here``: the server draws."""

    view: View
    scene: Scene
    here: bool

    @property
    def decoders(self) -> list[tuple[str, str, DecodedSpace]]:
        """``(key, title, space)`` of all that can draw, the autoencoder first."""
        found = [("autoencoder", "Autoencoder", self.scene.autoencoder)]
        if self.scene.pca is not None:
            found.append(("pca", "PCA", self.scene.pca))
        return found

    @property
    def kind(self) -> Kind:
        """What these data are called and how they are drawn."""
        return kind_of(self.scene.images.shape)

    def wanted(self, rows: Sequence[int]) -> FloatArray:
        """Return the images of some rows as a decoder should answer them, ``(n, c, h, w)``."""
        return np.stack([scenes.seen_and_wanted(self.scene, row)[1] for row in rows])

    def coded(self, key: str, codes: FloatArray, *, name: str | None = None) -> Block:
        """Return a block of what the space ``key`` draws from codes ``(n, latent_dim)``, all in one row."""
        space = next(space for known, _, space in self.decoders if known == key)
        return Block(
            key=name or key,
            title="",
            note="",
            n=len(codes),
            columns=len(codes),
            shape=space.record.output_shape,
            space=key,
            codes_url=publish(blob_of(codes.astype(np.float32))),
            images_url=publish(blob_of(as_bytes(space.graphs.decode(codes)))) if self.here else None,
        )

    def pictured(self, name: str, images: FloatArray) -> Block:
        """Return a block of images ``(n, c, h, w)`` as they are, all in one row."""
        n, channels, height, width = images.shape
        url = publish(blob_of(as_bytes(images)))
        return Block(name, "", "", n=n, columns=n, shape=(channels, height, width), images_url=url)

    def originals(self, name: str, images: FloatArray, captions: tuple[str, ...]) -> Block:
        """Return a block of images for the stage alone."""
        return replace(self.pictured(name, images), hidden=True, captions=captions)


def gather(view: View, run: Run) -> WalkSpaces | str:
    """Return what a view can walk over; a text says why there is nothing."""
    # The page's own widgets say what is walked over: held-out images, flat maps.
    found = scenes.of(replace(view, dim=2, split="heldout", dims=()), run)
    return found if isinstance(found, str) else WalkSpaces(view, found, view.decodes_here)


def as_bytes(images: FloatArray) -> np.ndarray:
    """Return images in [0, 1], others clipped, as uint8."""
    return np.rint(np.clip(np.nan_to_num(images), 0, 1) * 255).astype(np.uint8)


def small_map(
    walk: WalkSpaces,
    key: str,
    title: str,
    space: DecodedSpace,
    *,
    path: FloatArray | None = None,
    dots: Sequence[tuple[str, FloatArray]] = (),
    note: str = "",
) -> SmallMap:
    """Return a small map of a space: codes ``(n, latent_dim)`` are its path, single ones its dots."""
    dims = map_dims(space)
    hidden = space.record.latent_dim - len(dims)
    return SmallMap(
        key=key,
        title=title,
        note=note or (f"{hidden} more numbers not shown" if hidden > 0 else ""),
        points_url=map_url(space, dims),
        path=() if path is None else tuple(on_map(code, dims) for code in path),
        dots=tuple(Dot(on_map(code, dims), label) for label, code in dots),
    )


def map_dims(space: DecodedSpace) -> tuple[int, ...]:
    """Return the coordinates that a flat map of a space shows."""
    return (0, 1) if space.record.model.name == "pca" else leading_dims(space.codes.values, 2)


def map_url(space: DecodedSpace, dims: tuple[int, ...]) -> str:
    """Return the address of where a space's images lie on a flat map of these coordinates."""
    points = points_on(space.codes.values, dims, 2)
    return publish(run_data.blob(points, f"small-{space.record.id}-{space.record.digest}-{dims}"))


def on_map(code: FloatArray, dims: tuple[int, ...]) -> tuple[float, float]:
    """Return where a code lies on a flat map; a code of one number lies on its middle line."""
    place = [float(code[dim]) for dim in dims]
    return (place[0], place[1]) if len(place) > 1 else (place[0], 0.0)


def show(
    walk: WalkSpaces,
    layout: str,
    blocks: Sequence[Block],
    *,
    stage: Sequence[str],
    maps: Sequence[SmallMap] = (),
    scrub: bool = False,
    start: int = 0,
    on_pick: Any = None,
) -> None:
    """Draw the component; ``on_pick(id)`` is called when a dot of a map is clicked."""
    images, view = walk.scene.images, walk.view

    def changed(heard: CanvasState) -> None:
        view.heard_walk = max(view.heard_walk, heard.heard)
        if heard.cannot:
            view.cannot = heard.cannot
        if heard.pin is not None and on_pick is not None:
            on_pick(heard.pin)

    payload = WalkPayload(
        layout=layout,
        spaces=tuple(_drawer(key, title, space) for key, title, space in walk.decoders),
        blocks=tuple(blocks),
        stage=tuple(stage),
        maps=tuple(maps),
        n=len(images),
        ids_url=ids_url(images),
        labels_url=labels_url(images),
        class_names=images.class_names,
        scrub=scrub,
        start=start,
        features_url=features_url(images.name),
        decode="server" if walk.here else "browser",
        file=f"latent-lab-{layout}-{walk.scene.autoencoder.record.id}",
        heard=view.heard_walk,
    )
    picture_walls(payload, key=KEY, on_change=changed)


def _drawer(key: str, title: str, space: DecodedSpace) -> Drawer:
    known = run_data.landscape(space.store, space.record, "heldout")
    return Drawer(key, title, publish(known.decoder), space.record.latent_dim, space.record.output_shape)


def row(name: str) -> Any:
    """Return a row for a view's controls."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"walk-row-{name}")

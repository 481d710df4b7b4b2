"""Between two images: the straight way in the code, PCA's, the cross-fade of pixels, and real images on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.base import FloatArray
from ae_models.base.neighbors import nearest_rows
from ae_models.canvas.walk_types import Block
from ae_models.kinds.glossary import tip
from ae_models.latent import why_no_arc
from ae_models.ui import state
from ae_models.ui.shared.scene import name_of
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show, small_map
from ae_models.ui.walk.choosing import ChosenImage, choose, first_row, other_row


def render(walk: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("between")
    first = first_row(walk)
    start = choose(walk, bar, "From", "from", default=first)
    stop = choose(walk, bar, "To", "to", default=other_row(walk, first))
    n = int(bar.slider("Steps", 2, 32, 13, key="steps", width=150, bind="query-params"))
    arc = _is_arc(walk, bar)
    bar.segmented_control(
        "A click sets", ["from", "to"], default="to", key="walk-aim", required=True, persist_state="session"
    )
    if start is None or stop is None:
        return
    blocks, codes = _blocks(walk, start, stop, n, arc=arc)
    maps = [
        small_map(walk, key, title, space, path=codes[key], dots=[("A", codes[key][0]), ("B", codes[key][-1])])
        for key, title, space in walk.decoders
    ]
    captions = (f"A, original: {start.name}", f"B, original: {stop.name}")
    ends = replace(walk.originals("ends", np.stack([start.image, stop.image]), captions), title="The originals")
    show(
        walk,
        "between",
        [*blocks, ends],
        stage=["ends#0", *(block.key for block in blocks), "ends#1"],
        maps=maps,
        scrub=True,
        start=n // 2,
        on_pick=lambda found: state.put("to" if state.get("walk-aim") == "to" else "from", found),
    )


def _is_arc(walk: WalkSpaces, bar: Any) -> bool:
    """Draw the choice of the way; say whether it is the arc."""
    space = walk.scene.autoencoder
    why_not = why_no_arc(space.record.latent_dim, gaussian=space.graphs.has_noise)
    way = bar.segmented_control(
        "Way",
        ["line", "arc"],
        default="line",
        key="way",
        required=True,
        disabled=bool(why_not),
        help=why_not or f"Straight, or along the sphere near which the codes of such a model lie. {tip('variational')}",
        bind="query-params",
    )
    return way == "arc" and not why_not


def _blocks(
    walk: WalkSpaces, start: ChosenImage, stop: ChosenImage, n: int, *, arc: bool
) -> tuple[list[Block], dict[str, FloatArray]]:
    """Return the ways through both codes and the pixels with the nearest real images, and the codes by space."""
    captions = tuple(_share(place, n) for place in range(n))
    notes = {
        "autoencoder": f"{'arc' if arc else 'straight line'} in the code",
        "pca": "the cross-fade of its two reconstructions",
    }
    codes, blocks = {}, []
    for key, title, space in walk.decoders:
        ends = [one.code(space, pca=key == "pca") for one in (start, stop)]
        codes[key] = recipes.path_codes(ends[0], ends[1], n, arc=arc and key == "autoencoder")
        block = walk.coded(key, codes[key])
        blocks.append(replace(block, title=title, note=notes[key], captions=captions, moves=True))
    fade = recipes.path_codes(start.image.ravel(), stop.image.ravel(), n).reshape(n, *start.image.shape)
    note = walk.kind.say("of the {parts}: no model")
    block = replace(walk.pictured("fade", fade), title="Cross-fade", note=note, captions=captions, moves=True)
    return [*blocks, block, _nearest(walk, codes["autoencoder"])], codes


def _nearest(walk: WalkSpaces, codes: FloatArray) -> Block:
    """Return the real images nearest to codes of the autoencoder."""
    known = walk.scene.autoencoder.codes
    found = [nearest_rows(code, known.values, 1, squared_norms=known.squared_norms) for code in codes]
    rows, distances = [int(near[0][0]) for near in found], [float(near[1][0]) for near in found]
    captions = tuple(
        f"{name_of(walk.scene, place)} · {distance:.2f} away" for place, distance in zip(rows, distances, strict=True)
    )
    block = walk.pictured("nearest", walk.wanted(rows))
    return replace(block, title="Nearest real", note="to the autoencoder’s code", captions=captions)


def _share(place: int, n: int) -> str:
    if place in (0, n - 1):
        return f"reconstruction of {'A' if place == 0 else 'B'}"
    return f"{100 * place / (n - 1):.0f} % of the way from A to B"


def nothing(walk: WalkSpaces) -> bool:
    """Say so where there are fewer than two images to walk between."""
    if len(walk.scene.images) >= 2:
        return False
    st.info(f"There is only one held-out {walk.kind.sample} of this data: a way needs two.")
    return True

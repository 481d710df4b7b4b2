"""Between two images: the straight way in the code, PCA's, the cross-fade of pixels, and real images on the way."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.base.neighbors import nearest_rows
from ae_models.canvas.walk_types import Block
from ae_models.kinds.glossary import tip
from ae_models.latent import why_no_arc
from ae_models.ui import state
from ae_models.ui.shared.scene import name_of
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show, small_map
from ae_models.ui.walk.choosing import ChosenImage, choose, first_row, other_row


def render(ground: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("between")
    first = first_row(ground)
    start = choose(ground, bar, "From", "from", default=first)
    stop = choose(ground, bar, "To", "to", default=other_row(ground, first))
    n = int(bar.slider("Steps", 2, 32, 13, key="steps", width=150, bind="query-params"))
    why = why_no_arc(ground.scene.autoencoder.record.latent_dim, gaussian=ground.scene.autoencoder.graphs.has_noise)
    way = bar.segmented_control(
        "Way",
        ["line", "arc"],
        default="line",
        key="way",
        required=True,
        disabled=bool(why),
        help=why or f"Straight, or along the sphere near which the codes of such a model lie. {tip('variational')}",
        bind="query-params",
    )
    bar.segmented_control(
        "A click sets", ["from", "to"], default="to", key="walk-aim", required=True, persist_state="session"
    )
    if start is None or stop is None:
        return
    blocks, codes = _blocks(ground, start, stop, n, arc=way == "arc" and not why)
    maps = [
        small_map(ground, key, title, space, path=codes[key], dots=[("A", codes[key][0]), ("B", codes[key][-1])])
        for key, title, space in ground.spaces
    ]
    ends = ground.pictured(
        "ends",
        np.stack([start.image, stop.image]),
        title="The originals",
        note="",
        columns=2,
        hidden=True,
        captions=(f"A, original: {start.name}", f"B, original: {stop.name}"),
    )
    show(
        ground,
        "between",
        [*blocks, ends],
        stage=["ends#0", *(block.key for block in blocks), "ends#1"],
        maps=maps,
        scrub=True,
        start=n // 2,
        on_pick=lambda found: state.put("to" if state.get("walk-aim") == "to" else "from", found),
    )


def _blocks(
    ground: WalkSpaces, start: ChosenImage, stop: ChosenImage, n: int, *, arc: bool
) -> tuple[list[Block], dict[str, np.ndarray]]:
    codes, blocks = {}, []
    for key, title, space in ground.spaces:
        ends = [one.code(space, pca=key == "pca") for one in (start, stop)]
        codes[key] = recipes.path_codes(ends[0], ends[1], n, arc=arc and key == "autoencoder")
        note = (
            "the cross-fade of its two reconstructions"
            if key == "pca"
            else f"{'arc' if arc else 'straight line'} in the code"
        )
        captions = tuple(_share(place, n) for place in range(n))
        blocks.append(ground.coded(key, codes[key], title=title, note=note, columns=n, captions=captions, moves=True))
    fade = recipes.path_codes(start.image.ravel(), stop.image.ravel(), n).reshape(n, *start.image.shape)
    words = {"columns": n, "captions": tuple(_share(place, n) for place in range(n))}
    blocks.append(
        ground.pictured(
            "fade", fade, title="Cross-fade", note=ground.kind.say("of the {parts}: no model"), moves=True, **words
        )
    )
    space = ground.scene.autoencoder
    found = [
        nearest_rows(code, space.codes.values, 1, squared_norms=space.codes.squared_norms)
        for code in codes["autoencoder"]
    ]
    rows = [int(near[0][0]) for near in found]
    blocks.append(
        ground.pictured(
            "nearest",
            ground.wanted(rows),
            title="Nearest real",
            note="to the autoencoder’s code",
            columns=n,
            captions=tuple(
                f"{name_of(ground.scene, place)} · {float(near[1][0]):.2f} away"
                for place, near in zip(rows, found, strict=True)
            ),
        )
    )
    return blocks, codes


def _share(place: int, n: int) -> str:
    if place in (0, n - 1):
        return f"reconstruction of {'A' if place == 0 else 'B'}"
    return f"{100 * place / (n - 1):.0f} % of the way from A to B"


def nothing(ground: WalkSpaces) -> bool:
    """Say so where there are fewer than two images to walk between."""
    if len(ground.scene.images) >= 2:
        return False
    st.info(f"There is only one held-out {ground.kind.sample} of this data: a way needs two.")
    return True

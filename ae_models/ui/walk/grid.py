"""A grid of pictures over two numbers of the code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ae_models import recipes
from ae_models.canvas.walk_types import Block
from ae_models.ui.shared.scene import DecodedSpace
from ae_models.ui.shared.strip import coordinate
from ae_models.ui.shared.walk_spaces import WalkSpaces, map_dims, map_url, row, show
from ae_models.ui.walk.choosing import choose, first_row

_SPACINGS = {"evenly": "bounds", "as images lie": "quantiles", "as the prior": "prior"}


def render(walk: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("grid")
    space = walk.scene.autoencoder
    n = int(bar.slider("Lines", 2, 40, 20, key="lines", width=170, bind="query-params"))
    spacing = _spacing(walk, bar)
    dims = _dims(walk, bar)
    base = space.codes.values.mean(axis=0)
    if space.record.latent_dim > 2:
        chosen = choose(walk, bar, "The others as in", "rest", default=first_row(walk))
        if chosen is None:
            return
        base = chosen.code(space, pca=False)
    over = spacing == "bounds" and bar.toggle(
        "Dots over it",
        key="dots",
        bind="query-params",
        help=f"The held-out {walk.kind.samples}, each where its code lies.",
    )
    blocks = []
    for key, title, one in walk.decoders:
        shown, middle = (
            (dims, base) if key == "autoencoder" else (map_dims(one), np.zeros(one.record.latent_dim, np.float32))
        )
        how: Any = "bounds" if key == "pca" and spacing == "prior" else spacing
        codes = recipes.grid_codes(one.codes.values, one.codes.bounds, base=middle, dims=shown, n=n, spacing=how)
        names = tuple(coordinate(one, dim) for dim in shown)
        note = "  ".join(f"{name} {arrow}" for name, arrow in zip(names, "→↑", strict=False))
        block = replace(walk.coded(key, codes), title=title, note=note, columns=n, dense=True, dims=shown, names=names)
        blocks.append(_with_dots(block, one) if over and how == "bounds" and len(shown) == 2 else block)
    show(walk, "grid", blocks, stage=[block.key for block in blocks], start=(n // 2) * n + n // 2)


def _spacing(walk: WalkSpaces, bar: Any) -> str:
    has_prior = walk.scene.autoencoder.graphs.has_noise
    spaced = bar.segmented_control(
        "Spaced",
        [words for words, name in _SPACINGS.items() if name != "prior" or has_prior],
        default="evenly",
        key="spaced",
        required=True,
        bind="query-params",
        help=walk.kind.say(
            "Evenly between the limits that hold 99 % of the {samples}; or so that as many {samples} lie between any "
            "two lines; or, for variational models, as the Gaussian that their clouds are pulled to."
        ),
    )
    return _SPACINGS[str(spaced)]


def _dims(walk: WalkSpaces, bar: Any) -> tuple[int, ...]:
    """Return which numbers of the code the grid shows: the two that vary most, or those that were chosen."""
    space = walk.scene.autoencoder
    leading = map_dims(space)
    if space.record.latent_dim <= 2:
        return leading
    every = list(range(space.record.latent_dim))
    chosen = [
        bar.selectbox(
            words,
            every,
            index=leading[place],
            format_func=lambda dim: f"z{dim + 1}",
            key=f"walk-dim-{place}-{space.record.id}",
            width=100,
            persist_state="session",
        )
        for place, words in enumerate(("Across", "Up"))
    ]
    if chosen[0] == chosen[1]:
        chosen[1] = next(dim for dim in (*leading, *every) if dim != chosen[0])
        bar.caption(f"up: z{chosen[1] + 1}, for two different numbers")
    return int(chosen[0]), int(chosen[1])


def _with_dots(block: Block, space: DecodedSpace) -> Block:
    """Return a grid with the images' dots over it."""
    limits = [space.codes.bounds[dim] for dim in block.dims]
    over = tuple((limit.low, limit.high) for limit in limits)
    return replace(block, over_url=map_url(space, block.dims), over=over)

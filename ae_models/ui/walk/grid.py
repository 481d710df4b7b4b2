"""A grid of pictures over two numbers of the code."""

from __future__ import annotations

from typing import Any

import numpy as np

from ae_models import recipes
from ae_models.recipes.captions import points_on
from ae_models.ui.routes import publish
from ae_models.ui.shared import run_data
from ae_models.ui.shared.scene import DecodedSpace
from ae_models.ui.shared.strip import coordinate
from ae_models.ui.shared.walk_spaces import WalkSpaces, map_dims, row, show
from ae_models.ui.walk.choosing import choose, first_row

_SPACINGS = {"evenly": "bounds", "as images lie": "quantiles", "as the prior": "prior"}


def render(ground: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("grid")
    space = ground.scene.autoencoder
    n = int(bar.slider("Lines", 2, 40, 20, key="lines", width=170, bind="query-params"))
    offered = [words for words, name in _SPACINGS.items() if name != "prior" or space.graphs.has_noise]
    spaced = bar.segmented_control(
        "Spaced",
        offered,
        default="evenly",
        key="spaced",
        required=True,
        bind="query-params",
        help=ground.kind.say(
            "Evenly between the limits that hold 99 % of the {samples}; or so that as many {samples} lie between any "
            "two lines; or, for variational models, as the Gaussian that their clouds are pulled to."
        ),
    )
    spacing: Any = _SPACINGS[str(spaced)]
    dims = _dims(ground, bar)
    base = space.codes.values.mean(axis=0)
    if space.record.latent_dim > 2:
        chosen = choose(ground, bar, "The others as in", "rest", default=first_row(ground))
        if chosen is None:
            return
        base = chosen.code(space, pca=False)
    over = spacing == "bounds" and bar.toggle(
        "Dots over it",
        key="dots",
        bind="query-params",
        help=f"The held-out {ground.kind.samples}, each where its code lies.",
    )
    blocks = []
    for key, title, one in ground.spaces:
        shown = dims if key == "autoencoder" else map_dims(one)
        how: Any = "bounds" if key == "pca" and spacing == "prior" else spacing
        middle = base if key == "autoencoder" else np.zeros(one.record.latent_dim, np.float32)
        codes = recipes.grid_codes(one.codes.values, one.codes.bounds, base=middle, dims=shown, n=n, spacing=how)
        names = tuple(coordinate(one, dim) for dim in shown)
        blocks.append(
            ground.coded(
                key,
                codes,
                title=title,
                note="  ".join(f"{name} {arrow}" for name, arrow in zip(names, "→↑", strict=False)),
                columns=n,
                dense=True,
                dims=shown,
                names=names,
                **(_over(one, shown) if over and how == "bounds" and len(shown) == 2 else {}),
            )
        )
    show(ground, "grid", blocks, stage=[block.key for block in blocks], start=(n // 2) * n + n // 2)


def _dims(ground: WalkSpaces, bar: Any) -> tuple[int, ...]:
    """Return which numbers of the code the grid shows: the two that vary most, or those that were chosen."""
    space = ground.scene.autoencoder
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


def _over(space: DecodedSpace, dims: tuple[int, ...]) -> dict[str, Any]:
    """Return where the images' dots lie over the grid."""
    name = f"small-{space.record.id}-{space.record.digest}-{dims}"
    points = points_on(space.codes.values, dims, 2)
    limits = [space.codes.bounds[dim] for dim in dims]
    return {
        "over_url": publish(run_data.blob(points, name)),
        "over": tuple((limit.low, limit.high) for limit in limits),
    }

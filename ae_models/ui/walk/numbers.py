"""One number at a time: what each does to the picture, what it costs to lose it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.canvas.walk_types import Block
from ae_models.kinds import kind_of
from ae_models.ui.shared import walking
from ae_models.ui.shared.scene import DecodedSpace
from ae_models.ui.shared.strip import coordinate
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show
from ae_models.ui.walk.choosing import ChosenImage, choose, first_row

_STEPS = 9
_ROWS = 8


def render(ground: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("numbers")
    chosen = choose(ground, bar, "The others as in", "rest", default=first_row(ground))
    longest = max(space.record.latent_dim for _, _, space in ground.spaces)
    pages = -(-longest // _ROWS)
    page = 1
    if pages > 1:
        page = int(
            bar.selectbox(
                "Numbers",
                list(range(1, pages + 1)),
                format_func=lambda one: f"{(one - 1) * _ROWS + 1} to {min(one * _ROWS, longest)} by effect",
                key="walk-page",
                width=170,
                persist_state="session",
            )
        )
    if chosen is None:
        return
    columns, told = [], []
    for key, title, space in ground.spaces:
        found = walking.effects(space.record, ground.scene.images, space.graphs, space.codes.values, space.codes.bounds)
        told.append(_told(title, space, found))
        order = found.order[(page - 1) * _ROWS : page * _ROWS]
        columns.append([_block(ground, key, space, found, dim, chosen) for dim in order])
    longer = max(len(column) for column in columns)
    blocks = [column[place] for place in range(longer) for column in columns if place < len(column)]
    st.markdown("  \n".join(told))
    originals = ground.pictured(
        "original",
        chosen.image[None],
        title="",
        note="",
        columns=1,
        hidden=True,
        captions=(f"Original: {chosen.name}",),
    )
    selves = [
        ground.coded(
            key,
            chosen.code(space, pca=key == "pca")[None],
            name=f"{key}-self",
            title="",
            note="",
            columns=1,
            hidden=True,
            captions=(f"{title} draws it",),
        )
        for key, title, space in ground.spaces
    ]
    stage = ["original#0", *(f"{block.key}#0" for block in selves)]
    show(ground, "numbers", [*blocks, originals, *selves], stage=stage)


def _told(title: str, space: DecodedSpace, found: recipes.Effects) -> str:
    singles, together = float(found.off.costs.sum()), found.off.together
    adds = "they add up" if abs(singles - together) < 0.005 * abs(together) else "they do not add up"
    dead = ", ".join(coordinate(space, dim) for dim in found.dead)
    return (
        f"**{title}** · each number set to its mean, one by one: error grows by {singles:.1f} in sum; all at once: by "
        f"{together:.1f} ({adds}) · {f'dead: {dead}' if dead else 'no dead numbers'} "
        f":gray[on {found.n} held-out {kind_of(space.record.output_shape).samples}]"
    )


def _block(
    ground: WalkSpaces, key: str, space: DecodedSpace, found: recipes.Effects, dim: int, chosen: ChosenImage
) -> Block:
    limit = space.codes.bounds[dim]
    values = np.linspace(limit.low, limit.high, _STEPS).astype(np.float32)
    mean = float(space.codes.values[:, dim].mean())
    codes = np.tile(chosen.code(space, pca=key == "pca"), (_STEPS + 1, 1))
    codes[:, dim] = [*values, mean]
    name = coordinate(space, dim)
    title = name if key == "autoencoder" else f"PCA {name}"
    kl = "" if found.kl is None else f" · KL {found.kl[dim]:.2f} nats"
    what = "dead" if dim in found.dead else f"moves {found.weights[dim]:.1f} · off {found.off.costs[dim]:+.1f}{kl}"
    return ground.coded(
        key,
        codes,
        name=f"{key}-{dim}",
        title=title,
        note=what,
        columns=_STEPS + 1,
        captions=(*(f"{name} = {value:.2f}" for value in values), f"switched off: {name} at its mean, {mean:.2f}"),
    )

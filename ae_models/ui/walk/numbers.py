"""One number at a time: what each does to the picture, what it costs to lose it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.base import FloatArray, ImageDataset
from ae_models.canvas.walk_types import Block
from ae_models.kinds import kind_of
from ae_models.latent import Bounds
from ae_models.runs import Graphs, RunRecord
from ae_models.ui.cache import cached
from ae_models.ui.shared.scene import DecodedSpace
from ae_models.ui.shared.strip import coordinate
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show
from ae_models.ui.walk.choosing import ChosenImage, choose, first_row

_STEPS = 9
_ROWS = 8


def render(walk: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("numbers")
    chosen = choose(walk, bar, "The others as in", "rest", default=first_row(walk))
    page = _page(walk, bar)
    if chosen is None:
        return
    columns, lines = [], []
    for key, title, space in walk.decoders:
        found = effects(space.record, walk.scene.images, space.graphs, space.codes.values, space.codes.bounds)
        lines.append(_summary(title, space, found))
        shown = found.order[page * _ROWS : (page + 1) * _ROWS]
        columns.append([_block(walk, key, space, found, dim, chosen) for dim in shown])
    longer = max(len(column) for column in columns)
    blocks = [column[place] for place in range(longer) for column in columns if place < len(column)]
    st.markdown("  \n".join(lines))
    original = walk.originals("original", chosen.image[None], (f"Original: {chosen.name}",))
    own = []
    for key, title, space in walk.decoders:
        block = walk.coded(key, chosen.code(space, pca=key == "pca")[None], name=f"{key}-self")
        own.append(replace(block, hidden=True, captions=(f"{title} draws it",)))
    stage = ["original#0", *(f"{block.key}#0" for block in own)]
    show(walk, "numbers", [*blocks, original, *own], stage=stage)


def _page(walk: WalkSpaces, bar: Any) -> int:
    """Return which numbers are shown, counted in pages from 0; draw the choice where there are several."""
    longest = max(space.record.latent_dim for _, _, space in walk.decoders)
    if longest <= _ROWS:
        return 0
    picked = bar.selectbox(
        "Numbers",
        list(range(1, -(-longest // _ROWS) + 1)),
        format_func=lambda one: f"{(one - 1) * _ROWS + 1} to {min(one * _ROWS, longest)} by effect",
        key="walk-page",
        width=170,
        persist_state="session",
    )
    return int(picked) - 1


@cached(spinner="Switching off one number after the other …")
def effects(
    record: RunRecord, images: ImageDataset, _graphs: Graphs, _codes: FloatArray, _bounds: tuple[Bounds, ...]
) -> recipes.Effects:
    """Return what each number of a run's code does to these images."""
    return recipes.effects_of(_graphs, record, images, _codes, _bounds)


def _summary(title: str, space: DecodedSpace, found: recipes.Effects) -> str:
    singles, together = float(found.off.costs.sum()), found.off.together
    adds = "they add up" if abs(singles - together) < 0.005 * abs(together) else "they do not add up"
    dead = ", ".join(coordinate(space, dim) for dim in found.dead)
    return (
        f"**{title}** · each number set to its mean, one by one: error grows by {singles:.1f} in sum; all at once: by "
        f"{together:.1f} ({adds}) · {f'dead: {dead}' if dead else 'no dead numbers'} "
        f":gray[on {found.n} held-out {kind_of(space.record.output_shape).samples}]"
    )


def _block(
    walk: WalkSpaces, key: str, space: DecodedSpace, found: recipes.Effects, dim: int, chosen: ChosenImage
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
    captions = (*(f"{name} = {value:.2f}" for value in values), f"switched off: {name} at its mean, {mean:.2f}")
    return replace(walk.coded(key, codes, name=f"{key}-{dim}"), title=title, note=what, captions=captions)

"""Choosing an image: by its number, by class, at random, on a map, or the one that was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from ae_models.base import FloatArray
from ae_models.kinds.glossary import tip
from ae_models.projections.store import rows_of
from ae_models.ui import state
from ae_models.ui.shared import scene as scenes
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.scene import DecodedSpace
from ae_models.ui.shared.walk_spaces import WalkSpaces

ANY, DRAWN, LASSO = "one", "your drawing", "your lasso"
_MEAN = "all of class "


@dataclass(frozen=True, eq=False)
class ChosenImage:
    """What stands at one end: one image, or the mean of several.

    ``rows`` are the images, none for a drawing; ``image`` ``(c, h, w)`` is what a decoder should answer; ``seen`` what
    the autoencoder sees of it.
    """

    name: str
    rows: tuple[int, ...]
    image: FloatArray
    seen: FloatArray

    def code(self, space: DecodedSpace, *, pca: bool) -> FloatArray:
        """Return its code in a space: of several images, the mean of theirs."""
        if self.rows:
            return np.asarray(space.codes.values[list(self.rows)].mean(axis=0), np.float32)
        code: FloatArray = space.graphs.encode((self.image if pca else self.seen)[None])[0]
        return code


def choose(
    walk: WalkSpaces, row: Any, label: str, key: str, *, default: int, groups: bool = False
) -> ChosenImage | None:
    """Draw the controls of one choice and return it; None says that there is no such image, and says so.

    ``groups`` offers the mean of a class and of the lasso's images too.
    """
    images = walk.scene.images
    offered = [ANY]
    if groups:
        offered += [f"{_MEAN}{name}" for name in images.class_names] if images.labels is not None else []
        offered += [LASSO] if _lasso(walk) else []
    offered += [DRAWN] if _fits(walk) else []
    kind = ANY
    if len(offered) > 1:
        if state.get(f"{key}-kind") not in offered:
            state.put(f"{key}-kind", ANY)
        words = {ANY: walk.kind.a_sample}
        picked = row.selectbox(
            label,
            offered,
            key=f"{key}-kind",
            width=150,
            persist_state="session",
            format_func=lambda option: words.get(option, option),
        )
        kind = str(picked)
    if kind == ANY:
        _one_image(walk, row, label if len(offered) == 1 else "number", key, default)
    return _chosen(walk, key, kind)


def _one_image(walk: WalkSpaces, row: Any, label: str, key: str, default: int) -> None:
    """Draw the choice of one image: its number, or one at random."""
    images = walk.scene.images
    row.number_input(
        label,
        min_value=0,
        max_value=int(images.ids.max()),
        value=int(images.ids[default]),
        step=1,
        key=key,
        width=120,
        bind="query-params",
        help=f"The number of a held-out {walk.kind.sample}. Or click a dot on a map. {tip('held out', kind=walk.kind)}",
    )
    with row.popover("Random", width=100):
        st.markdown(f"Take another {walk.kind.sample}:")
        for name in ["any", *(images.class_names if images.labels is not None else ())]:
            st.button(
                "any class" if name == "any" else escape_markdown(name),
                key=f"{key}-random-{name}",
                width="stretch",
                on_click=_random,
                args=(walk, key, name),
            )


def _chosen(walk: WalkSpaces, key: str, kind: str) -> ChosenImage | None:
    scene, samples = walk.scene, walk.kind.samples
    if kind == DRAWN and walk.view.drawn is not None:
        return ChosenImage("your drawing", (), walk.view.drawn, walk.view.drawn)
    if kind == LASSO:
        return _group(walk, _lasso(walk), f"the mean of {len(_lasso(walk))} {samples} in the lasso")
    if kind.startswith(_MEAN) and scene.images.labels is not None:
        label = scene.images.class_names.index(kind.removeprefix(_MEAN))
        rows = np.flatnonzero(scene.images.labels == label).tolist()
        name = f"the mean of {len(rows):,} {samples} of {kind.removeprefix(_MEAN)}"
        return _group(walk, rows, name) if rows else None
    number = state.get(key)
    found = rows_of(scene.images.ids, np.array([number if isinstance(number, int) else -1], np.int32))
    if found is None:
        words = "{Sample} #{number} is not among the held-out {samples} of this data."
        st.warning(walk.kind.say(words, number=number), icon=":material/info:")
        return None
    seen, wanted = scenes.seen_and_wanted(scene, int(found[0]))
    return ChosenImage(scenes.name_of(scene, int(found[0])), (int(found[0]),), wanted, seen)


def _group(walk: WalkSpaces, rows: Sequence[int], name: str) -> ChosenImage:
    some = list(rows)[:500]
    wanted = walk.wanted(some)
    seen = np.stack([scenes.seen_and_wanted(walk.scene, row)[0] for row in some])
    return ChosenImage(name, tuple(some), wanted.mean(axis=0), seen.mean(axis=0))


def _lasso(walk: WalkSpaces) -> list[int]:
    chosen = walk.view.selection
    if not chosen:
        return []
    found = rows_of(walk.scene.images.ids, np.array(chosen, np.int32))
    return [] if found is None else [int(row) for row in found]


def _fits(walk: WalkSpaces) -> bool:
    """Whether there is a drawing that this model can read and answer."""
    record, drawn = walk.scene.autoencoder.record, walk.view.drawn
    return drawn is not None and drawn.shape == record.input_shape == record.output_shape


def _random(walk: WalkSpaces, key: str, name: str) -> None:
    images = walk.scene.images
    rows = np.arange(len(images))
    if name != "any" and images.labels is not None:
        rows = np.flatnonzero(images.labels == images.class_names.index(name))
    if len(rows):
        state.put(key, int(images.ids[np.random.default_rng().choice(rows)]))


def other_row(walk: WalkSpaces, *rows: int) -> int:
    """Return an image to stand beside some: the first of another class, else the next."""
    images = walk.scene.images
    if images.labels is not None:
        others = np.flatnonzero(~np.isin(images.labels, images.labels[list(rows)]))
        if len(others):
            return int(others[0])
    return (rows[-1] + 1) % len(images)


def first_row(walk: WalkSpaces) -> int:
    """Return the image that is pinned on the maps, else the first."""
    found = rows_of(walk.scene.images.ids, np.array([walk.view.pin or 0], np.int32))
    return 0 if found is None or walk.view.pin is None else int(found[0])

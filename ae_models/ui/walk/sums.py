"""A - B + C: the same edit in the autoencoder's code, in PCA's and in pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from ae_models.base import FloatArray, UserError
from ae_models.latent import direction_score, edited
from ae_models.ui import state
from ae_models.ui.shared import run_data
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show, small_map
from ae_models.ui.walk.choosing import ChosenImage, choose, first_row, other_row

_STRENGTHS = tuple(round(-1 + 0.25 * place, 2) for place in range(13))  # -1 to 2
_ONE = _STRENGTHS.index(1.0)


def render(walk: WalkSpaces) -> None:
    """Draw the view."""
    a, b, c = _letters(walk)
    if a is None or b is None or c is None:
        return
    blocks, maps = [], []
    captions = tuple(f"C + {strength:g} × (A − B)" for strength in _STRENGTHS)
    for key, title, space in walk.decoders:
        codes = [one.code(space, pca=key == "pca") for one in (a, b, c)]
        path = _edits(*codes)
        blocks.append(replace(walk.coded(key, path), title=title, note="in its code", captions=captions))
        dots = [*zip("ABC", codes, strict=True), ("=", path[_ONE])]
        maps.append(small_map(walk, key, title, space, path=path, dots=dots))
    pixels = walk.pictured("pixels", _edits(a.image, b.image, c.image))
    blocks.append(replace(pixels, title=walk.kind.say("{Parts}"), note="no model", captions=captions))
    names = tuple(f"{letter}: {one.name}" for letter, one in zip("ABC", (a, b, c), strict=True))
    originals = walk.originals("originals", np.stack([a.image, b.image, c.image]), names)
    originals = replace(originals, title="A, B, C")
    show(
        walk,
        "sum",
        [*blocks, originals],
        stage=["originals#0", "originals#1", "originals#2", *(block.key for block in blocks)],
        maps=maps,
        scrub=True,
        start=_ONE,
        on_pick=lambda found: state.put(str(state.get("walk-letter")), found),
    )
    _score(walk, a, b)


def _letters(walk: WalkSpaces) -> list[ChosenImage | None]:
    """Draw the choices of A, B and C."""
    bar = row("sum")
    first = first_row(walk)
    second = other_row(walk, first)
    defaults = (first, second, other_row(walk, first, second))
    letters = [
        choose(walk, bar, label, label.lower()[-1], default=default, groups=True)
        for label, default in zip(("A", "minus B", "plus C"), defaults, strict=True)
    ]
    bar.segmented_control(
        "A click sets",
        ["a", "b", "c"],
        format_func=str.upper,
        default="c",
        key="walk-letter",
        required=True,
        persist_state="session",
    )
    return letters


def _edits(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    flat = [edited(a.ravel(), b.ravel(), c.ravel(), strength) for strength in _STRENGTHS]
    return np.stack(flat).reshape(-1, *c.shape)


def _score(walk: WalkSpaces, a: ChosenImage, b: ChosenImage) -> None:
    """Say whether the direction from B to A is more than the way between two images."""
    groups = [_like(walk, one) for one in (a, b)]
    if not groups[0] or not groups[1]:
        return
    lines = []
    flat = run_data.flat_images(walk.scene.images.name, walk.scene.autoencoder.record.dataset.variant, "heldout")
    fields = [
        (title, space.codes.values, [one.code(space, pca=key == "pca") for one in (a, b)])
        for key, title, space in walk.decoders
    ]
    if flat.shape[1] == a.image.size:
        fields.append((walk.kind.say("{Parts}"), flat, [a.image.ravel(), b.image.ravel()]))
    try:
        for title, rows, (first, second) in fields:
            score = direction_score(first - second, rows[groups[0]], rows[groups[1]], rows, seed=0)
            lines.append(f"**{title}** {score.score:.2f} (chance {score.chance:.2f}; beats {100 * score.beaten:.0f} %)")
    except UserError as mistake:
        st.caption(escape_markdown(str(mistake)))
        return
    st.markdown(
        "Is A − B a direction that others share? Mean cosine with steps between "
        f"{walk.kind.samples} like B and like A, against directions between random pairs: {' · '.join(lines)}"
    )


def _like(walk: WalkSpaces, one: ChosenImage) -> list[int]:
    """Return the images like a chosen one: those it is the mean of, or its class."""
    labels = walk.scene.images.labels
    if len(one.rows) > 1:
        return list(one.rows)
    if not one.rows or labels is None:
        return []
    return [int(found) for found in np.flatnonzero(labels == labels[one.rows[0]])]

"""The code as numbers: what one image becomes, and what is left of it in few bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.kinds.glossary import tip
from ae_models.latent import Quantised, quantised
from ae_models.ui import state
from ae_models.ui.shared.scene import DecodedSpace
from ae_models.ui.shared.strip import coordinate
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show, small_map
from ae_models.ui.walk.choosing import choose, first_row

_MOST = 8
ROUNDED = (
    "Each number of the code is rounded to one of 2, 4, 8 … 256 values, within limits that hold 99 % of the {samples}."
)


def render(walk: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("bits")
    chosen = choose(walk, bar, "The code of", "rest", default=first_row(walk))
    about = f"{walk.kind.say(ROUNDED)} {tip('code', kind=walk.kind)}"
    bits = int(bar.slider("Bits a number", 1, _MOST, 3, key="bits", width=200, bind="query-params", help=about))
    if chosen is None:
        return
    blocks, maps, tables = [], [], []
    for key, title, space in walk.decoders:
        code = chosen.code(space, pca=key == "pca")
        rounded = [quantised(code[None], each, space.codes.bounds) for each in range(1, _MOST + 1)]
        codes = np.concatenate([*(found.values for found in rounded), code[None]])
        captions = _captions(space, codes, chosen.image, rounded)
        note = f"1 to {_MOST} bits a number, and not rounded"
        blocks.append(replace(walk.coded(key, codes), title=title, note=note, captions=captions))
        dots = [("A", code), (str(bits), rounded[bits - 1].values[0])]
        maps.append(small_map(walk, key, title, space, dots=dots))
        tables.append((title, space, code, rounded[bits - 1]))
    caption = f"A, original: {chosen.name}, {chosen.image.size} bytes"
    original = walk.originals("original", chosen.image[None], (caption,))
    show(
        walk,
        "bits",
        [*blocks, original],
        stage=["original#0", *(block.key for block in blocks)],
        maps=maps,
        start=bits - 1,
        on_pick=lambda found: state.put("rest", found),
    )
    for place, (title, space, code, found) in zip(st.columns(len(tables)), tables, strict=True):
        with place:
            _table(title, space, code, found)


def _captions(space: DecodedSpace, codes: FloatArray, image: FloatArray, rounded: list[Quantised]) -> tuple[str, ...]:
    """Return what each rounding costs and loses; the last of the codes is not rounded."""
    drawn = space.graphs.decode(codes)
    errors = squared_errors(np.repeat(image[None], len(drawn), axis=0), drawn)
    costs = [f"{_times(found.bits, 'bit')} a number: {_times(found.n_bytes, 'byte')} in all" for found in rounded]
    return tuple(f"{words}, error {error:.1f}" for words, error in zip([*costs, "not rounded"], errors, strict=True))


def _table(title: str, space: DecodedSpace, code: FloatArray, found: Quantised) -> None:
    """Draw the numbers with bars, and what they are rounded to."""
    st.markdown(f"**{title}** · {_times(found.n_bytes, 'byte')} for {_times(len(code), 'number')}")
    low, high = float(found.low.min()), float(found.high.max())
    st.dataframe(
        {
            "number": [coordinate(space, dim) for dim in range(len(code))],
            "value": code.round(3),
            "bar": np.clip(code, low, high),
            "level": found.levels[0],
            "rounded to": found.values[0].round(3),
            "from": found.low.round(2),
            "to": found.high.round(2),
            "step": found.steps.round(3),
        },
        column_config={
            "bar": st.column_config.ProgressColumn("bar", min_value=low, max_value=high, format=" "),
        },
        hide_index=True,
        height="auto" if len(code) < 6 else 248,
    )


def _times(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n:,} {noun}s"

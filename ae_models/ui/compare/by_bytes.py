"""Code size in bytes: codes of a few bits a number, PCA's likewise, JPEG, and lossless PNG to hold them against."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.code_bytes import BITS, CodeCost
from ae_models.analysis.families import Family
from ae_models.base import FloatArray
from ae_models.figures.code_size import byte_size
from ae_models.ui.shared import chart
from ae_models.ui.shared import comparing as kept
from ae_models.ui.shared.figure_words import count
from ae_models.ui.shared.run_data import heldout_of

SHARED = (10_000, 60_000, 1_000_000)
BYTES = (
    "Each number of a code is rounded to one of 2ᵇ evenly spaced levels, over the range in which 99.8 % of its "
    "values lie (outside it, to the nearest level), and kept in b bits: all of an autoencoder’s in the same b, PCA’s "
    "in b on average, more where a component varies more. To that comes the decoder’s file, divided by the images that "
    "share it. PCA’s model is counted in float16, an autoencoder’s as its file is. JPEG and PNG are one contact sheet "
    "of all images, divided by their number: a single small file is mostly header. PNG is lossless; JPEG, like the "
    "codes, is not."
)


def render(ladder: Family, log: bool) -> None:
    """Draw the view."""
    record = ladder[0][1]
    images = heldout_of(record)
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    bits = row.segmented_control("Bits a number", BITS, default=6, required=True, key="size-bits", bind="query-params")
    shared = row.segmented_control(
        "Images that share the model",
        [0, *SHARED],
        format_func=lambda n: f"{n:,}" if n else "do not count the model",
        default=SHARED[1],
        required=True,
        key="size-shared",
        bind="query-params",
    )
    if bits not in BITS or shared not in (0, *SHARED):
        st.stop()
    own, straight = kept.kept_by_ladder(ladder, bits), kept.kept_straight(record, bits)
    jpeg = kept.kept_jpeg(images)
    curves = {
        f"Autoencoder, {bits} bits a number": _curve(own, shared),
        f"PCA, {bits} bits a number on average": _curve(straight, shared),
        "JPEG, one contact sheet": _curve(jpeg, 0),
    }
    raw, fitted = kept.kept_png(images), record.dataset.fitted_on.n
    costs = dict(zip(("autoencoder", "PCA", "JPEG"), (own, straight, jpeg), strict=True))
    sizes = [sizes for sizes, _, _ in curves.values()]
    chart.render(
        byte_size(curves, raw=raw, log=log, dark=chart.is_dark()),
        key="size-bytes",
        title="And in bytes?",
        tip=BYTES,
        says=_bytes_reading(curves, raw, len(images)) + f" PCA and autoencoders were fitted on {fitted:,} others.",
        table=pd.concat([_table(name, costs[name], each) for name, each in zip(costs, sizes, strict=True)]),
    )
    st.caption(BYTES)


def _table(name: str, values: tuple[CodeCost, ...], sizes: FloatArray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "method": name,
            "numbers": [each.numbers or None for each in values],
            "bits a number": [each.bits or None for each in values],
            "JPEG quality": [each.quality or None for each in values],
            "code, bytes an image": [each.code_bytes for each in values],
            "model, bytes in all": [each.model_bytes for each in values],
            "bytes an image": sizes,
            "held-out SSE": [each.sse for each in values],
        }
    )


def _curve(values: tuple[CodeCost, ...], shared: int) -> tuple[FloatArray, FloatArray, list[str]]:
    sizes = np.array([each.bytes_an_image(shared) if shared else each.code_bytes for each in values], np.float32)
    errors = np.array([each.sse for each in values], np.float32)
    notes = [f"JPEG, quality {each.quality}" if each.quality else count(each.numbers) for each in values]
    return sizes, errors, notes


def _bytes_reading(curves: dict[str, tuple[FloatArray, FloatArray, list[str]]], raw: float, n: int) -> str:
    own, straight, jpeg = curves.values()
    target = float(jpeg[1][0])
    parts = [
        f"A lossless PNG takes {raw:.0f} bytes an image; the smallest JPEG {jpeg[0][0]:.0f}, with an error of "
        f"{target:.1f}."
    ]
    for name, (sizes, errors, notes) in (("The autoencoder", own), ("PCA", straight)):
        enough = np.flatnonzero(errors <= target)
        if len(enough):
            least = enough[np.argmin(sizes[enough])]
            parts.append(f"{name} is as good with {notes[least]}: {sizes[least]:.1f} bytes.")
        else:
            parts.append(f"{name} does not get there: {errors.min():.1f} at best.")
    return " ".join(parts) + f" Measured on {n:,} held-out images."

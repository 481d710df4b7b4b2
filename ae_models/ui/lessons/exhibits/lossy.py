"""Lossy: error against code size, what is lost first, and the code as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.code_bytes import BITS
from ae_models.analysis.pca_gap import Gap, gaps
from ae_models.analysis.spatial_detail import bands_of
from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.code_size import Place, code_size
from ae_models.figures.curves import detail
from ae_models.kinds.glossary import tip
from ae_models.recipes.published import PUBLISHED
from ae_models.runs import RunRecord, RunStore
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared import comparing
from ae_models.ui.shared.bar import title_of
from ae_models.ui.shared.figure_words import count, gain
from ae_models.ui.shared.run_data import heldout_of

DATA = ("mnist", "fashion-mnist")
ASKED = 2  # numbers, in the question


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: the size of the code, and how coarsely its numbers are written."""
    sizes = tuple(record.latent_dim for _, record in kept.shipped_ladder(dataset))
    return (
        Control("size", "Numbers in the code", sizes, ASKED, tip=tip("code")),
        Control("bits", "Bits a number", BITS, 6, tip="How finely each number of the code is written."),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return errors, gaps and bytes."""
    ladder = kept.shipped_ladder(dataset)
    records = [record for _, record in ladder]
    curve = kept.straight_curve(records[0])
    known = {gap.numbers: gap for gap in gaps(records, curve)}
    size = int(chosen["size"])
    here, largest = known[size], max(known)
    needs = known[ASKED].pca_needs or len(curve)
    store, record = kept.rung(ladder, size)
    own, straight = kept.detail(store, record)
    return Facts(
        values={
            **_asked(known[ASKED], needs, curve),
            "size": size,
            "sizes": count(size),
            "ae": here.autoencoder,
            "pca": here.pca,
            "saved": gain(here.share),
            "nothing": float(curve[0]),
            "largest": largest,
            "ae_largest": known[largest].autoencoder,
            "saved_largest": gain(known[largest].share),
            "coarse": 100 * float(own[0]),
            "fine": 100 * max(float(own[-1]), 0.0),
            "pca_coarse": 100 * float(straight[0]),
            "pca_fine": 100 * max(float(straight[-1]), 0.0),
            **_in_bytes(store, record, int(chosen["bits"])),
        },
        right=needs,
        run=record.id,
        train={"data": dataset, "model": record.model.name, "code": str(size)},
        notes=f"Errors are of {record.test.n:,} held-out images (SSE). "
        f"Autoencoders and PCA were fitted on the same {record.dataset.fitted_on.n:,} others.",
    )


def _asked(gap: Gap, needs: int, curve: FloatArray) -> dict[str, str | float]:
    """Return what the question is about: how many numbers PCA needs for the same."""
    return {
        "asked": ASKED,
        "ae_asked": gap.autoencoder,
        "pca_asked": gap.pca,
        "pca_needs": needs,
        "pca_needs_before": float(curve[needs - 1]),
        "saved_asked": gain(gap.share),
    }


def _in_bytes(store: RunStore, record: RunRecord, bits: int) -> dict[str, float]:
    """Return what codes of so many bits a number cost and lose, beside a lossless PNG."""
    rounded, png = kept.rounded(store, record, bits), comparing.kept_png(heldout_of(record))
    pixels = int(np.prod(record.output_shape))
    return {
        "bits": bits,
        "pixels": pixels,
        "bytes": rounded.code_bytes,
        "ae_rounded": rounded.sse,
        "png": png,
        "published_64": _published(record.dataset.name) * pixels,
        "smaller": png / rounded.code_bytes,
        "model_kb": rounded.model_bytes / 1000,
    }


def _published(dataset: str) -> float:
    """Return the published MSE of an autoencoder with 64 numbers."""
    return next(one.value for one in PUBLISHED if one.how[:2] == ("error", dataset) and "ladder-64d" in str(one.how[2]))


def opening(stage: Stage) -> None:
    """Draw what is asked about: pictures, and what is left of them."""
    store, record = kept.rung(kept.shipped_ladder(stage.dataset), ASKED)
    images = heldout_of(record)
    shown = kept.in_order(images, kept.one_of_each(images))[:6]
    stage.strip([images.images(shown), kept.drawn(store, record, shown)])


def render(stage: Stage) -> None:
    """Draw the curve, what is lost first, the same pictures, and the bytes."""
    left, right = st.columns([7, 5])
    with left:
        _curve(stage)
    with right:
        _first(stage)
    _pictures(stage)
    with st.container(border=True, key="panel-lossy-bytes"):
        stage.say("bytes")


def _curve(stage: Stage) -> None:
    ladder, size = kept.shipped_ladder(stage.dataset), int(stage["size"])
    records = [record for _, record in ladder]
    curve = kept.straight_curve(records[0])
    (gap,) = gaps([record for record in records if record.latent_dim == size], curve)
    low, high = sorted((gap.autoencoder, gap.pca))
    places = [Place(record.id, title_of(record), record.latent_dim, record.test.sse) for record in records]
    figure = code_size(curve[1:], places, gap=(float(size), low, high, gain(gap.share)), dark=stage.dark, height=400)
    table = pd.DataFrame(
        {
            "numbers": [record.latent_dim for record in records],
            "autoencoder, SSE": [record.test.sse for record in records],
            "PCA, SSE": [float(curve[record.latent_dim]) for record in records],
        }
    )
    stage.figure("curve", figure, table)


def _first(stage: Stage) -> None:
    store, record = kept.rung(kept.shipped_ladder(stage.dataset), int(stage["size"]))
    own, straight = kept.detail(store, record)
    bands = bands_of(min(record.output_shape[1:]))
    table = pd.DataFrame(
        {
            "waves across the picture": [f"{low} to {high}" for low, high in bands],
            "autoencoder keeps, %": 100 * own,
            "PCA keeps, %": 100 * straight,
        }
    )
    stage.figure("first", detail(bands, {"Autoencoder": own, "PCA": straight}, dark=stage.dark), table)


def _pictures(stage: Stage) -> None:
    size = int(stage["size"])
    store, record = kept.rung(kept.shipped_ladder(stage.dataset), size)
    images = heldout_of(record)
    shown = kept.in_order(images, kept.one_of_each(images))
    originals = images.images(shown)
    own, straight = kept.drawn(store, record, shown), kept.straight_drawn(record, size, shown)
    errors = [squared_errors(originals, own), squared_errors(originals, straight)]
    lines = {"original": originals, "autoencoder": own, "PCA": straight}
    figure = stage.grid(lines, {"autoencoder": errors[0], "PCA": errors[1]}, side=84, decimals=1)
    table = pd.DataFrame({"image": images.ids[shown], "autoencoder, SSE": errors[0], "PCA, SSE": errors[1]})
    stage.figure("pictures", figure, table)

"""Encoder, bottleneck, decoder: an image through the network layer by layer, and the bottleneck squeezed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ae_models import datasets
from ae_models.analysis.families import Family
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.layer_pictures import LayerPicture, layer_pictures
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.tint import ink
from ae_models.kinds.glossary import tip
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared import comparing
from ae_models.ui.shared.figure_words import count
from ae_models.ui.shared.run_data import heldout_of

DATA = ("mnist", "fashion-mnist")
ASKED = (1, 3, 16, 64)  # sizes, the keys of the question's choices


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: how narrow the bottleneck is, and whose way is shown."""
    ladder = kept.shipped_ladder(dataset)
    images = heldout_of(ladder[0][1])
    pictures = tuple(range(len(images.class_names))) or (0,)
    noun = datasets.source(dataset).noun
    return (
        Control("size", "Numbers in the bottleneck", _sizes(ladder), 2, kind="slider", tip=tip("bottleneck")),
        Control(
            "picture",
            f"Picture of the {noun}",
            pictures,
            pictures[2 % len(pictures)],
            lambda place: images.class_names[place] if images.class_names else "first",
            kind="list" if max((len(name) for name in images.class_names), default=1) > 2 else "segments",
        ),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return what is kept at every size, and the code of the picture."""
    ladder, size = kept.shipped_ladder(dataset), int(chosen["size"])
    curve = kept.straight_curve(ladder[0][1])
    share = {record.latent_dim: 100 * (1 - record.test.sse / float(curve[0])) for _, record in ladder}
    right = next((asked for asked in ASKED if share.get(asked, 0) >= 50), ASKED[-1])
    store, record = kept.rung(ladder, size)
    row = _row(ladder, chosen)
    images = heldout_of(record)
    layers = kept.layers(store, record).answer(images.images(row))
    code = next(layer.values for layer in layers if layer.half == "code")[0]
    error = float(squared_errors(images.images(row), layers[-1].values)[0])
    widths = [int(np.prod(layer.values.shape[1:])) for layer in layers]
    pixels = int(np.prod(record.input_shape))
    return Facts(
        values={
            "pixels": pixels,
            "right": count(right),
            "share_right": share[right],
            **{f"share_{numbers}": value for numbers, value in share.items()},
            "between": _between(ladder, dataset, float(curve[0])),
            "size": size,
            "sizes": count(size),
            "share": share[size],
            "squeeze": pixels / size,
            "widths": " → ".join(f"{width:,}" for width in (pixels, *widths)),
            "bends": len(layers) - 2,
            "parameters": record.n_parameters,
            "code": ", ".join(f"{value:.2f}" for value in code),
            "name": images.class_names[images.labels[row[0]]] if images.labels is not None else "picture",
            "error": error,
            "sse": record.test.sse,
        },
        right=str(right),
        run=record.id,
        train={"data": dataset, "model": record.model.name, "code": str(size)},
        notes=f"The network was trained on {record.dataset.fitted_on.n:,} images; the picture is not among "
        f"them. What is kept (R²) is measured on {record.test.n:,} held-out images.",
    )


def _between(ladder: Family, dataset: str, nothing: float) -> str:
    """Return what 2 numbers keep, in this ladder and at best: where the half lies is the network's doing too."""
    two = {record.id: record for _, record in comparing.comparable(dataset) if record.latent_dim == 2}
    shipped = [record for record in two.values() if record.origin == "shipped"]
    own = kept.rung(ladder, 2)[1]
    best = min(shipped, key=lambda record: record.test.sse)
    shares = [100 * (1 - record.test.sse / nothing) for record in (own, best)]
    return f"With 2 numbers this one keeps {shares[0]:.1f} %, the best network that ships {shares[1]:.1f} %."


def opening(stage: Stage) -> None:
    """Draw a picture as the network sees it."""
    ladder = kept.shipped_ladder(stage.dataset)
    images = heldout_of(ladder[0][1])
    shown = kept.in_order(images, kept.one_of_each(images))
    stage.strip([images.images(shown[:5]), images.images(shown[5:])])


def render(stage: Stage) -> None:
    """Draw the way of one picture, and the same picture at every size."""
    ladder = kept.shipped_ladder(stage.dataset)
    store, record = kept.rung(ladder, int(stage["size"]))
    row = _row(ladder, stage.chosen)
    originals = heldout_of(record).images(row)
    layers = kept.layers(store, record).answer(originals)
    pictures = [LayerPicture("image", "image", originals[0])]
    table = [("image", record.input_shape, float(originals.min()), float(originals.max()))]
    for place, layer in enumerate(layers):
        values = layer.values[0]
        last = place == len(layers) - 1
        role = "image" if last else "code" if layer.half == "code" else "hidden"
        name = "drawn" if last else f"code: {len(values)}" if role == "code" else f"{values.size:,}"
        pictures.append(LayerPicture(role, name, values))
        table.append((name, values.shape, float(values.min()), float(values.max())))
    columns = ["layer", "shape", "smallest number", "largest number"]
    frame = pd.DataFrame(table, columns=columns).astype({"shape": str})
    stage.figure("way", layer_pictures(pictures, dark=stage.dark, height=280), frame)
    _squeeze(stage, ladder, row)


def _squeeze(stage: Stage, ladder: Family, row: np.ndarray) -> None:
    runs = ladder[::-1]
    originals = heldout_of(runs[0][1]).images(row)
    drawn = [kept.drawn(store, record, row) for store, record in runs]
    errors = [float(squared_errors(originals, each)[0]) for each in drawn]
    tiles = np.stack([originals[0], *(each[0] for each in drawn)])[None]
    figure = picture_grid(
        ink(tiles, stage.dark),
        rows=[""],
        columns=["original", *(str(record.latent_dim) for _, record in runs)],
        notes=[["", *(f"{error:.1f}" for error in errors)]],
        dark=stage.dark,
        side=118,
    )
    curve = kept.straight_curve(runs[0][1])
    table = pd.DataFrame(
        {
            "numbers": [record.latent_dim for _, record in runs],
            "error of this picture, SSE": errors,
            "held-out SSE": [record.test.sse for _, record in runs],
            "kept (R²), %": [100 * (1 - record.test.sse / float(curve[0])) for _, record in runs],
        }
    )
    stage.figure("squeeze", figure, table)


def _sizes(ladder: Family) -> tuple[int, ...]:
    return tuple(record.latent_dim for _, record in ladder)[::-1]


def _row(ladder: Family, chosen: Mapping[str, Any]) -> np.ndarray:
    images = heldout_of(ladder[0][1])
    if images.labels is None:
        return np.array([0])
    return np.flatnonzero(images.labels == int(chosen["picture"]))[:1]

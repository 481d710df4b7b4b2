"""Same pictures: the same held-out images through an autoencoder and through PCA of the same size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.analysis.families import Run
from ae_models.analysis.nested_pca import StraightMap
from ae_models.analysis.per_image_wins import ORDERS, Duel, by_class
from ae_models.base import ByteArray, FloatArray, ImageDataset
from ae_models.figures.bars import class_bars
from ae_models.figures.picture_grid import picture_grid, without
from ae_models.figures.tint import ink, signed
from ae_models.kinds import Kind, kind_of
from ae_models.kinds.glossary import tip
from ae_models.runs import RunRecord
from ae_models.ui.shared import chart
from ae_models.ui.shared import comparing as kept
from ae_models.ui.shared.bar import title_of
from ae_models.ui.shared.figure_words import gain
from ae_models.ui.shared.run_data import codes, graphs_of, heldout_of

SHOWN, BESIDE = 6, 2  # images, and how many of them in a row
EVERY = "every class"
ERROR_MAP = (
    "Original minus drawing, {part} by {part}. Blue: ink of the original that is missing; orange: ink where there "
    "should be none. The error is the sum of the squared differences (SSE); 0 is perfect."
)

ERROR_BARS = (
    "Drawing minus original, {part} by {part}. Orange: the drawing is higher; blue: lower. The error is the sum of the "
    "squared differences (SSE) of the scaled {parts}; 0 is perfect."
)


def render(dataset: str) -> None:
    """Draw the view."""
    choices = {run[1].id: run for run in sorted(kept.comparable(dataset), key=_first)}
    if not choices:
        chart.nothing(f"There is no autoencoder of {datasets.source(dataset).title} yet.", [_train(dataset)])
        return
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    chosen = row.selectbox(
        "Autoencoder",
        list(choices),
        format_func=lambda run_id: title_of(choices[run_id][1]) if run_id in choices else run_id,
        key="pictures-model",
        bind="query-params",
        width=340,
    )
    if chosen not in choices:
        st.stop()
    store, record = choices[chosen]
    images = heldout_of(record)
    kind, noun = kind_of(images.shape), datasets.source(dataset).noun
    order, of_class = _choose(row, images, kind, noun)
    straight = kept.straight_errors(record)
    if straight is None or straight.shape[1] <= record.latent_dim:
        st.info(
            f"There is no PCA with {record.latent_dim} numbers of the {kind.samples} this model was fitted on: "
            "nothing to put beside it.",
            icon=":material/info:",
        )
        return
    duel = Duel(kept.errors(store, record), straight[:, record.latent_dim])
    _grid((store, record), images, duel, duel.order(order, of_class)[:SHOWN], order)
    _classes(images, duel, noun)


def _choose(
    row: st.delta_generator.DeltaGenerator, images: ImageDataset, kind: Kind, noun: str
) -> tuple[str, npt.NDArray[np.intp] | None]:
    """Draw what is shown first and of which class; return both, as a name and as rows (None: all of them)."""
    order = row.selectbox(
        kind.say("Show {pictures}"),
        list(ORDERS),
        format_func=lambda name: ORDERS.get(name, name),
        key="pictures-order",
        bind="query-params",
        width=330,
    )
    names = [EVERY, *(images.class_names if images.labels is not None else ())]
    one = row.selectbox(noun.capitalize(), names, key="pictures-class", bind="query-params", width=180)
    if order not in ORDERS or one not in names:
        st.stop()
    if one == EVERY or images.labels is None:
        return order, None
    return order, np.flatnonzero(images.labels == names.index(one) - 1)


def _first(run: Run) -> tuple[bool, bool, float]:
    record = run[1]
    return record.origin != "shipped", record.latent_dim != 2, record.test.sse


def _train(dataset: str) -> str:
    return f"python -m ae_models train --model dense --dataset {dataset} --latent-dim 2"


def _grid(run: Run, images: ImageDataset, duel: Duel, shown: npt.NDArray[np.intp], order: str) -> None:
    record = run[1]
    straight = kept.straight_of(record)
    if straight is None:
        return
    kind, own, other = kind_of(images.shape), duel.autoencoder[shown], duel.pca[shown]
    names = [f"#{images.ids[row]} · {_class(images, row)}" for row in shown]
    notes = [
        [name, _note(mine, theirs), "", _note(theirs, mine), ""]
        for name, mine, theirs in zip(names, own, other, strict=True)
    ]
    table = pd.DataFrame(
        {
            kind.sample: images.ids[shown],
            "class": [_class(images, row) for row in shown],
            "autoencoder, SSE": own,
            "PCA, SSE": other,
            "autoencoder better by": other - own,
        }
    )
    colours, empty = _beside(_tiles(run, straight.cut(record.latent_dim), images.images(shown), shown), BESIDE)
    chart.render(
        picture_grid(
            without(colours, empty),
            rows=[""] * len(colours),
            columns=["original", "autoencoder", "its error", "PCA", "its error"] * BESIDE,
            notes=_folded(notes, BESIDE),
            tips=_folded([[name] * 5 for name in names], BESIDE),
            group=5,
            dark=chart.is_dark(),
            side=118,
        ),
        key="pictures-grid",
        name=f"latent-lab-pictures-{record.id}-{order}",
        title=f"{title_of(record)}, beside PCA with as many",
        tip=kind.say(ERROR_MAP) if kind.is_pictorial else f"{kind.say(ERROR_BARS)} {datasets.scaling(images.name)}",
        says=_verdict(duel, shown, kind) + _fitted(record, kind),
        table=table,
    )


def _tiles(run: Run, straight: StraightMap, originals: FloatArray, shown: npt.NDArray[np.intp]) -> ByteArray:
    """Return each image, what both make of it and their errors, as tiles ``(n, 5, h, w, 3)``."""
    store, record = run
    dark = chart.is_dark()
    drawn = graphs_of(store, record).decode(codes(store, record, "heldout").values[shown])
    straight_drawn = straight.decode(straight.encode(originals))
    maps = np.stack([drawn - originals, straight_drawn - originals]).mean(axis=2)  # colours: their mean
    errors = [signed(each, dark, float(np.abs(maps).max())) for each in maps]
    tiles = [ink(originals, dark), ink(drawn, dark), errors[0], ink(straight_drawn, dark), errors[1]]
    return np.stack(tiles, axis=1)


def _beside(tiles: ByteArray, n: int) -> tuple[ByteArray, npt.NDArray[np.bool_]]:
    """Return rows of tiles ``(m, k, ...)`` laid ``n`` to a row, ``(m / n, n * k, ...)``, and which places are empty."""
    m, k = tiles.shape[:2]
    n_rows = -(-m // n)
    filled = np.zeros((n_rows * n, *tiles.shape[1:]), np.uint8)
    filled[:m] = tiles
    empty = np.repeat(np.arange(n_rows * n) >= m, k)
    return filled.reshape(n_rows, n * k, *tiles.shape[2:]), empty.reshape(n_rows, n * k)


def _folded(lines: list[list[str]], n: int) -> list[list[str]]:
    """Return lines of words laid ``n`` to a line, the last one filled up with nothing."""
    short = -len(lines) % n
    whole = [*lines, *([[""] * len(lines[0])] * short)]
    return [[word for line in whole[start : start + n] for word in line] for start in range(0, len(whole), n)]


def _note(error: float, other: float) -> str:
    return f"{error:.1f} ✓" if error < other else f"{error:.1f}"


def _class(images: ImageDataset, row: int) -> str:
    return "" if images.labels is None else images.class_names[images.labels[row]]


def _fitted(record: RunRecord, kind: Kind) -> str:
    n = f"{record.dataset.fitted_on.n:,}"
    if record.origin == "imported":
        return f" PCA was fitted on {n} other {kind.samples}; what the model was trained on is not known."
    return f" Both were fitted on the same {n} other {kind.samples}."


def _verdict(duel: Duel, shown: npt.NDArray[np.intp], kind: Kind) -> str:
    n = len(duel.pca)
    won = int(np.sum(duel.margin[shown] > 0))
    own, other = float(duel.autoencoder.mean(dtype=np.float64)), float(duel.pca.mean(dtype=np.float64))
    share = f", {gain(1 - own / other)}" if other > 0 else ""
    return (
        f"Of all {n:,} held-out {kind.samples} the autoencoder draws {100 * duel.wins():.1f} % with the smaller error "
        f"(on average {own:.1f} against {other:.1f}{share}). Of the {len(shown)} "
        f"below it wins {won}."
    )


def _classes(images: ImageDataset, duel: Duel, noun: str) -> None:
    kind = kind_of(images.shape)
    found = by_class(duel, images.labels, images.class_names)
    if not found:
        words = kind.say("These {samples} have no classes: there is no error by class.")
        st.info(words, icon=":material/info:")
        return
    gains = {each.name: 1 - each.autoencoder / each.pca if each.pca > 0 else 0.0 for each in found}
    most, least = max(gains, key=gains.__getitem__), min(gains, key=gains.__getitem__)
    hardest = max(found, key=lambda each: each.autoencoder)
    says = (
        f"The autoencoder gains most on “{most}” ({gain(gains[most])} error than PCA) and least on “{least}” "
        f"({gain(gains[least])}). Hardest for it is “{hardest.name}”, with {hardest.autoencoder:.1f}."
    )
    chart.render(
        class_bars(
            [each.name for each in found],
            {
                "Autoencoder": np.array([each.autoencoder for each in found]),
                "PCA": np.array([each.pca for each in found]),
            },
            noun=noun,
            dark=chart.is_dark(),
        ),
        key="pictures-classes",
        title="Error by class",
        tip=f"{tip('SSE', kind=kind)} Here of the held-out {kind.samples} of each class.",
        says=says,
        table=pd.DataFrame(
            {
                noun: [each.name for each in found],
                kind.samples: [each.n for each in found],
                "autoencoder, SSE": [each.autoencoder for each in found],
                "PCA, SSE": [each.pca for each in found],
                "autoencoder lower by, %": [100 * gains[each.name] for each in found],
            }
        ),
    )

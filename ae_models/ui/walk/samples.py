"""New pictures: from the prior of a variational model, else from a density fitted to the codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.canvas.walk_types import Block
from ae_models.runs import RunRecord
from ae_models.ui import state
from ae_models.ui.cache import cached
from ae_models.ui.shared import run_data
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show

_N, _COLUMNS = 60, 10


def render(walk: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("new")
    scene = walk.scene
    prior = scene.autoencoder.graphs.has_noise
    only = None if prior else _class(walk, bar)
    state.put("seed", state.get("seed") if isinstance(state.get("seed"), int) else 0)
    bar.number_input("Seed", min_value=0, max_value=1_000_000, step=1, key="seed", width=120, bind="query-params")
    bar.button("Draw others", on_click=lambda: state.put("seed", int(str(state.get("seed"))) + 1))
    seed = int(str(state.get("seed")))
    known, is_training = known_images(scene.autoencoder.record, scene.images)
    blocks, distances = [], []
    for key, title, space in walk.decoders:
        from_prior = prior and key == "autoencoder"
        codes, _ = recipes.new_codes(
            space.codes.values, scene.images.labels, from_prior=from_prior, n=_N, seed=seed, only=only
        )
        source = "the prior" if from_prior else "a density fitted to the codes, a Gaussian a class"
        block = walk.coded(key, codes)
        blocks.append(replace(block, title=f"{title} invents", note=f"drawn from {source}", columns=_COLUMNS))
        drawn = np.clip(space.graphs.decode(codes), 0, 1)
        if drawn.shape[1:] == known.shape:
            rows, far = recipes.nearest_pictures(drawn, known)
            blocks.append(_nearest(walk, key, known, rows, far, is_training))
            distances.append(f"{title}’s {walk.kind.pictures} {np.median(far):.1f}")
    if distances:
        usual = usual_distance(known, scene.images)
        kind = walk.kind
        st.markdown(
            f"Memory or invention? Median distance to the nearest {'training' if is_training else 'held-out'} "
            f"{kind.sample}, in {kind.parts}: {', '.join(distances)}; real {kind.samples} {usual:.1f} from one "
            "another. :gray[Far below that would be memory. Blur is near to everything: look, too.]"
        )
    show(walk, "new", blocks, stage=[block.key for block in blocks])


def _class(walk: WalkSpaces, bar: Any) -> int | None:
    """Draw the choice of a class where there are any; None for all of them."""
    images = walk.scene.images
    if images.labels is None:
        return None
    names = ["all classes", *images.class_names]
    label = f"New {walk.kind.pictures} of"
    picked = str(bar.selectbox(label, names, key="walk-only", width=190, persist_state="session"))
    return images.class_names.index(picked) if picked in images.class_names else None


def _nearest(
    walk: WalkSpaces, key: str, known: ImageDataset, rows: np.ndarray, far: FloatArray, is_training: bool
) -> Block:
    names = known.class_names
    labels = known.labels
    captions = tuple(
        f"#{known.ids[row]}{'' if labels is None else ', ' + names[labels[row]]} · {distance:.2f} away"
        for row, distance in zip(rows, far, strict=True)
    )
    note = (
        "in {parts}, each at its {picture}’s place"
        if is_training
        else "the training {samples} are not on this computer"
    )
    return replace(
        walk.pictured(f"{key}-near", known.images(rows)),
        title=f"Nearest {'training' if is_training else 'held-out'} {walk.kind.samples}",
        note=walk.kind.say(note),
        columns=_COLUMNS,
        captions=captions,
    )


@cached(spinner="Reading the training images …")
def _training(dataset: str, variant: str, digest: str) -> ImageDataset | None:
    try:
        images = run_data.rows(dataset, variant, "train")
    except UserError:
        return None
    return images if images.digest == digest else None


def known_images(record: RunRecord, heldout: ImageDataset) -> tuple[ImageDataset, bool]:
    """Return the images that a run was trained on, and True; its held-out ones, and False, where those are not here."""
    data = record.dataset
    found = _training(data.name, data.variant, data.fitted_on.digest)
    return (heldout, False) if found is None else (found, True)


@cached()
def usual_distance(known: ImageDataset, images: ImageDataset) -> float:
    """Return the median distance from 60 held-out images to the nearest other one that is known, in pixels."""
    rows = np.unique(np.linspace(0, len(images) - 1, min(len(images), 60)).astype(np.intp))
    _, far = recipes.nearest_pictures(images.images(rows), known, not_equal=True)
    return float(np.median(far))

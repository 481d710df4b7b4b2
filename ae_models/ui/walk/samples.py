"""New pictures: from the prior of a variational model, else from a density fitted to the codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from ae_models import recipes
from ae_models.base import FloatArray, ImageDataset
from ae_models.ui import state
from ae_models.ui.shared import walking
from ae_models.ui.shared.walk_spaces import WalkSpaces, row, show

_N, _COLUMNS = 60, 10


def render(ground: WalkSpaces) -> None:
    """Draw the view."""
    bar = row("new")
    scene = ground.scene
    prior = scene.autoencoder.graphs.has_noise
    only = None
    if not prior and scene.images.labels is not None:
        names = ["all classes", *scene.images.class_names]
        picked = str(
            bar.selectbox(f"New {ground.kind.pictures} of", names, key="walk-only", width=190, persist_state="session")
        )
        only = scene.images.class_names.index(picked) if picked in scene.images.class_names else None
    state.put("seed", state.get("seed") if isinstance(state.get("seed"), int) else 0)
    bar.number_input("Seed", min_value=0, max_value=1_000_000, step=1, key="seed", width=120, bind="query-params")
    bar.button("Draw others", on_click=lambda: state.put("seed", int(str(state.get("seed"))) + 1))
    seed = int(str(state.get("seed")))
    known, training = walking.known_images(scene.autoencoder.record, scene.images)
    blocks, told = [], []
    for key, title, space in ground.spaces:
        from_prior = prior and key == "autoencoder"
        codes, _ = recipes.new_codes(
            space.codes.values, scene.images.labels, from_prior=from_prior, n=_N, seed=seed, only=only
        )
        source = (
            "drawn from the prior" if from_prior else "drawn from a density fitted to the codes, a Gaussian a class"
        )
        blocks.append(ground.coded(key, codes, title=f"{title} invents", note=source, columns=_COLUMNS))
        drawn = np.clip(space.graphs.decode(codes), 0, 1)
        if drawn.shape[1:] == known.shape:
            rows, far = recipes.nearest_pictures(drawn, known)
            blocks.append(_nearest(ground, key, known, rows, far, training))
            told.append(f"{title}’s {ground.kind.pictures} {np.median(far):.1f}")
    if told:
        usual = walking.usual_distance(known, scene.images)
        kind = ground.kind
        st.markdown(
            f"Memory or invention? Median distance to the nearest {'training' if training else 'held-out'} "
            f"{kind.sample}, in {kind.parts}: {', '.join(told)}; real {kind.samples} {usual:.1f} from one another. "
            ":gray[Far below that would be memory. Blur is near to everything: look, too.]"
        )
    show(ground, "new", blocks, stage=[block.key for block in blocks])


def _nearest(
    ground: WalkSpaces, key: str, known: ImageDataset, rows: np.ndarray, far: FloatArray, training: bool
) -> Any:
    names = known.class_names
    labels = known.labels
    captions = tuple(
        f"#{known.ids[row]}{'' if labels is None else ', ' + names[labels[row]]} · {distance:.2f} away"
        for row, distance in zip(rows, far, strict=True)
    )
    return ground.pictured(
        f"{key}-near",
        known.images(rows),
        title=f"Nearest {'training' if training else 'held-out'} {ground.kind.samples}",
        note=ground.kind.say(
            "in {parts}, each at its {picture}’s place"
            if training
            else "the training {samples} are not on this computer"
        ),
        columns=_COLUMNS,
        captions=captions,
    )

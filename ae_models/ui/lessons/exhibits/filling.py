"""Filling in, enlarging, colouring: one mechanism, three uses, and what is drawn where the image does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.inpainting_answers import NETWORK, TwoTints
from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.bars import between_colours, class_bars
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.tint import ink
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.caches import filling
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared.figure_words import listed

DATA = ("mnist",)
_USES = {"fill": "Filling in", "enlarge": "Enlarging", "colour": "Colouring"}
_CORRUPTIONS = {"fill": "occlusion", "enlarge": "downsample", "colour": "grey-scale"}
SHOWN, SORTED = 6, 12


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: the use."""
    return (Control("use", "Use", tuple(_USES), "colour", _USES.__getitem__),)


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return the errors of a use, and what becomes of the class of two tints."""
    name = str(chosen["use"])
    use, two = filling.use(name), filling.nines().two
    record = kept.shipped_run(filling.RUNS[name])[1]
    errors = {who: float(values.mean(dtype=np.float64)) for who, values in use.guesses.errors.items()}
    classes = _by_class(use)
    plain = next(who for who in errors if who != NETWORK)
    names = use.images.class_names
    return Facts(
        values={
            **_two_tints(two),
            "use": _USES[name],
            "network": errors[NETWORK],
            "others": listed([f"{who} {error:.1f}" for who, error in errors.items() if who != NETWORK]),
            "n": len(use.images),
            "wins": int((classes[NETWORK] < classes[plain]).sum()),
            "classes": len(names),
            "clean": 100 * float(use.clean.mean()),
            "clean_pm": kept.plus_minus(use.clean),
            "lost": 100 * float(use.lost.mean()),
            "lost_pm": kept.plus_minus(use.lost),
            **_by_ink(use, classes[NETWORK]),
        },
        right=round(100 * float(two.hits.mean())),
        run=record.id if name != "colour" else "",
        train={
            "data": record.dataset.name,
            "model": record.model.name,
            "code": str(record.latent_dim),
            "corruption": _CORRUPTIONS[name],
        },
        notes=f"Errors (SSE) are of {len(use.images):,} random held-out images, ± is a 95 % interval "
        f"over them; of nines all {len(two.drawn):,}. "
        f"All three networks have {record.latent_dim} numbers in their code and were trained on "
        f"{record.dataset.fitted_on.n:,} other images.",
    )


def _two_tints(two: TwoTints) -> dict[str, float | str]:
    """Return what becomes of the class of two tints."""
    committed = two.hits[np.abs(two.places - 0.5) > 0.25]
    return {
        "hits": 100 * float(two.hits.mean()),
        "hits_pm": kept.plus_minus(two.hits),
        "between": 100 * float(two.nearest[2]),
        "away": float(two.away.mean()),
        "nine_away": float(np.linalg.norm(two.drawn - two.tints[two.second.astype(int)], axis=1).mean()),
        "apart": float(np.linalg.norm(two.tints[0] - two.tints[1])),
        "drawn_rgb": _rgb(two.drawn.mean(axis=0)),
        "between_rgb": _rgb(two.between),
        "committed_wrong": 100 * float(1 - committed.mean()) if len(committed) else 0.0,
        "committed_pm": kept.plus_minus(committed) if len(committed) else 0.0,
        **_nine_errors(two.between),
    }


def _by_ink(use: filling.Use, by_class: FloatArray) -> dict[str, float | str]:
    """Return the classes of most and least error, whether a second one ties, and how error goes with ink."""
    labels, names = use.images.labels, use.images.class_names
    assert labels is not None  # MNIST has labels
    errors, ink = use.guesses.errors[NETWORK], use.guesses.wanted.sum(axis=(1, 2, 3))
    half = [
        1.96 * float(errors[labels == place].std()) / np.sqrt((labels == place).sum()) for place in range(len(names))
    ]
    order = np.argsort(-by_class, kind="stable")
    first, second = int(order[0]), int(order[1])
    tie = by_class[first] - by_class[second] < np.hypot(half[first], half[second])
    words = [f"{names[place]} ({by_class[place]:.1f} ± {half[place]:.1f})" for place in (first, second)]
    mean_ink = [float(ink[labels == place].mean()) for place in range(len(names))]
    return {
        "worst": names[first],
        "hardest": f"{words[0]} and {words[1]} are hardest, a tie" if tie else f"{words[0]} is hardest",
        "easiest": names[int(order[-1])],
        "ink_r": float(np.corrcoef(mean_ink, by_class)[0, 1]),
    }


def _nine_errors(between: FloatArray) -> dict[str, float]:
    """Return the errors of the nines as the network colours them, and all in the mixture of both tints."""
    use = filling.use("colour")
    nines = use.images.labels == len(use.images.class_names) - 1
    mixed = np.asarray(use.guesses.seen[nines] * between[:, None, None], np.float32)
    return {
        "nine_network": float(use.guesses.errors[NETWORK][nines].mean(dtype=np.float64)),
        "nine_mixture": float(squared_errors(use.guesses.wanted[nines], mixed).mean(dtype=np.float64)),
    }


def _rgb(colour: FloatArray) -> str:
    return ", ".join(f"{255 * value:.0f}" for value in colour)


def _by_class(use: filling.Use) -> dict[str, FloatArray]:
    labels = use.images.labels
    assert labels is not None  # MNIST has labels
    places = range(len(use.images.class_names))
    return {
        who: np.array([values[labels == place].mean() for place in places], np.float32)
        for who, values in use.guesses.errors.items()
    }


def opening(stage: Stage) -> None:
    """Draw nines in grey and in their colours."""
    use = filling.use("colour")
    nines = _nines(use)
    stage.strip([np.repeat(use.guesses.seen[nines], 3, axis=1), use.guesses.wanted[nines]])


def _nines(use: filling.Use) -> Any:
    assert use.images.labels is not None  # MNIST has labels
    return np.flatnonzero(use.images.labels == len(use.images.class_names) - 1)[:SHOWN]


def render(stage: Stage) -> None:
    """Draw the pictures of the use, its errors, and the class of two tints."""
    name = str(stage["use"])
    use = filling.use(name)
    _sorted(stage)
    _pictures(stage, name, use)
    left, right = st.columns([7, 5])
    with left:
        errors = _by_class(use)
        table = pd.DataFrame({"class": use.images.class_names, **errors})
        stage.figure(
            "errors", class_bars(use.images.class_names, errors, noun="digit", dark=stage.dark, height=310), table
        )
        with st.container(border=True, key="panel-filling-wrong"):
            stage.say("wrong")
    with right:
        two = filling.nines().two
        table = pd.DataFrame({"nearest to": ["one tint", "the other", "half and half"], "nines, %": 100 * two.nearest})
        stage.figure("brown", between_colours(two.places, two.tints[0], two.tints[1], dark=stage.dark), table)


def _sorted(stage: Stage) -> None:
    """Draw nines by the colour that they were given, and beside them the two tints, their mixture and the mean."""
    nines = filling.nines()
    two, rows = nines.two, nines.in_order(SORTED)
    size = nines.wanted.shape[2:]
    patches = [two.tints[0], two.tints[1], two.between, two.drawn.mean(axis=0)]
    flat = np.stack([np.broadcast_to(colour[:, None, None], (3, *size)) for colour in patches])
    lines = np.stack(
        [np.concatenate([nines.wanted[rows], flat[:2]]), np.concatenate([nines.drawn[rows], flat[2:]])]
    ).astype(np.float32)
    right = ["right" if hit else "wrong" for hit in two.hits[rows]]
    figure = picture_grid(
        ink(lines, stage.dark),
        rows=["it was", "it is coloured"],
        columns=["one tint", *[""] * (SORTED // 2 - 1), "in between", *[""] * (SORTED // 2 - 2), "the other", "", ""],
        notes=[[*[""] * SORTED, "one", "other"], [*right, "mixture", "mean"]],
        group=SORTED,
        dark=stage.dark,
        side=74,
    )
    table = pd.DataFrame(
        {"nine": np.arange(1, SORTED + 1), "place (0 one tint, 1 the other)": two.places[rows], "nearer to": right}
    )
    stage.figure("sorted", figure, table, in_colour=True)


def _pictures(stage: Stage, name: str, use: filling.Use) -> None:
    found = use.guesses
    each = kept.in_order(use.images, kept.one_of_each(use.images))[:SHOWN]
    worst = _nines(use) if name == "colour" else np.argsort(-found.errors[NETWORK])[:SHOWN]
    shown = np.concatenate([each, worst])
    seen, wanted = found.seen[shown], found.wanted[shown]
    if seen.shape[2:] != wanted.shape[2:]:  # each small pixel as a block of its size
        factor = wanted.shape[2] // seen.shape[2]
        seen = seen.repeat(factor, axis=2).repeat(factor, axis=3)
    if seen.shape[1] != wanted.shape[1]:
        seen = seen.repeat(wanted.shape[1], axis=1)
    lines = {"it was": wanted, "it sees": seen, **{who: pictures[shown] for who, pictures in found.drawn.items()}}
    errors = {who: values[shown] for who, values in found.errors.items()}
    heads = [""] * len(shown)
    heads[SHOWN // 2] = "one of each"
    heads[SHOWN + SHOWN // 2] = "nines" if name == "colour" else f"worst of {len(use.images):,}"
    rows = {_short(who): line for who, line in lines.items()}
    by_row = {_short(who): line for who, line in errors.items()}
    figure = stage.grid(rows, by_row, side=62, columns=heads, group=SHOWN)
    table = pd.DataFrame({"image": use.images.ids[shown], **{f"{who}, SSE": line for who, line in errors.items()}})
    stage.figure(name, figure, table, in_colour=name == "colour")


def _short(who: str) -> str:
    words = who.replace("the ", "").split()
    middle = (len(words) + 1) // 2
    return who if len(words) < 3 else " ".join(words[:middle]) + "\n" + " ".join(words[middle:])

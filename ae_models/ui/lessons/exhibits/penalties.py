"""Penalties and the variational code: what each does to codes, map and drawings, and the beta that is too large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.penalty_effects import STRENGTHS
from ae_models.figures.clouds import clouds
from ae_models.figures.curves import Axes, curves
from ae_models.figures.maps import structure_maps
from ae_models.kinds.glossary import tip
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.caches import penalties as found_by
from ae_models.ui.lessons.stage import Control, Facts, Stage

DATA = ("mnist",)
DRAWN = 500  # dots of each of four maps, and of the clouds
LARGE = 100
PRIOR_95 = float(np.sqrt(-2 * np.log(0.05)))  # radius that holds 95 % of a standard Gaussian in two dimensions
_TITLES = {"none": "none", "l1": "L1", "k-sparse": "k-sparse", "contractive": "contractive"}


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: beta, how strong the penalties are, and which one to train."""
    return (
        Control("beta", "Beta", tuple(found_by.BETAS), 1, _beta, tip=tip("variational")),
        Control("step", "Strength of the penalties", (1, 2, 3, 4), 2, tip="1 is weak, 4 strong."),
        Control("penalty", "To train yourself", tuple(STRENGTHS), "l1", _TITLES.__getitem__),
    )


def _beta(beta: int) -> str:
    return "0: no cloud" if beta == 0 else str(beta)


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return what penalties cost and what they do to codes."""
    beta, step, penalty = int(chosen["beta"]), int(chosen["step"]), str(chosen["penalty"])
    here, one, large = found_by.cloud(beta), found_by.cloud(1), found_by.cloud(LARGE)
    under = {name: found_by.under(name, step) for name in found_by.PENALTIES}
    record = kept.shipped_run(found_by.BETAS[beta])[1]
    sparse, relu = (kept.shipped_run(run_id)[1] for run_id in ("mnist-sparse-800d", "mnist-relu-800d"))
    wide = here.codes.std(axis=0)

    return Facts(
        values={
            "large": LARGE,
            "sse_1": one.sse,
            "sse_100": large.sse,
            "kept_1": 100 * one.kept,
            "kept_100": max(100 * large.kept, 0.0),
            "kl_1": one.kl,
            "kl_100": "less than 0.001" if large.kl < 0.001 else f"{large.kl:.3f}",
            "sse": here.sse,
            "model": "An autoencoder without clouds" if beta == 0 else f"Variational, beta {beta}",
            "wide_1": float(wide[0]),
            "wide_2": float(wide[1]),
            "clouds": _about(here),
            "random": _random(here),
            **_penalised(under, step),
            "sparse_sse": sparse.test.sse,
            "relu_sse": relu.test.sse,
            "train": f"“Train it yourself” below opens the form with {_TITLES[penalty]}.",
        },
        right="mean" if large.kept < 0.05 else "blurred" if large.kept < one.kept else "sharp",
        run=record.id,
        train={"data": dataset, "model": "dense", "code": str(found_by.NUMBERS), "penalty": penalty},
        notes=f"Codes and clouds are of {found_by.N_SCORED:,} random held-out digits, errors (SSE) of networks of all "
        f"{record.test.n:,}; {DRAWN} dots are drawn on each map. {_trainings()} Models and PCA were fitted on the same "
        f"{record.dataset.fitted_on.n:,} others. Contractive: for a linear encoder.",
    )


def _penalised(under: Mapping[str, found_by.Penalised], step: int) -> dict[str, float]:
    """Return what three penalties of a strength cost, and what they do to codes."""
    l1, k_sparse, contractive = (under[name] for name in ("l1", "k-sparse", "contractive"))
    l1_axis, k_axis = (
        np.asarray((each.codes[:, :2] == 0).any(axis=1), np.float32) for each in (l1, k_sparse)
    )  # on an axis of the map
    return {
        "numbers": found_by.NUMBERS,
        "step": step,
        "strength_l1": STRENGTHS["l1"][step - 1],
        "strength_k": int(STRENGTHS["k-sparse"][step - 1]),
        "strength_c": STRENGTHS["contractive"][step - 1],
        "none_sse": under["none"].sse,
        "l1_sse": l1.sse,
        "k_sse": k_sparse.sse,
        "c_sse": contractive.sse,
        "l1_work": l1.at_work,
        "c_work": contractive.at_work,
        "l1_axis": 100 * float(l1_axis.mean()),
        "l1_axis_pm": kept.plus_minus(l1_axis),
        "k_axis": 100 * float(k_axis.mean()),
        "k_axis_pm": kept.plus_minus(k_axis),
    }


def _trainings() -> str:
    """Say how the models of each beta were trained, where that differs too."""
    parts = []
    for beta, run_id in found_by.BETAS.items():
        record = kept.shipped_run(run_id)[1]
        kind = "no cloud" if beta == 0 else f"beta {beta}"
        parts.append(f"{kind}: {record.training['epochs']} epochs, loss {str(record.training['loss']).upper()}")
    return "; ".join(parts) + "."


def _about(here: found_by.Cloud) -> str:
    if here.spreads is None:
        return "Each image is a point; nothing says where points may lie, and 0 means nothing."
    mean = float(here.spreads.mean())
    if mean > 0.9 and float(here.codes.std()) < 0.1:
        return f"All images lie in one place, and the cloud of each is the whole Gaussian ({mean:.2f} wide)."
    return (
        f"The cloud of one image is {mean:.2f} wide on average; {100 * here.filled:.0f} % of what the "
        f"Gaussian draws lies within twice that of one of these {found_by.N_SCORED:,} images."
    )


def _random(here: found_by.Cloud) -> str:
    if here.spreads is None:
        return "this model was never asked to have its codes there."
    if float(here.samples.std(axis=0).max()) < 0.02:
        return "always the same."
    return "new pictures, for codes lie there."


def opening(stage: Stage) -> None:
    """Draw digits, and what is drawn of them with beta 1."""
    one = found_by.cloud(1)
    stage.strip([one.sees[:6], one.draws[:6]])


def render(stage: Stage) -> None:
    """Draw clouds, drawings, and what three penalties do."""
    here = found_by.cloud(int(stage["beta"]))
    left, right = st.columns(2)
    with left:
        figure = clouds(
            here.codes[:DRAWN], here.labels[:DRAWN], here.spreads, radius=PRIOR_95, dark=stage.dark, height=400
        )
        betas = {beta: found_by.cloud(beta) for beta in found_by.BETAS}
        table = pd.DataFrame(
            {
                "beta": list(betas),
                "SSE": [one.sse for one in betas.values()],
                "kept (R²), %": [100 * one.kept for one in betas.values()],
                "KL, nats": [one.kl for one in betas.values()],
            }
        )
        stage.figure("cloud", figure, table)
    with right:
        _drawn(stage, here)
        with st.container(border=True, height="stretch", key="panel-penalties-network"):
            stage.say("network")
    under = {name: found_by.under(name, int(stage["step"])) for name in found_by.PENALTIES}
    left, right = st.columns([7, 5])
    with left:
        _pictures(stage, under)
    with right:
        _codes(stage, under)
    maps = {_TITLES[name]: one.codes[:DRAWN, :2] for name, one in under.items()}
    table = pd.DataFrame({"penalty": list(maps), "numbers at work": [one.at_work for one in under.values()]})
    labels = next(iter(under.values())).labels[:DRAWN].astype(np.float32)
    figure = structure_maps(maps, labels, classes=True, dark=stage.dark, height=235)
    most = 1.05 * max(float(np.abs(points[:, 1]).max()) for points in maps.values())
    figure.update_yaxes(range=[-most, most])  # one scale for all: what shrinks is seen to shrink
    figure.update_xaxes(range=[-1.6 * most, 1.6 * most])
    stage.figure("maps", figure, table)


def _drawn(stage: Stage, here: found_by.Cloud) -> None:
    n = 6
    lines = {"it sees": here.sees[:n], "it draws": here.draws[:n], "from a\nrandom code": here.samples[:n]}
    figure = stage.grid(lines, {"it draws": here.errors[:n]}, side=66)
    stage.figure("drawn", figure, pd.DataFrame({"digit": range(len(here.errors)), "error, SSE": here.errors}))


def _pictures(stage: Stage, under: Mapping[str, found_by.Penalised]) -> None:
    sees = next(iter(under.values())).sees
    lines = {"it sees": sees, **{_TITLES[name]: one.draws for name, one in under.items()}}
    figure = stage.grid(lines, {_TITLES[name]: one.errors for name, one in under.items()}, side=54)
    table = pd.DataFrame({f"{_TITLES[name]}, SSE": one.errors for name, one in under.items()})
    stage.figure("pictures", figure, table)


def _codes(stage: Stage, under: Mapping[str, found_by.Penalised]) -> None:
    whole = under["none"].codes.std(axis=0)
    left = {_TITLES[name]: 100 * one.codes.std(axis=0) / whole for name, one in under.items() if name != "none"}
    places = list(range(1, found_by.NUMBERS + 1))
    figure = curves(
        places, left, Axes("number of the code, widest first", "spread left, %", top=105), dark=stage.dark, height=330
    )
    stage.figure("codes", figure, pd.DataFrame({"number": places, **left}))

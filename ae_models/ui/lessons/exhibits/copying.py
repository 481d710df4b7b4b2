"""The copying machine: a code that is too long learns nothing; what sparsity and noise change; and a memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.base.squared_errors import squared_errors
from ae_models.figures.curves import Axes, Marks, curves
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.tint import signed
from ae_models.kinds.glossary import tip
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.caches import copying
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared.figure_words import count

DATA = ("mnist",)
KNOWN = (10, 30, 100, 300, 1000)
SHOWN, UNITS = 3, 10
_KINDS = {"digits": "digits", "clothes": "clothes", "noise": "noise"}


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: the size of a linear code, and how many digits the memory knows."""
    return (
        Control("size", "Numbers in a linear code", copying.SIZES, 64, "{:,}".format, "slider", tip("overcomplete")),
        Control("known", "Digits that the memory knows", KNOWN, 100, "{:,}".format),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return what is copied, by whom."""
    here, memory = copying.copies(), copying.remembered(int(chosen["known"]))
    record = kept.shipped_run(copying.NETWORKS["copier"][1])[1]
    place = copying.SIZES.index(int(chosen["size"]))
    pixels = int(np.prod(record.input_shape))
    share = here.errors["copier"]["noise"] / here.errors["mean"]["noise"]
    values: dict[str, str | int | float] = {
        "k": record.latent_dim,
        "pixels": pixels,
        "sizes": count(int(chosen["size"])),
        "varying": here.copier.varying,
        "noisy_nothing": here.cleaned["nothing"],
        "noisy_copier": here.cleaned["copier"],
        "noisy_sparse": here.cleaned["sparse"],
        "noisy_trained": here.cleaned[copying.NOISY],
        "trained_noise": here.errors[copying.NOISY]["noise"],
        "known": len(memory.known),
        "hidden": len(memory.known) - 1,
        "known_error": _mean_error(memory.known, memory.drawn),
        "strange_error": _mean_error(memory.strange, memory.strange_drawn),
        "mean_digits": memory.mean,
        "straight_digits": memory.straight,
    }
    for kind in _KINDS:
        values[f"size_{kind}"] = float(here.by_size[kind][place])
        values[f"mean_{kind}"] = here.errors["mean"][kind]
        for name in copying.NETWORKS:
            values[f"{name}_{kind}"] = here.errors[name][kind]
    values |= {f"active_{name}": active for name, active in here.active.items()}
    return Facts(
        values=values,
        right="none" if share < 0.25 else "half" if share < 0.75 else "mean",
        train={"data": dataset, "model": "linear", "code": str(record.latent_dim), "penalty": "k-sparse"},
        notes=f"Errors (SSE) are of {copying.N_SCORED} random held-out digits, as many clothes and pictures of noise, "
        f"each pixel drawn evenly from 0 to 1. The three networks of {record.latent_dim} numbers were trained on "
        f"{record.dataset.fitted_on.n:,} digits; the linear maps of every size and the one with noise (of deviation "
        f"{copying.SIGMA}) are computed here, exactly, from {copying.N_FITTED:,} others.",
    )


def _mean_error(images: Any, drawn: Any) -> float:
    return float(np.square(images - drawn).sum(axis=1).mean(dtype=np.float64))


def opening(stage: Stage) -> None:
    """Draw what it has learned from, and what it is given now."""
    kinds = copying.copies().kinds
    stage.strip([kinds["digits"][:6], kinds["noise"][:6]])


def render(stage: Stage) -> None:
    """Draw what comes out, errors over sizes, units, and the memory."""
    left, right = st.columns([7, 5])
    with left:
        _pictures(stage)
    with right:
        _sizes(stage)
    left, right = st.columns([7, 5])
    with left:
        _units(stage)
    with right:
        _noise(stage)
    _memory(stage)


def _pictures(stage: Stage) -> None:
    here = copying.copies()
    seen = np.concatenate([images[:SHOWN] for images in here.kinds.values()])
    names = {name: title for name, (title, _) in copying.NETWORKS.items()} | {copying.NOISY: "linear,\nwith noise"}
    drawn = {title: here.answer(name, seen) for name, title in names.items()}
    errors = {title: squared_errors(seen, images) for title, images in drawn.items()}
    kinds = [kind for kind in here.kinds for _ in range(SHOWN)]
    table = pd.DataFrame({"picture": kinds, **{f"{title}, SSE": line for title, line in errors.items()}})
    lines = {"it sees": seen, **{_wrapped(title): images for title, images in drawn.items()}}
    by_line = {_wrapped(title): line for title, line in errors.items()}
    stage.figure("pictures", stage.grid(lines, by_line, side=66, group=SHOWN), table)


def _wrapped(title: str) -> str:
    return title.replace(" of 800 at", " of 800\nat")


def _noise(stage: Stage) -> None:
    here, n = copying.copies(), 5
    digits, seen = here.kinds["digits"][:n], here.noisy[:n]
    lines = {
        "it sees": seen,
        "linear": here.answer("copier", seen),
        "linear,\nwith noise": here.answer(copying.NOISY, seen),
    }
    errors = {name: squared_errors(digits, line) for name, line in lines.items()}
    titles = ("as it comes, SSE", "linear, SSE", "with noise, SSE")
    table = pd.DataFrame(dict(zip(titles, errors.values(), strict=True)))
    stage.figure("noise", stage.grid(lines, errors, side=72), table)


def _sizes(stage: Stage) -> None:
    here = copying.copies()
    figure = curves(
        copying.SIZES,
        here.by_size,
        Axes("numbers in the code", "error (SSE an image)", log=True),
        Marks(place=int(stage["size"])),
        dark=stage.dark,
    )
    stage.figure("sizes", figure, pd.DataFrame({"numbers": copying.SIZES, **here.by_size}))


def _units(stage: Stage) -> None:
    found = {name: copying.units(name, UNITS) for name in copying.NETWORKS}
    tiles = []
    for pictures in found.values():
        limits = np.abs(pictures).max(axis=(1, 2, 3), keepdims=True)
        tiles.append(signed((pictures / np.maximum(limits, 1e-12))[:, 0], stage.dark, 1.0))
    here = copying.copies()
    figure = picture_grid(
        np.stack(tiles),
        rows=[_wrapped(copying.NETWORKS[name][0]) for name in found],
        columns=[""] * UNITS,
        dark=stage.dark,
        side=72,
    )
    table = pd.DataFrame(
        {
            "network": [copying.NETWORKS[name][0] for name in found],
            "numbers at work for a digit": [here.active[name] for name in found],
            **{f"{kind}, SSE": [here.errors[name][kind] for name in found] for kind in _KINDS},
        }
    )
    stage.figure("units", figure, table)


def _memory(stage: Stage) -> None:
    memory = copying.remembered(int(stage["known"]))
    n = 7
    pairs = [(memory.known[:n], memory.drawn[:n]), (memory.strange[:n], memory.strange_drawn[:n])]
    seen = np.concatenate([pair[0] for pair in pairs]).reshape(-1, 1, 28, 28)
    drawn = np.concatenate([pair[1] for pair in pairs]).reshape(-1, 1, 28, 28)
    errors = squared_errors(seen, drawn)
    heads = [""] * (n // 2) + ["by heart"] + [""] * (n - 1) + ["new to it"] + [""] * (n - n // 2 - 1)
    lines = {"it sees": seen, "it draws": drawn}
    figure = stage.grid(lines, {"it draws": errors}, side=72, columns=heads, group=n)
    table = pd.DataFrame({"digit": ["by heart"] * n + ["new"] * n, "error, SSE": errors})
    stage.figure("memory", figure, table)

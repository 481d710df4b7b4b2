"""Linear autoencoder = PCA: train one live, watch it find PCA, and see where bends begin to pay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.analysis.linear_course import SEEDS, STEPS, LinearStory, Principal, penalties_for
from ae_models.analysis.nonlinear_half import KINDS, bent_runs
from ae_models.base import FloatArray
from ae_models.figures.axis_angles import axis_angles
from ae_models.figures.curves import above_the_baseline, over_steps
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.tint import signed
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip
from ae_models.ui.shared import chart
from ae_models.ui.shared import comparing as kept
from ae_models.ui.shared.bar import title_of
from ae_models.ui.shared.linear import angle_table, error_histories, in_degrees, in_short, short, spanned
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.run_data import run_list

SIZES = (2, 3, 4, 8)
ABOVE = (
    "Squared error on the images it is trained on (SSE, without the penalty), less the error of PCA, which no linear "
    "autoencoder can beat."
)
AXES = (
    "Each unit of the code draws one picture, its decoder column. The angle says how far it is from a principal "
    "direction. The singular vectors are the decoder’s own main directions, whatever its units are."
)
SHEET = (
    "A linear decoder draws on a flat sheet, and PCA’s is the best sheet, however bent the encoder "
    "(Eckart and Young 1936). That is exact on the images PCA was fitted on; these are new ones, where "
    "it can be passed."
)


def render(dataset: str) -> None:
    """Draw the view."""
    images = kept.all_images(dataset)
    known = kept.known_principal(dataset)
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    keep: dict[str, Any] = {"required": True, "bind": "query-params"}
    k = row.segmented_control("Numbers in the code", SIZES, default=2, key="linear-k", **keep)
    seed = row.segmented_control("Random start", SEEDS, default=1, key="linear-seed", help=tip("random start"), **keep)
    if k not in SIZES or seed not in SEEDS:
        st.stop()
    st.caption(
        kind_of(images.shape).say(
            "Trained here and now on {n:,} {samples}, all at once (full-batch Adam, {steps:,} steps, learning rate "
            "0.002, falling to 0 over the last half), and scored on the same {samples}: this is about what training "
            "finds, not about new {pictures}.",
            n=known.n,
            steps=STEPS,
        )
    )
    live, runs = st.container(), st.container()
    with runs:  # what needs no training is there at once
        _nonlinear(dataset, k)
    with live:
        _live(dataset, known, k, seed, images.shape)


def _live(dataset: str, known: Principal, k: int, seed: int, shape: tuple[int, int, int]) -> None:
    penalties = penalties_for(known, k)
    stories = kept.linear_stories(dataset, k, tuple(penalties.values()), (seed,) * len(penalties), STEPS)
    named = dict(zip(penalties, stories, strict=True))
    left, right = st.columns(2)
    with left:
        _angle(named)
    with right:
        _above(named, known, k)
    _axes(named)
    _pictures(named, known, shape)
    _starts(dataset, k, penalties)


def _angle(named: dict[str, LinearStory]) -> None:
    free = next(iter(named.values()))
    below = np.flatnonzero(free.angles < 1)
    when = f"It is within 1° after {free.steps[below[0]]:,} steps. " if len(below) else "It is not there yet. "
    chart.render(
        over_steps(
            free.steps,
            {short(name): story.angles for name, story in named.items()},
            y="largest angle to PCA’s sheet",
            unit="°",
            dark=chart.is_dark(),
        ),
        key="linear-angle",
        title="It finds PCA’s sheet",
        tip=tip("principal angle"),
        says=f"{when}At the end the sheets differ by {in_degrees(free.angles[-1])}, "
        f"with a penalty by {in_degrees(max(story.angles[-1] for story in named.values()))}.",
        table=_table(named, "angles", "degrees"),
    )


def _above(named: dict[str, LinearStory], known: Principal, k: int) -> None:
    names = list(named)
    ends = [float(story.above[-1]) for story in named.values()]
    chart.render(
        over_steps(
            named[names[0]].steps,
            {short(name): story.above for name, story in named.items()},
            y="training error above PCA’s",
            unit="SSE an image",
            log=True,
            dark=chart.is_dark(),
        ),
        key="linear-above",
        title="And PCA’s error, no less",
        tip=ABOVE,
        says=f"PCA leaves {known.floor(k):.4f}. Without a penalty training ends {in_short(ends[0])} above that; "
        f"equal L2 costs {ends[1]:.2g}, different L2 {ends[2]:.2g}.",
        table=_table(named, "above", "SSE above PCA"),
    )


def _table(named: dict[str, LinearStory], what: str, unit: str) -> pd.DataFrame:
    steps = next(iter(named.values())).steps
    return pd.DataFrame({"step": steps, **{f"{name}, {unit}": getattr(story, what) for name, story in named.items()}})


def _axes(named: dict[str, LinearStory]) -> None:
    panels = {short(name): (story.columns, story.singular) for name, story in named.items()}
    free, equal, unequal = named.values()
    says = (
        f"No penalty: neither need be PCA’s axes (columns end {spanned(free.columns[-1])} away). Equal L2: the "
        f"singular vectors are PCA’s axes ({in_degrees(equal.singular[-1].max())} away), the columns need not be "
        f"({spanned(equal.columns[-1])}). A different L2 for each unit: the columns themselves become PCA’s axes "
        f"({spanned(unequal.columns[-1])} away){_eventually(unequal)}."
    )
    chart.render(
        axis_angles(free.steps, panels, dark=chart.is_dark()),
        key="linear-axes",
        title="Which axes? The penalty decides",
        tip=AXES,
        says=says,
        table=angle_table(named),
    )


def _near(gap: float) -> str:
    return "less than 0.01" if gap < 0.01 else f"{gap:.2f}"


def _eventually(story: LinearStory) -> str:
    return "" if story.columns[-1].max() < 3 else ": slowly, and the longer the code the slower"


def _pictures(named: dict[str, LinearStory], known: Principal, shape: tuple[int, int, int]) -> None:
    if shape[0] != 1:
        return
    free, equal, unequal = named.values()
    k = free.axes.shape[1]
    best = known.directions[:, :k]
    columns: dict[str, np.ndarray] = {
        "PCA": best,
        "no penalty:\ncolumns": free.axes,
        "equal L2:\ncolumns": equal.axes,
        "equal L2:\nsingular vectors": equal.singular_axes,
        "different L2:\ncolumns": unequal.axes,
    }
    drawn, tips, table = [], [], pd.DataFrame({"axis": np.arange(1, k + 1)})
    for name, axes in columns.items():
        unit = axes / np.linalg.norm(axes, axis=0)
        cosines = unit.T @ best  # (k units, k principal)
        order = _matched(np.abs(cosines))
        turned = unit[:, order] * np.where(np.diag(cosines[order]) < 0, -1, 1)
        drawn.append(turned.T.reshape(k, *shape[1:]))
        near = np.abs(np.diag(cosines[order]))
        flat = name.replace("\n", " ")
        tips.append([f"{flat}: cosine {cosine:.3f} with PCA’s axis {place + 1}" for place, cosine in enumerate(near)])
        table[f"{flat}: |cosine| with PCA’s axis"] = near
    maps = np.stack(drawn, axis=1)
    chart.render(
        picture_grid(
            signed(maps, chart.is_dark(), float(np.abs(maps[:, 0]).max())),
            rows=[f"axis {place + 1}" for place in range(k)],
            columns=list(columns),
            tips=list(zip(*tips, strict=True)),
            dark=chart.is_dark(),
        ),
        key="linear-pictures",
        title="What each unit draws",
        tip="Orange: more ink when the unit’s number grows; blue: less. Signs are turned to match; they mean nothing.",
        says="The first column is PCA. A column that looks like it has found its axes; the others mix them.",
        table=table,
    )


def _matched(cosines: FloatArray) -> list[int]:
    from scipy.optimize import linear_sum_assignment

    units, places = linear_sum_assignment(-cosines)
    return [int(units[list(places).index(place)]) for place in range(len(places))]


@st.fragment
def _starts(dataset: str, k: int, penalties: dict[str, tuple[float, ...]]) -> None:
    with st.container(border=True, key="panel-linear-starts"):
        chart.heading(
            "The same from five random starts",
            "What holds for one start only is luck; what holds for all five is a law.",
        )
        if not st.toggle("Train all five", key="linear-five", persist_state="session"):
            st.caption(f"Trains {len(SEEDS) * len(penalties)} networks, {STEPS:,} steps each: 5 to 30 seconds.")
            return
        asked = tuple(penalties.values()) * len(SEEDS)
        seeds = tuple(seed for seed in SEEDS for _ in penalties)
        stories = kept.linear_stories(dataset, k, asked, seeds, STEPS)
        rows = []
        for place, name in enumerate(penalties):
            five = stories[place :: len(penalties)]
            rows.append(
                {
                    "penalty": name,
                    "sheet: angle to PCA’s": spanned(np.array([story.angles[-1] for story in five])),
                    "decoder columns: cosine with PCA’s axes": _cosines([story.columns[-1] for story in five]),
                    "singular vectors: cosine with PCA’s axes": _cosines([story.singular[-1] for story in five]),
                    "training error above PCA’s": f"{max(max(float(story.above[-1]), 0) for story in five):.2g}",
                }
            )
        table = pd.DataFrame(rows)
        st.table(table.set_index("penalty"))
        chart.numbers(table, key="linear-starts", name="latent-lab-linear-starts")


def _cosines(angles: list[FloatArray]) -> str:
    values = np.cos(np.radians(np.concatenate(angles)))
    return f"{values.min():.3f} to {values.max():.3f}"


def _nonlinear(dataset: str, k: int) -> None:
    """Draw the held-out errors of networks that are nonlinear in no half, one half or both, over PCA's."""
    found = bent_runs(run_list().runs, dataset, k)
    if not any(each.kind in ("encoder", "decoder") for each in found):
        _none_nonlinear(dataset, k)
        return
    curve = kept.straight_curve(found[0].record)
    if curve is None:
        st.info("There is no PCA of the images these runs were fitted on: the floor is missing.")
        return
    baseline = float(curve[k])
    lines = []
    for each in found:
        gap = each.record.test.sse - baseline
        lines.append(f"{KINDS[each.kind]}: {each.shown} ({_near(abs(gap))} {'above' if gap >= 0 else 'below'})")
    chart.render(
        above_the_baseline(error_histories(found), baseline, f"PCA: {baseline:.2f}", dark=chart.is_dark()),
        key="linear-bends",
        title="Where bends begin to pay",
        tip=SHEET,
        says=f"Held-out error after training, PCA {baseline:.2f}. " + "; ".join(lines) + ".",
        table=pd.DataFrame(
            {
                "bends": [KINDS[each.kind] for each in found],
                "model": [title_of(each.record) for each in found],
                "run": [each.record.id for each in found],
                "held-out SSE": [each.record.test.sse for each in found],
                "over seeds": [each.shown for each in found],
                "less PCA’s": [each.record.test.sse - baseline for each in found],
                "epochs": [len(each.history) for each in found],
            }
        ),
    )


def _none_nonlinear(dataset: str, k: int) -> None:
    with st.container(border=True):
        chart.heading("Where bends begin to pay")
        st.markdown(
            escape_markdown(
                datasets.kind_of(dataset).say(
                    "No model with {k} numbers is bent in one half only. Train these two, then reload the page: with a "
                    "linear decoder it cannot go below PCA’s error on the {samples} both were fitted on; with hidden "
                    "layers in the decoder it can.",
                    k=k,
                )
            )
        )
        st.code(
            "\n".join(
                f"python -m ae_models train --model {model} --dataset {dataset} --latent-dim {k}"
                for model in ("bent-encoder", "bent-decoder")
            ),
            language="bash",
        )

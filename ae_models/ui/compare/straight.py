"""PCA itself: how much each component explains, what it looks like, and what it does to a picture."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.analysis.families import same_data
from ae_models.analysis.nested_pca import StraightMap
from ae_models.base import FloatArray
from ae_models.figures.code_size import Place, scree, variance
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.tint import ink, signed
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip
from ae_models.runs import RunRecord
from ae_models.ui.shared import chart
from ae_models.ui.shared import comparing as kept
from ae_models.ui.shared.bar import title_of

GRID, AT_ONCE = 16, 4
STEPS = (-3, -2, -1, 0, 1, 2, 3)


def render(dataset: str) -> None:
    """Draw the view."""
    runs = kept.comparable(dataset)
    record = next((record for _, record in runs if record.origin == "shipped"), runs[0][1] if runs else None)
    straight = kept.straight_of(record) if record else None
    if record is None or straight is None:
        chart.nothing(
            f"There is no PCA of {datasets.source(dataset).title} yet: it is fitted with the first autoencoder.",
            [f"python -m ae_models train --model dense --dataset {dataset} --latent-dim 2"],
        )
        return
    fitted = record.dataset.fitted_on
    st.caption(
        f"Exact PCA, {straight.size} of {straight.components.shape[1]} components, fitted on {fitted.n:,} training "
        f"{kind_of(straight.shape).samples}; R² and spreads are of {record.dataset.scored_on.n:,} held-out ones."
    )
    left, right = st.columns(2)
    with left:
        _scree(straight)
    with right:
        _variance(straight, record, [record for _, record in runs])
    _eigenpictures(straight)
    _effect(straight, record)


def _scree(straight: StraightMap) -> None:
    shares = straight.shares
    if not len(shares):
        st.info("This PCA does not say how much each component explains.", icon=":material/info:")
        return
    total = np.cumsum(shares)
    half = np.flatnonzero(total >= 0.5)
    kind = kind_of(straight.shape)
    says = f"The first component explains {100 * shares[0]:.1f} % of the training {kind.samples}’ variance, "
    says += f"the first {half[0] + 1} half of it, " if len(half) else ""
    says += f"all {len(shares)} together {100 * total[-1]:.1f} %."
    chart.render(
        scree(shares, dark=chart.is_dark()),
        key="pca-scree",
        title="Scree: what each component explains",
        tip=f"{tip('component', kind=kind)} Where the bars get flat, more of them help little.",
        says=says,
        table=pd.DataFrame(
            {
                "component": np.arange(1, len(shares) + 1),
                "variance, %": 100 * shares,
                "cumulative, %": 100 * total,
            }
        ),
    )


def _variance(straight: StraightMap, first: RunRecord, records: list[RunRecord]) -> None:
    curve = kept.straight_curve(first)
    if curve is None or curve[0] <= 0:
        words = kind_of(first.output_shape).say("The held-out {samples} are all the same: nothing varies.")
        st.info(words, icon=":material/info:")
        return
    own = [each for each in records if same_data(each, first)]
    places = [Place(each.id, title_of(each), each.latent_dim, 1 - each.test.sse / float(curve[0])) for each in own]
    explained = 1 - curve[1:] / curve[0]
    says = f"PCA draws {100 * explained[0]:.0f} % of the variance with 1 number and {100 * explained[-1]:.0f} % with "
    says += f"{len(explained)}."
    within = [place for place in places if place.numbers < len(curve)]
    if within:
        best = max(within, key=lambda place: place.error - explained[place.numbers - 1])
        says += f" {best.title}: {100 * best.error:.0f} %, where PCA has "
        says += f"{100 * explained[best.numbers - 1]:.0f} % with as many."
    if len(places) > len(within):
        says += f" Models with more than {len(explained)} numbers stand in the table only: {len(places) - len(within)}."
    chart.render(
        variance(explained, within, dark=chart.is_dark()),
        key="pca-variance",
        title="Cumulative, with autoencoders beside it",
        tip=tip("R²"),
        says=says,
        table=pd.DataFrame(
            [
                {"method": "PCA", "numbers": k + 1, "held-out R², %": 100 * float(share)}
                for k, share in enumerate(explained)
            ]
            + [
                {"method": place.title, "numbers": place.numbers, "held-out R², %": 100 * place.error}
                for place in places
            ]
        ),
    )


def _eigenpictures(straight: StraightMap) -> None:
    if straight.shape[0] != 1:
        st.info("Components of colour pictures are not drawn: a signed colour has no picture.", icon=":material/info:")
        return
    dark = chart.is_dark()
    shown = straight.components[: GRID - 1].reshape(-1, *straight.shape[1:])
    n = len(shown)
    columns = min(n + 1, GRID // 2)
    n_rows = -(-(n + 1) // columns)
    paper = signed(np.zeros((n_rows * columns, *shown.shape[1:]), np.float32), dark, 1.0)
    paper[0] = ink(straight.mean.reshape(straight.shape), dark)
    paper[1 : n + 1] = signed(shown, dark, float(np.abs(shown).max()))
    shares = [f": {100 * share:.1f} %" for share in straight.shares[:n]] or [""] * n
    kind = kind_of(straight.shape)
    notes = [kind.say("mean {sample}"), *(f"{place + 1}{share}" for place, share in enumerate(shares))]
    notes += [""] * (n_rows * columns - n - 1)
    chart.render(
        picture_grid(
            paper.reshape(n_rows, columns, *paper.shape[1:]),
            rows=[""] * n_rows,
            columns=[""] * columns,
            notes=[notes[row * columns : (row + 1) * columns] for row in range(n_rows)],
            dark=dark,
        ),
        key="pca-eigen",
        title=f"The mean {kind.sample} and the first {n} components",
        tip=kind.say("Orange: {more_of_it} when the number grows; blue: less. The signs themselves mean nothing."),
        says=f"Every {kind.picture} that PCA draws is the mean {kind.sample} plus so much of each of these. The first "
        f"{n} explain {100 * float(straight.shares[:n].sum()):.0f} % of the variance.",
        table=pd.DataFrame(
            {
                "component": np.arange(1, n + 1),
                "variance, %": 100 * straight.shares[:n] if len(straight.shares) else [None] * n,
                f"largest {kind.part}": straight.components[:n].max(axis=1),
                f"smallest {kind.part}": straight.components[:n].min(axis=1),
            }
        ),
    )


def _effect(straight: StraightMap, record: RunRecord) -> None:
    spread = kept.straight_spread(record, straight)
    groups = [
        tuple(range(start, min(start + AT_ONCE, straight.size)))
        for start in range(0, min(straight.size, GRID), AT_ONCE)
    ]
    place = 0
    if len(groups) > 1:
        picked = st.segmented_control(
            "Components",
            list(range(len(groups))),
            format_func=lambda place: f"{groups[place][0] + 1} to {groups[place][-1] + 1}",
            default=0,
            required=True,
            key="pca-components",
            persist_state="session",
        )
        place = picked if picked in range(len(groups)) else 0
    shown = groups[place]
    grid = np.stack([_walk(straight, dim, float(spread[dim])) for dim in shown])
    kind = kind_of(straight.shape)
    chart.render(
        picture_grid(
            ink(grid, chart.is_dark()),
            rows=[f"component {dim + 1}" for dim in shown],
            columns=[f"{step:+d} sd" if step else kind.say("mean {sample}") for step in STEPS],
            dark=chart.is_dark(),
        ),
        key="pca-effect",
        title=kind.say("What each component does to the mean {sample}"),
        tip=kind.say(
            "sd: the standard deviation of that component over the held-out {samples}. All other components are at 0."
        ),
        says=_effect_says(straight, record, shown[0], float(spread[shown[0]])),
        table=pd.DataFrame(
            {"component": [dim + 1 for dim in shown], "sd of the component": [float(spread[dim]) for dim in shown]}
        ),
    )


def _effect_says(straight: StraightMap, record: RunRecord, dim: int, spread: float) -> str:
    inside = kept.straight_inside(record, straight, dim)
    change = spread * float(np.abs(straight.components[dim]).max())
    return kind_of(straight.shape).say(
        "{inside:.0f} % of {n:,} held-out {samples} lie between -2 and +2 sd of component {component}. One sd changes "
        "no {part} by more than {change:.2f} ({lowest_to_highest} is 1). Whole {pictures} fade and overlap; they do "
        "not bend.",
        inside=100 * inside,
        n=record.dataset.scored_on.n,
        component=dim + 1,
        change=change,
    )


def _walk(straight: StraightMap, dim: int, spread: float) -> FloatArray:
    codes = np.zeros((len(STEPS), straight.size), np.float32)
    codes[:, dim] = np.array(STEPS, np.float32) * spread
    return straight.decode(codes)

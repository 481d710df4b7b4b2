"""Code size: error over the numbers of the code, and over the bytes that it costs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.analysis.families import Family, Run, ladders, same_data, seed_families
from ae_models.analysis.pca_gap import Gap, gaps
from ae_models.base import FloatArray
from ae_models.figures.code_size import Place, code_size
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip
from ae_models.runs import RunRecord
from ae_models.ui import state
from ae_models.ui.compare import by_bytes
from ae_models.ui.shared import chart
from ae_models.ui.shared import comparing as kept
from ae_models.ui.shared.bar import title_of
from ae_models.ui.shared.figure_words import count, gain
from ae_models.ui.shared.markdown import escape_markdown

BY = {"numbers": "by numbers", "bytes": "by bytes"}


def render(dataset: str) -> None:
    """Draw the view."""
    runs = kept.comparable(dataset)
    found = ladders(runs)
    if not runs:
        chart.nothing(f"There is no autoencoder of {datasets.source(dataset).title} yet.", _commands(dataset))
        return
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    by = row.segmented_control(
        "Size", list(BY), format_func=BY.get, default="numbers", required=True, key="size-by", bind="query-params"
    )
    log = row.segmented_control(
        "Error axis", ["linear", "log"], default="linear", required=True, key="size-axis", bind="query-params"
    )
    ladder: Family = found[0] if found else ()
    if len(found) > 1:
        place = row.selectbox(
            "Ladder",
            list(range(len(found))),
            format_func=lambda place: _name(found[place]),
            key="size-ladder",
            persist_state="session",
            width=380,
        )
        ladder = found[place]
    if by not in BY:
        st.stop()
    first = ladder[0][1] if ladder else runs[0][1]
    curve = kept.straight_curve(first)
    if curve is None:
        kind = kind_of(first.output_shape)
        st.info(kind.say("There is no PCA of the {samples} these models were fitted on: nothing to compare with."))
        return
    if not ladder:
        chart.nothing("There is no ladder yet: train one design at several sizes.", _commands(dataset))
    if by == "numbers":
        _numbers(runs, ladder, curve, log == "log", row)
    elif ladder:
        by_bytes.render(ladder, log == "log")


def _commands(dataset: str) -> list[str]:
    sizes = " ".join(str(size) for size in (1, 2, 4, 8, 16, 32))
    train = f"python -m ae_models train --model dense --dataset {dataset} --latent-dim $k --epochs 10"
    return [f"for k in {sizes}; do {train}; done"]


def _name(ladder: Family) -> str:
    record = ladder[0][1]
    title = title_of(record).split(",")[0]
    n = f"{record.dataset.fitted_on.n:,} training {kind_of(record.output_shape).samples}"
    return f"{title}, {len(ladder)} sizes, {n}, seed {record.seed}"


def _place(record: RunRecord) -> Place:
    return Place(record.id, title_of(record), record.latent_dim, record.test.sse)


def _numbers(
    runs: tuple[Run, ...], ladder: Family, curve: FloatArray, log: bool, row: st.delta_generator.DeltaGenerator
) -> None:
    rungs = [record for _, record in ladder]
    first = rungs[0] if rungs else runs[0][1]
    others = [record for _, record in runs if record not in rungs and same_data(record, first)]
    most = max([len(curve) - 1, *(record.latent_dim for record in rungs)])
    beyond = sum(record.latent_dim > most for record in others)
    known = {gap.numbers: gap for gap in gaps(rungs, curve)}
    at = _choose(row, list(known))
    clicked = chart.render(
        code_size(
            curve[1:],
            [_place(record) for record in rungs],
            [_place(record) for record in others if record.latent_dim <= most],
            gap=None if at is None else _bracket(known[at]),
            log=log,
            dark=chart.is_dark(),
        ),
        key="size-numbers",
        title="How much does a longer code buy?",
        tip=tip("ladder"),
        says=_reading(curve, known, at) + _starts(runs, rungs, at),
        table=_table([*rungs, *others], curve),
        selectable=True,
    )
    st.caption(
        f"{first.test.n:,} held-out {kind_of(first.output_shape).samples}, never used in training. "
        + f"PCA and autoencoders are fitted on the same {first.dataset.fitted_on.n:,}. Click a point to open its model."
        + (f" Models with more than {most} numbers stand in the table only: {beyond}." if beyond else "")
    )
    _open(clicked, {record.id: record for _, record in runs}, rungs)


def _choose(row: st.delta_generator.DeltaGenerator, sizes: list[int]) -> int | None:
    if not sizes:
        return None
    start = 2 if 2 in sizes else sizes[0]
    at = row.segmented_control("Gap at", sizes, default=start, required=True, key="size-gap", persist_state="session")
    return at if at in sizes else start


def _bracket(gap: Gap) -> tuple[float, float, float, str]:
    low, high = sorted((gap.autoencoder, gap.pca))
    return float(gap.numbers), low, high, gain(gap.share)


def _table(records: list[RunRecord], curve: FloatArray) -> pd.DataFrame:
    models = [(title_of(record), record.latent_dim, record.test.sse, record.id) for record in records]
    straight = [("PCA", k, float(curve[k]), "") for k in range(1, len(curve))]
    table = pd.DataFrame([*models, *straight], columns=["method", "numbers", "held-out SSE", "run"])
    table["PCA with as many"] = [float(curve[k]) if k < len(curve) else None for k in table["numbers"]]
    return table


def _reading(curve: FloatArray, known: dict[int, Gap], at: int | None) -> str:
    if at is None:
        return f"PCA leaves {curve[1]:.1f} with 1 number and {curve[-1]:.1f} with {len(curve) - 1}."
    gap = known[at]
    needs = f"needs {count(gap.pca_needs)} for that" if gap.pca_needs else f"does not reach it with {len(curve) - 1}"
    most = max(known.values(), key=lambda gap: gap.share)
    least = min(known.values(), key=lambda gap: gap.share)
    return (
        f"With {count(at)} the autoencoder’s error is {gap.autoencoder:.1f} and PCA’s {gap.pca:.1f}; PCA {needs}. "
        f"Beside PCA of the same size the gap is widest at {count(most.numbers)} ({gain(most.share)}) and narrowest "
        f"at {count(least.numbers)} ({gain(least.share)})."
    )


def _starts(runs: tuple[Run, ...], rungs: list[RunRecord], at: int | None) -> str:
    one = next((record for record in rungs if record.latent_dim == at), None)
    for family in seed_families(runs):
        errors = [record.test.sse for _, record in family]
        if one is not None and one in [record for _, record in family]:
            return f" From {len(family)} random starts: {min(errors):.1f} to {max(errors):.1f}."
    return ""


def _open(clicked: str | None, records: dict[str, RunRecord], rungs: list[RunRecord]) -> None:
    """Open the model that was clicked, or whose button was."""
    if rungs:
        line = st.container(horizontal=True, vertical_alignment="center", gap="small")
        line.markdown("Open in Explore:", width="content")
        for record in rungs:
            what = escape_markdown(title_of(record))
            if line.button(count(record.latent_dim), key=f"open-{record.id}", type="tertiary", help=what):
                clicked = record.id
    if clicked in records:
        view = state.open_model(records[clicked].dataset.name, clicked)
        st.switch_page("explore/page.py", query_params=view.address())

"""Which methods are compared: autoencoders of the data, and the maps of it that are here."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ae_models import datasets
from ae_models.analysis.default_contestants import has_map, lineup
from ae_models.projections import PROJECTIONS
from ae_models.recipes import Comparison
from ae_models.runs import RunRecord
from ae_models.ui.shared import chart
from ae_models.ui.shared import comparing as kept
from ae_models.ui.shared.bar import title_of
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.run_data import run_list

MOST = 8  # methods at once: more no eye can hold


@dataclass(frozen=True)
class ChosenMethods:
    """Ids of runs, names of projections, and the dimensions of those."""

    runs: tuple[str, ...]
    projections: tuple[str, ...]
    dim: int


def choose(dataset: str, row: st.delta_generator.DeltaGenerator, *, key: str) -> ChosenMethods | None:
    """Draw the pickers in a row; None where nothing can be compared, which is said."""
    dim = row.segmented_control(
        "Maps in", [2, 3], format_func="{}-D".format, default=2, required=True, key=f"{key}-dim", bind="query-params"
    )
    if dim not in (2, 3):
        st.stop()
    runs = {record.id: record for _, record in kept.comparable(dataset)}
    maps = [name for name in PROJECTIONS if name == "pca" or has_map(name, dataset, dim)]
    titles = {**_titles(list(runs.values())), **{name: PROJECTIONS.entry(name).title for name in maps}}
    own, others = lineup(run_list().runs, dataset, dim)
    picked = row.multiselect(
        "Methods",
        list(titles),
        default=[*own, *others],
        format_func=lambda name: titles.get(name, name),
        max_selections=MOST,
        key=f"{key}-methods-{dataset}-{dim}",
        persist_state="session",
        width=760,
    )
    picked = [name for name in picked if name in titles]
    missing = [name for name in PROJECTIONS if name not in maps]
    if missing:
        with row.popover("Add a map", width=130):
            st.markdown("These take a minute or more. Run one, then reload the page:")
            lines = [f"python -m ae_models project {name} --dataset {dataset} --dim {dim}" for name in missing]
            st.code("\n".join(lines), language="bash")
    if not picked:
        st.info("Choose at least one method.", icon=":material/info:")
        return None
    if not runs and not maps:
        chart.nothing(f"There is nothing to compare on {datasets.source(dataset).title} yet.", [])
        return None
    return ChosenMethods(
        tuple(name for name in picked if name in runs), tuple(name for name in picked if name in PROJECTIONS), dim
    )


def _titles(records: list[RunRecord]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for record in records:
        title = title_of(record)
        taken = sum(other.split(" · ")[0] == title for other in titles.values())
        titles[record.id] = f"{title} · {taken + 1}" if taken else title
    return titles


def name_of(comparison: Comparison, row_id: str) -> str:
    """Return what a method of a comparison is called, unique in it."""
    row = comparison.row(row_id)
    alike = [other.id for other in comparison.rows if other.title == row.title]
    return row.title if len(alike) == 1 else f"{row.title} · {alike.index(row_id) + 1}"


def what_they_are(comparison: Comparison) -> None:
    """Say of each method what it was fitted on and scored on, with seed, parameters and version."""
    with st.expander("What each method is: fitted on, seed, settings, version"):
        images = datasets.kind_of(comparison.dataset).samples
        for row in comparison.rows:
            fitted, scored = row.fitted_on, row.scored_on
            seed = "no seed" if row.seed is None else f"seed {row.seed}"
            settings = ", ".join(f"{name} {value}" for name, value in row.parameters.items())
            st.markdown(
                f"**{escape_markdown(name_of(comparison, row.id))}** · fitted on {fitted.get('n', 0):,} {images} "
                f"({escape_markdown(str(fitted.get('split', '')))}), scored on {scored.get('n', 0):,} · {seed} · "
                f"{escape_markdown(settings)} · {escape_markdown(row.version)}"
                + (f" · {escape_markdown(row.note)}" if row.note else "")
            )

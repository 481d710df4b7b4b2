"""A finished training beside the one before: what was set otherwise, and what became of it."""

from __future__ import annotations

import streamlit as st

from ae_models import recipes
from ae_models.recipes import Changes
from ae_models.ui.shared.bar import title_of
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.run_data import run_list
from ae_models.ui.train.estimate import duration


def render(run_id: str) -> None:
    """Draw what changed since another run on the same data: the one before, unless a person chooses another."""
    records = [record for _, record in run_list().runs if record.model.name != "pca"]
    record = next((record for record in records if record.id == run_id), None)
    if record is None:
        return
    others = [other for other in records if other.id != run_id and other.dataset.name == record.dataset.name]
    if not others:
        return
    last = recipes.run_before(record, records)
    others.sort(key=lambda other: (other is not last, other.origin == "shipped", other.created))
    with st.container(border=True, key="watch-changes"):
        head = st.container(horizontal=True, vertical_alignment="center")
        head.markdown("**Compared with**", width="content")
        other = head.selectbox(
            "Compared with",
            others,
            format_func=title_of,
            key=f"changes-{run_id}",
            label_visibility="collapsed",
            width=380,
        )
        _render(recipes.changes(other, record))


def _render(found: Changes) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        if found.settings:
            rows = [(setting.name, setting.before or "–", setting.after or "–") for setting in found.settings]
            st.markdown(_table(("What was set", "before", "now"), rows))
        else:
            st.markdown("The same settings, seed and all.")
    with right:
        rows = [
            (figure.name, _said(figure.name, figure.before), _marked(figure.better, _said(figure.name, figure.after)))
            for figure in found.figures
        ]
        st.markdown(_table(("What became of it", "before", "now"), rows, plain_last=False))
        if found.why_not:
            st.caption(escape_markdown(found.why_not))


def _table(head: tuple[str, str, str], rows: list[tuple[str, str, str]], *, plain_last: bool = True) -> str:
    lines = [f"| {' | '.join(head)} |", "|:--|--:|--:|"]
    for name, before, after in rows:
        lines.append(
            f"| {escape_markdown(name)} | {escape_markdown(before)} "
            f"| {escape_markdown(after) if plain_last else after} |"
        )
    return "\n".join(lines)


def _said(name: str, value: float) -> str:
    if "MSE" in name:
        return f"{value:.4f}"
    if "SSE" in name:
        return f"{value:.2f}"
    return duration(value) if name.startswith("Time") else f"{value:,.0f}"


def _marked(better: bool | None, text: str) -> str:
    """Return the text in a colour that says better or worse, and a word for whoever does not see it."""
    if better is None:
        return escape_markdown(text)
    return f":green[{escape_markdown(text)} better]" if better else f":orange[{escape_markdown(text)} worse]"

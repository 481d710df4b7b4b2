"""Lessons: exhibits of the subject, each a question first; their index is a quiet card each, and the words they use."""

from __future__ import annotations

import streamlit as st

from ae_models.kinds.glossary import terms
from ae_models.ui import state
from ae_models.ui.lessons import EXHIBITS, exhibit_page
from ae_models.ui.lessons.text import lesson
from ae_models.ui.shared import sharing
from ae_models.ui.shared.link import Shared, parse_shared
from ae_models.ui.shared.markdown import escape_markdown

COLUMNS = 3


def index() -> None:
    """Draw the cards, in the presenter's look where the address says so."""
    shared = Shared(present=parse_shared(state.address(), ()).present)
    sharing.look(shared)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.title("The subject in exhibits", anchor=False, width="stretch")
    sharing.leave(row, shared, state.go)
    st.markdown(":gray[Guess first. Then see what real data say, and change what matters.]")
    order = list(EXHIBITS)
    for start in range(0, len(order), COLUMNS):
        for column, name in zip(st.columns(COLUMNS), order[start : start + COLUMNS], strict=False):
            with column:
                _card(name, shared)
    with st.expander("The words, explained"):
        for term, meaning in terms().items():
            st.markdown(f"**{escape_markdown(term)}**: {meaning}")


def _card(name: str, shared: Shared) -> None:
    text = lesson(name)
    with st.container(border=True, height="stretch", key=f"panel-lesson-card-{name}"):
        st.markdown(f"### {EXHIBITS[name]} · {escape_markdown(text.title)}")
        st.markdown(f":gray[{text.lead}]")
        row = st.container(horizontal=True, vertical_alignment="center")
        row.button(
            "Open" if name not in state.answers() else "Open again",
            key=f"lesson-open-{name}",
            on_click=lambda: state.go(lesson=name, **shared.address()),
        )
        if name in state.answers():
            row.markdown(":green[:material/check:] :gray[seen]", width="content")


asked = state.address().get("lesson", "")
if asked in EXHIBITS:
    exhibit_page.render(asked)
else:
    if asked:
        st.warning(
            escape_markdown(f"lesson in the address must be one of {', '.join(EXHIBITS)}: got “{asked[:40]}”"),
            icon=":material/info:",
        )
    index()

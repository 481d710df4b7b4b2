"""Trainings that were interrupted: each can go on from its last whole epoch."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.base import UserError
from ae_models.runs import unfinished_runs
from ae_models.ui import state
from ae_models.ui.shared.bar import escape_markdown
from ae_models.ui.visitor import visitor

_SAID, _GONE_ON = "interrupted-said", "interrupted-gone-on"


def draw(engine: jobs.Engine | None) -> None:
    """List what waits to be gone on with; without an engine, the command that does it."""
    said, job_id = str(state.get(_SAID) or ""), str(state.get(_GONE_ON) or "")
    if said:
        st.error(escape_markdown(said), icon=":material/error:")
    if job_id:
        state.put(_GONE_ON, "")
        st.switch_page("train/page.py", query_params={"job": job_id})
    if engine is None:
        for run_id in unfinished_runs().ids():
            st.warning(f"“{run_id}” was interrupted. Go on with it: python -m ae_models train --resume {run_id}")
        return
    for job in engine.jobs():
        if job.state == "interrupted" and visitor().is_maker(job.owner):
            row = st.container(border=True, horizontal=True, vertical_alignment="center", key=f"job-row-{job.id}")
            row.markdown(
                f"**{escape_markdown(job.title)}** was interrupted  \n:gray[{escape_markdown(job.error)}]",
                width="stretch",
            )
            if job.can_go_on:
                row.button("Go on", key=f"on-{job.id}", icon=":material/resume:", on_click=_go_on, args=(engine, job))


def _go_on(engine: jobs.Engine, job: jobs.Job) -> None:
    state.put(_SAID, "")
    try:
        state.put(_GONE_ON, engine.go_on(job.id, visitor()).id)
    except UserError as mistake:
        state.put(_SAID, str(mistake))

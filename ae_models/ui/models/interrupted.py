"""Trainings that were interrupted: each can go on from its last whole epoch."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ae_models import jobs
from ae_models.jobs import leftovers
from ae_models.runs import unfinished_runs
from ae_models.ui import state
from ae_models.ui.shared import broken, ownership
from ae_models.ui.shared.actions import attempt, reason
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.visitor import visitor

_SAID, _GONE_ON = "interrupted-said", "interrupted-gone-on"


def render(engine: jobs.Engine | None) -> None:
    """List what waits to be gone on with; without an engine, the command that does it."""
    said, job_id = reason(_SAID), str(state.get(_GONE_ON) or "")
    if said:
        st.error(escape_markdown(said), icon=":material/error:")
    if job_id:
        state.put(_GONE_ON, "")
        st.switch_page("train/page.py", query_params={"job": job_id})
    damaged = leftovers.damaged()
    for bad in damaged:
        delete = partial(attempt, _SAID, partial(leftovers.remove, bad.id, visitor()))
        broken.row(bad.why, f"unfinished-{bad.id}", delete if ownership.is_mine(bad.owner) else None)
    if engine is None:
        for run_id in sorted(set(unfinished_runs().ids()) - {bad.id for bad in damaged}):
            st.warning(f"“{run_id}” was interrupted. Go on with it: python -m ae_models train --resume {run_id}")
        return
    for job in engine.jobs():
        if job.state == "interrupted" and visitor().is_maker(job.owner):
            with broken.alone(job.id):
                _row(engine, job)


def _row(engine: jobs.Engine, job: jobs.Job) -> None:
    row = st.container(border=True, horizontal=True, vertical_alignment="center", key=f"job-row-{job.id}")
    words = f"**{escape_markdown(job.title)}** was interrupted  \n:gray[{escape_markdown(job.error)}]"
    row.markdown(words, width="stretch")
    if job.can_go_on:
        go_on = partial(_go_on, engine, job.id)
        row.button("Go on", key=f"on-{job.id}", icon=":material/resume:", on_click=attempt, args=(_SAID, go_on))


def _go_on(engine: jobs.Engine, job_id: str) -> None:
    state.put(_GONE_ON, engine.go_on(job_id, visitor()).id)

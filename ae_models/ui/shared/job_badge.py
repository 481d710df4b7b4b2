"""A word in the corner of every page while a job of this person goes on: how far it is, and the way to it."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.ui.shared import broken
from ae_models.ui.visitor import visitor

_EVERY = 2.0


def render() -> None:
    """Draw the word where a job goes on; only it runs again, never the page around it."""
    engine = jobs.current()
    with broken.alone("What goes on"):
        if engine is not None and _going(engine) is not None:
            st.fragment(_badge, run_every=_EVERY)(engine)


def _going(engine: jobs.Engine) -> jobs.Job | None:
    mine = [job for job in engine.jobs(visitor().id) if not job.is_over and job.recipe in ("train", "project")]
    return max(mine, key=lambda job: (job.state != "queued", job.created), default=None)


def _badge(engine: jobs.Engine) -> None:
    job = _going(engine)
    with st.container(key="job-badge"):
        if job is None:
            st.page_link("train/page.py", label="Done", icon=":material/check:")
            return
        what = "Training" if job.recipe == "train" else "Map"
        how = "waits" if job.state == "queued" else f"{100 * job.share:.0f} %"
        address = {"job": job.id}
        st.page_link("train/page.py", label=f"{what}: {how}", icon=":material/progress_activity:", query_params=address)

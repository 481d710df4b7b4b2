"""A job's state in words."""

from __future__ import annotations

import streamlit as st

from ae_models.jobs import Engine, Job
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.train.estimate import duration

_STATES = {
    "queued": "Waits for its turn",
    "starting": "On its way to a worker",
    "running": "Running",
    "stopping": "Stopping: what was learned is being kept",
    "done": "Done",
    "failed": "Failed",
    "stopped": "Stopped",
    "interrupted": "Interrupted",
}


def warn(engine: Engine) -> None:
    """Say where the workers are gone."""
    condition = engine.condition()
    if condition.state in ("lost", "failed"):
        st.warning(escape_markdown(condition.words), icon=":material/cloud_off:")


def line(job: Job) -> str:
    """Return one line that says how far a job is."""
    parts = [_STATES[job.state]]
    if job.state == "queued":
        parts = [f"{_STATES['queued']}: place {job.place} in the queue" if job.place else _STATES["queued"]]
    elif job.state == "running":
        parts = [f"{100 * job.share:.0f} %", escape_markdown(job.line)]
        if job.seconds_left is not None:
            parts.append(f"{duration(job.seconds_left)} left")
    elif job.is_over:
        if job.started and job.ended > job.started:
            parts[0] += f" after {duration(job.ended - job.started)}"
        if job.kept and job.state != "done":
            parts.append(f"epoch {job.kept} is kept")
    return " · ".join(part for part in parts if part)

"""The jobs of this person, a row each, with what can be done; for the server's owner those of all others, too."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from ae_models import jobs
from ae_models.ui import state
from ae_models.ui.shared import broken
from ae_models.ui.shared.actions import attempt, icon_button, reason
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.train import job_words
from ae_models.ui.visitor import visitor

_MOST = 8
_SAID = "jobs-said"


def render(engine: jobs.Engine) -> None:
    """Draw the newest jobs of this person; while one goes on, this part runs again each second."""
    going = any(not job.is_over for job in _shown(engine))
    st.fragment(_rows, run_every=1.0 if going else None)(engine, going)


def _shown(engine: jobs.Engine) -> list[jobs.Job]:
    """Return this person's jobs and those that are nobody's, those that go on first, then the newest."""
    asking = visitor()
    return _sorted(job for job in engine.jobs() if asking.is_maker(job.owner))


def _others(engine: jobs.Engine) -> list[jobs.Job]:
    """Return the jobs of others that this person may change: none but for the server's owner, and at one's own desk."""
    asking = visitor()
    others = [job for job in engine.jobs() if not asking.is_maker(job.owner)]
    return _sorted(others) if asking.may_change_all else []


def _sorted(found: Iterable[jobs.Job]) -> list[jobs.Job]:
    shown = [job for job in found if job.recipe in ("train", "project")]
    return sorted(shown, key=lambda job: (job.is_over, -job.created))[:_MOST]


def _rows(engine: jobs.Engine, were_going: bool) -> None:
    shown = _shown(engine)
    if state.parameter("job") or any(not job.is_over for job in shown) != were_going:
        st.rerun()
    job_words.warn(engine)
    for bad in engine.damaged():
        delete = partial(attempt, _SAID, partial(engine.forget_damaged, bad.id, visitor()))
        broken.row(bad.why, f"forget-{bad.id}", delete if visitor().may_change(bad.owner) else None)
    if shown:
        st.markdown("#### Your trainings and maps")
    if said := reason(_SAID):
        st.warning(escape_markdown(said), icon=":material/info:")
    for job in shown:
        with broken.alone(job.id):
            _row(engine, job)
    others = _others(engine)
    if others and st.toggle(f"Show what others ordered ({len(others)})", key="jobs-others"):
        for job in others:
            with broken.alone(job.id):
                _row(engine, job)


def _row(engine: jobs.Engine, job: jobs.Job) -> None:
    row = st.container(border=True, horizontal=True, vertical_alignment="center", key=f"job-row-{job.id}")
    words = escape_markdown(job.error) if job.error else job_words.line(job)
    row.markdown(f"**{escape_markdown(job.title)}**  \n:gray[{words}]", width="stretch")
    if not job.is_over:
        row.progress(min(1.0, max(0.0, job.share)), width=160)
    if job.recipe in ("train", "project"):
        row.button(
            "Watch" if not job.is_over else "Look", key=f"look-{job.id}", on_click=state.go, kwargs={"job": job.id}
        )
    if job.can_go_on and job.state != "done":
        row.button("Go on", key=f"on-{job.id}", icon=":material/resume:", on_click=_go_on, args=(engine, job))
    if not job.is_over:
        stop = partial(engine.stop, job.id, visitor())
        row.button("Stop", key=f"stop-{job.id}", icon=":material/stop:", on_click=attempt, args=(_SAID, stop))
    if job.is_over:
        forget = partial(attempt, _SAID, partial(engine.forget, job.id, visitor()))
        icon_button(row, "close", f"forget-{job.id}", "Take it from this list. The model it made stays.", forget)


def _go_on(engine: jobs.Engine, job: jobs.Job) -> None:
    attempt(_SAID, lambda: state.go(job=engine.go_on(job.id, visitor()).id))

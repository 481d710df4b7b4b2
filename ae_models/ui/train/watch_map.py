"""Watch a map being fitted: how far it is, a coarse preview, then the map; a second seed beside the first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from ae_models import datasets, jobs
from ae_models.base import FloatArray, IntArray, UserError
from ae_models.base.config import label_of
from ae_models.base.procrustes import procrustes
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.recipes import ProjectionRequest
from ae_models.ui import state
from ae_models.ui.routes import blob_of, publish
from ae_models.ui.shared import run_data
from ae_models.ui.shared.actions import attempt
from ae_models.ui.shared.canvas.watching import LiveMap, live_map
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.train import job_words, map_form
from ae_models.ui.view import THIRD
from ae_models.ui.visitor import visitor

_EVERY = 0.5
_HIGH = 430
_STOP = "watch-map-stop"


@dataclass(frozen=True, eq=False)
class Shown:
    """The points of a map as they are now, and what they are."""

    points: FloatArray
    ids: IntArray
    note: str


def render(engine: jobs.Engine, job: jobs.Job) -> None:
    """Draw the map of a job, and beside it that of another seed where the address names one."""
    try:
        ProjectionRequest.from_dict(job.order)
    except UserError as mistake:  # its data set was deleted, say
        st.error(escape_markdown(f"{job.title}: {mistake}"), icon=":material/error:")
        st.button("New map", on_click=state.go)
        return
    second = engine.get(state.parameter("beside"))
    if second is not None and (second.recipe != "project" or not _alike(job, second)):
        second = None
    pair = [job] if second is None else [job, second]
    over = all(one.is_over for one in pair)
    asked = state.parameter("beside")
    st.fragment(_panel, run_every=None if over else _EVERY)(engine, [one.id for one in pair], over, asked)


def _alike(first: jobs.Job, second: jobs.Job) -> bool:
    keys = ("method", "dataset", "variant")
    dims = [one.order["settings"].get("n_components") for one in (first, second)]
    return all(first.order[key] == second.order[key] for key in keys) and dims[0] == dims[1]


def _panel(engine: jobs.Engine, job_ids: list[str], were_over: bool, asked: str) -> None:
    pair = [job for job in map(engine.get, job_ids) if job is not None]
    elsewhere = (state.parameter("job"), state.parameter("beside")) != (job_ids[0], asked)
    if elsewhere or len(pair) != len(job_ids) or all(job.is_over for job in pair) != were_over:
        st.rerun()
    request = ProjectionRequest.from_dict(pair[0].order)
    row = st.container(horizontal=True, vertical_alignment="center", key="watch-head")
    title = PROJECTIONS.entry(request.method).title
    row.markdown(
        f"### {escape_markdown(title)} :gray[· {escape_markdown(datasets.source(request.dataset).title)}]",
        width="stretch",
    )
    if request.method == "pca" or request.method in run_data.neighbour_maps(request.dataset):
        address = {"data": request.dataset, "dim": str(request.config.model_dump()["n_components"])}
        if request.method not in ("pca", THIRD):
            address["map"] = request.method
        row.page_link(
            "explore/page.py", label="Open on the canvas", icon=":material/open_in_new:", query_params=address
        )
    if "seed" in request.config.model_dump() and len(pair) == 1:
        row.button(
            "Another seed beside it", icon=":material/add:", on_click=_another, args=(engine, request, pair[0].id)
        )
    row.button("New map", icon=":material/tune:", on_click=state.go)
    job_words.warn(engine)
    shown = [_shown(engine, job) for job in pair]
    if len(pair) == 2:
        shown = _aligned(shown)
    columns = st.columns([7, 5] if len(pair) == 1 else 2, gap="medium")
    for column, job, one in zip(columns, pair, shown, strict=False):
        with column, st.container(border=True, key=f"card-map-{job.id}", height="stretch"):
            _one(engine, job, one)
    if len(pair) == 1:
        with columns[1], st.container(border=True, key="card-map-facts", height="stretch"):
            _facts(request)
    if len(pair) == 2 and all(one is not None for one in shown):
        st.caption(
            "The second is moved, turned or mirrored, and scaled as a whole to lie on the first as nearly as it can "
            "(Procrustes): what is still different is what the seed decides."
        )


def _shown(engine: jobs.Engine, job: jobs.Job) -> Shown | None:
    """Return the finished map, else its preview, else None."""
    if job.embedding:
        for folder in (maps.own_embeddings(), maps.shipped_embeddings()):
            try:
                found = run_data.stored_map(folder, job.embedding)
            except UserError:
                continue
            on = f"{found.fitted_on['n']:,} training {datasets.kind_of(found.dataset).samples}"
            return Shown(found.points, found.ids, f"fitted on {on} · {found.seconds:.0f} s · {found.version}")
    live = engine.live(job.id)
    if len(live.points):
        return Shown(live.points.astype(np.float32), live.ids, live.note)
    return None


def _aligned(shown: list[Shown | None]) -> list[Shown | None]:
    first, second = shown
    if first is None or second is None or not np.array_equal(first.ids, second.ids):
        return shown
    return [first, Shown(procrustes(second.points, first.points), second.ids, second.note)]


def _one(engine: jobs.Engine, job: jobs.Job, shown: Shown | None) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown(f"**{escape_markdown(job.title)}**", width="stretch")
    if not job.is_over and visitor().is_maker(job.owner):
        stop = partial(engine.stop, job.id, visitor())
        row.button("Cancel", key=f"stop-{job.id}", icon=":material/stop:", on_click=attempt, args=(_STOP, stop))
    if job.state != "done":
        st.progress(min(1.0, max(0.0, job.share)), text=job_words.line(job))
    if job.error:
        (st.error if job.state == "failed" else st.warning)(escape_markdown(job.error), icon=":material/info:")
    points = np.zeros((0, 2), np.float16) if shown is None else _half(shown.points)
    ids = np.zeros(0, np.int32) if shown is None else shown.ids
    labels, names = run_data.labels_of(job.order["dataset"], job.order["variant"], ids)
    axes = ("component 1", "component 2") if job.order["method"] == "pca" else ()
    url = None if shown is None else publish(blob_of(points))
    drawn = LiveMap(url, len(points), points.shape[1], publish(blob_of(labels)), _HIGH, names, axes, equal=True)
    live_map(drawn, key=f"map-{job.id}")
    words = ["" if job.order["method"] == "pca" else "axes mean nothing; nor do gaps and sizes"]
    words.append("the first two of three numbers" if job.order["settings"].get("n_components") == 3 else "")
    words.append(shown.note if shown else "the first coarse map takes a few seconds")
    st.caption(escape_markdown(" · ".join(word for word in words if word)))


def _facts(request: ProjectionRequest) -> None:
    entry, kind = PROJECTIONS.entry(request.method), datasets.kind_of(request.dataset)
    st.markdown(f"**{escape_markdown(entry.title)}**: {escape_markdown(kind.say(entry.summary))}")
    values = request.config.model_dump()
    rows = [
        f"| {escape_markdown(kind.say(label_of(type(request.config), name)))} | {escape_markdown(str(value))} |"
        for name, value in values.items()
    ]
    st.markdown("\n".join(["| Setting | |", "|:--|--:|", *rows]))
    if "seed" in values:
        st.markdown(
            ":gray[Which of what you see is in the data, and which is chance? Fit it again with another seed, and lay "
            "the two side by side.]"
        )
    st.code(map_form.line_of(request), language="bash", wrap_lines=True)


def _half(points: FloatArray) -> np.ndarray:
    """Return points centred and scaled to the range in which 16 bits are fine enough for a screen."""
    centred = points - points.mean(axis=0)
    half: np.ndarray = (centred / max(float(np.abs(centred).max()), 1e-9) * 100).astype(np.float16)
    return half


def _another(engine: jobs.Engine, request: ProjectionRequest, job_id: str) -> None:
    values = request.config.model_dump()
    config = type(request.config)(**{**values, "seed": values["seed"] + 1})
    map_form.submit(engine, ProjectionRequest(request.method, config, request.dataset, request.variant), beside=job_id)

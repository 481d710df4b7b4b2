"""Watch a training: how far it is, its curves, its map, eight pictures getting better; stop it, go on with it."""

from __future__ import annotations

import streamlit as st

from ae_models import datasets, jobs
from ae_models.base import UserError
from ae_models.base.config import TrainConfig
from ae_models.cli.lines import line_of
from ae_models.figures.learning import learning_curves
from ae_models.kinds.glossary import tip
from ae_models.recipes import TrainRequest
from ae_models.runs.scoring import numbers
from ae_models.ui import state
from ae_models.ui.routes import blob_of, publish
from ae_models.ui.shared import run_data
from ae_models.ui.shared.actions import attempt, reason
from ae_models.ui.shared.canvas.components import chart
from ae_models.ui.shared.canvas.watching import LiveMap, growth, live_map
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.train import changes, job_words, train_form, watch_map
from ae_models.ui.train.config_form import setting
from ae_models.ui.visitor import visitor

_EVERY = 0.5  # seconds: twice a second
_HIGH = 330
_WIDTHS = (7, 5)
_SAID = "watch-said"
_FLOOR = "Where the input is spoilt: reduced-rank regression, which is to such input what PCA is to clean."


def render(engine: jobs.Engine, job_id: str) -> None:
    """Draw a training; while it goes on, only this part of the page runs again."""
    job = engine.get(job_id)
    if job is None:
        st.warning(f"There is no training “{escape_markdown(job_id)}” here any more.", icon=":material/info:")
        st.button("Train a new one", on_click=state.go)
        return
    if job.recipe == "project":
        watch_map.render(engine, job)
        return
    if job.recipe != "train":
        st.info(f"“{escape_markdown(job.title)}” shows nothing to watch.")
        return
    try:
        TrainRequest.from_dict(job.order)
    except UserError as mistake:  # its data set was deleted, say
        st.error(escape_markdown(f"{job.title}: {mistake}"), icon=":material/error:")
        st.button("Train a new one", on_click=state.go)
        return
    st.fragment(_panel, run_every=None if job.is_over else _EVERY)(engine, job_id, job.is_over)
    if job.run:
        changes.render(job.run)


def _panel(engine: jobs.Engine, job_id: str, was_over: bool) -> None:
    job = engine.get(job_id)
    if job is None or job.is_over != was_over or state.parameter("job") != job_id:
        st.rerun()  # it began or came to its end, and how often this runs changes with it; or another is looked at
    assert job is not None  # st.rerun ended this run
    request = TrainRequest.from_dict(job.order)
    live = engine.live(job_id)
    _head(engine, job, request)
    _progress(engine, job)
    left, right = st.columns(_WIDTHS, gap="medium")
    loss = request.design.loss(request.training)
    high = _HIGH if loss == "sse" and not _regularised(request) else _HIGH + 130  # more plots
    with left, st.container(border=True, key="watch-curves", height="stretch"):
        _curves(request, live, loss, high)
    with right, st.container(border=True, key="watch-map", height="stretch"):
        _map(request, live, high - 46, "Its map" if job.state == "done" else "The map so far")
    left, right = st.columns(_WIDTHS, gap="medium")
    with left, st.container(border=True, key="watch-growth", height="stretch"):
        _pictures(request, live)
    with right, st.container(border=True, key="watch-facts", height="stretch"):
        _facts(request, live)


def _head(engine: jobs.Engine, job: jobs.Job, request: TrainRequest) -> None:
    mine = visitor().is_maker(job.owner)
    row = st.container(horizontal=True, vertical_alignment="center", key="watch-head")
    data = datasets.source(request.dataset).title
    row.markdown(f"### {escape_markdown(job.title)} :gray[· {escape_markdown(data)}]", width="stretch")
    if job.run:
        address = {"data": request.dataset, "run": job.run, "dim": str(min(3, max(2, request.design.latent_dim)))}
        row.page_link(
            "explore/page.py", label="Open on the canvas", icon=":material/open_in_new:", query_params=address
        )
    if not job.is_over and mine:
        row.button(
            "Stop",
            icon=":material/stop:",
            key="watch-stop",
            disabled=job.state == "stopping",
            on_click=attempt,
            args=(_SAID, lambda: engine.stop(job.id, visitor())),
            help="Ends within two seconds and keeps what was learned.",
        )
    if job.can_go_on and job.state == "done":
        with row.popover("Train on", icon=":material/resume:", width="content"):
            more = setting(TrainConfig, "epochs", f"watch-more-{job.id}", limit=jobs.limits().epochs)
            st.button("Train on", type="primary", key="watch-on", on_click=_go_on, args=(engine, job, more))
            st.caption("A new model begins with this one’s weights; this one stays.")
    elif job.can_go_on and mine:
        row.button("Go on", icon=":material/resume:", key="watch-on", on_click=_go_on, args=(engine, job))
    row.button("Change and train", icon=":material/tune:", key="watch-change", on_click=_change, args=(job,))
    if not mine:
        st.caption("This is another person’s training: you can watch it, not change it.")


def _progress(engine: jobs.Engine, job: jobs.Job) -> None:
    st.progress(min(1.0, max(0.0, job.share)), text=job_words.line(job))
    job_words.warn(engine)
    for words in filter(None, (reason(_SAID), job.error)):
        (st.error if job.state == "failed" else st.warning)(escape_markdown(words), icon=":material/info:")


def _curves(request: TrainRequest, live: jobs.Live, loss: str, high: int) -> None:
    samples = datasets.kind_of(request.dataset).samples
    figure = learning_curves(
        live.epochs,
        live.steps,
        n_epochs=request.training.epochs,
        loss=loss,
        floor=live.floor,
        crossed=live.crossed,
        floor_name=f"the linear model that fits the training {samples} best, {numbers(request.design.latent_dim)}",
        height=high,
    )
    chart(figure, key="curves", height=high, label=f"Curves of the error. {_verdict(request, live)}")


def _regularised(request: TrainRequest) -> bool:
    return request.design.penalty != "none" or request.design.model_config.has_regulariser


def _facts(request: TrainRequest, live: jobs.Live) -> None:
    """Say where the error stands against the best linear model."""
    names = st.columns(3)
    now = None if live.newest is None else live.newest["heldout_sse"]
    kind = datasets.kind_of(request.dataset)
    names[0].metric("Held-out error", _figure(now), help=tip("SSE", kind=kind))
    names[1].metric("Best linear", _figure(live.floor), help=f"{tip('PCA', kind=kind)} {_FLOOR}")
    names[2].metric("Passed it at epoch", _figure(live.crossed))
    last = live.epochs[-1] if live.epochs else live.newest
    if last and _regularised(request):
        st.markdown(
            f"Reconstruction {last['train_reconstruction']:.2f} + regulariser {last['train_regulariser']:.2f} "
            ":gray[is what training makes small]"
        )
    st.markdown(f":gray[{_verdict(request, live)}]")
    if not request.start:
        st.code(line_of(request), language="bash", wrap_lines=True)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _verdict(request: TrainRequest, live: jobs.Live) -> str:
    """Return where the error stands, in a sentence."""
    newest = live.newest
    if newest is None:
        return "The first numbers come with the first steps."
    if live.floor is None:
        return "The best linear model for comparison is still being found."
    now, samples = newest["heldout_sse"], datasets.kind_of(request.dataset).samples
    if now < live.floor:
        return (
            f"On held-out {samples} its error is {100 * (1 - now / live.floor):.0f} % less than that of the linear "
            f"model of this size that fits the training {samples} best."
        )
    return f"On held-out {samples} not better than the linear model of this size that fits the training {samples} best."


def _map(request: TrainRequest, live: jobs.Live, high: int, title: str) -> None:
    n, width = live.points.shape
    labels, names = run_data.labels_of(request.dataset, request.variant, live.ids)
    shown = [f"z{dim + 1}" for dim in live.dims[:2]] or ["z1", "z2"][: request.design.latent_dim]
    samples = datasets.kind_of(request.dataset).samples
    st.markdown(f"**{title}** :gray[{f'{n:,} held-out {samples}' if n else ''}]")
    points = publish(blob_of(live.points)) if n else None
    live_map(LiveMap(points, n, width, publish(blob_of(labels)), high, names, shown), key="livemap")


def _pictures(request: TrainRequest, live: jobs.Live) -> None:
    kind = datasets.kind_of(request.dataset)
    title = f"The same eight held-out {kind.samples}, drawn again and again"
    if not len(live.example_ids):
        st.markdown(f"**{title}** :gray[they come with the first steps]")
        return
    st.markdown(f"**{title}**")
    corrupted = request.design.corruption != "none"
    growth(
        [(when, publish(blob_of(frame))) for when, frame in zip(live.frame_epochs, live.frames, strict=True)],
        wanted_url=publish(blob_of(live.wanted)),
        seen_url=publish(blob_of(live.seen)) if corrupted else None,
        names=[f"test {kind.sample} #{number}" for number in live.example_ids],
        shape=live.wanted.shape[1:],
        seen_shape=live.seen.shape[1:],
        n_epochs=request.training.epochs,
        key="growth",
    )


def _go_on(engine: jobs.Engine, job: jobs.Job, epochs: int | None = None) -> None:
    attempt(_SAID, lambda: state.go(job=engine.go_on(job.id, visitor(), epochs=epochs).id))


def _change(job: jobs.Job) -> None:
    train_form.load(job.order)
    state.go()

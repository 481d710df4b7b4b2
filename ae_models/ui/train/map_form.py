"""Fit a map: which method on which data, with which settings; it is fitted elsewhere, like a training."""

from __future__ import annotations

import streamlit as st

from ae_models import datasets, jobs
from ae_models.base import UserError
from ae_models.base.config import NoConfig
from ae_models.kinds import IMAGE
from ae_models.kinds.glossary import terms
from ae_models.projections import PROJECTIONS
from ae_models.recipes import ProjectionRequest
from ae_models.ui import state
from ae_models.ui.shared.actions import attempt, reason
from ae_models.ui.shared.bar import available_datasets
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.train.config_form import settings
from ae_models.ui.visitor import visitor

_SAID = "map-said"
_FIRST = "umap"


def render(engine: jobs.Engine | None) -> None:
    """Draw the form and its button."""
    if engine is not None:
        engine.expect_maps()
    _presets()
    left, right = st.columns([5, 7], gap="medium")
    with left, st.container(border=True, key="map-form"):
        request, mistake = _choose()
    with right, st.container(border=True, key="map-outlook"):
        method = str(state.get("map-method"))
        entry, kind = PROJECTIONS.entry(method), IMAGE if request is None else datasets.kind_of(request.dataset)
        st.markdown(f"**{entry.title}**  \n{kind.say(entry.summary)}", help=terms(kind).get(entry.title))
        if request is not None:
            name = datasets.source(request.dataset).title
            st.markdown(
                f":gray[It is fitted on the training {kind.samples} of {escape_markdown(name)} and then places the "
                "held-out ones, as an autoencoder does. A map that was fitted before with the same settings is there "
                "at once.]"
            )
        row = st.container(horizontal=True, vertical_alignment="center")
        row.button(
            "Fit the map",
            type="primary",
            icon=":material/play_arrow:",
            disabled=request is None or engine is None,
            on_click=submit,
            args=(engine, request),
        )
        if said := mistake or reason(_SAID):
            row.markdown(f":red[{escape_markdown(said)}]", width="stretch")
        if engine is None:
            st.info("Fitting needs the server: python -m streamlit run dashboard.py. Or on the command line:")
        if request is not None:
            with st.expander("The same on the command line", expanded=engine is None):
                st.code(line_of(request), language="bash", wrap_lines=True)


def _choose() -> tuple[ProjectionRequest | None, str]:
    wide, narrow = st.columns([2, 1])
    names = available_datasets()
    titles = {name: datasets.source(name).title for name in names}
    dataset = wide.selectbox(
        "Data", names, format_func=lambda name: titles.get(name, name), key="map-data", persist_state="session"
    )
    state.start("map-dim", 2)
    dim = narrow.segmented_control(
        "Map", [2, 3], format_func="{}-D".format, key="map-dim", required=True, persist_state="session"
    )
    state.start("map-method", _FIRST)
    method = st.selectbox(
        "Method",
        list(PROJECTIONS),
        format_func=lambda name: PROJECTIONS.entry(name).title,
        key="map-method",
        persist_state="session",
    )
    values = settings(PROJECTIONS.entry(method).config or NoConfig, f"map-{method}", without=("n_components",))
    try:
        return ProjectionRequest.of(method, dataset, int(dim or 2), settings=values), ""
    except UserError as mistake:
        return None, str(mistake)


def submit(engine: jobs.Engine, request: ProjectionRequest, beside: str = "") -> None:
    """Order a map and go to where it can be watched; ``beside`` is the job whose map it is to be laid on."""

    def ordered() -> None:
        job = engine.submit("project", request.to_dict(), visitor(), title_of(request))
        state.go(**({"job": beside, "beside": job.id} if beside else {"job": job.id}))

    attempt(_SAID, ordered)


def title_of(request: ProjectionRequest) -> str:
    """Return what a map is called: "UMAP of MNIST digits, 2-D, seed 1"."""
    values = request.config.model_dump()
    seed = f", seed {values['seed']}" if "seed" in values else ""
    title = PROJECTIONS.entry(request.method).title
    return f"{title} of {datasets.source(request.dataset).title}, {values['n_components']}-D{seed}"


def line_of(request: ProjectionRequest) -> str:
    """Return the command that fits what a request asks for."""
    values = request.config.model_dump()
    fields = type(request.config).model_fields
    dim = values.pop("n_components")
    pairs = [f"{name}={value}" for name, value in values.items() if value != fields[name].default]
    more = f" --set {' '.join(pairs)}" if pairs else ""
    return f"python -m ae_models project {request.method} --dataset {request.dataset} --dim {dim}{more}"


def _presets() -> None:
    wanted = state.take("data", "method")
    if wanted.get("data") in available_datasets():
        state.put("map-data", wanted["data"])
    if wanted.get("method") in PROJECTIONS:
        state.put("map-method", wanted["method"])

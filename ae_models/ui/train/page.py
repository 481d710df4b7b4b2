"""Train: choose, see what it will be, start it, watch it happen."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.ui import state
from ae_models.ui.shared import ownership
from ae_models.ui.train import job_list, map_form, train_form, watch

WHAT = {
    "train": ("Train your own. What will it learn?", "Choose, look at the network, start.", "An autoencoder"),
    "map": ("Fit a map. Who stays together?", "Choose a method and its settings, start.", "A map"),
}

engine = jobs.current()
job_id = state.parameter("job")

if job_id and engine is not None:
    watch.render(engine, job_id)
else:
    if state.take("what").get("what") == "map":
        state.put("train-what", "map")
    state.start("train-what", "train")
    title, line, _ = WHAT[str(state.get("train-what"))]
    st.title(title, anchor=False)
    st.markdown(f":gray[{line} It runs beside the pages: go on using all of them. {ownership.line()}]")
    what = st.segmented_control(
        "What",
        list(WHAT),
        format_func=lambda name: WHAT[name][2],
        key="train-what",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    (map_form if what == "map" else train_form).render(engine)
    if engine is not None:
        job_list.render(engine)

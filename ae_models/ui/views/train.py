"""Train: choose, see what it will be, start it, watch it happen."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.ui import state
from ae_models.ui.widgets import job_list, map_form, train_form, watch

WHAT = {"train": "An autoencoder", "map": "A map: UMAP, t-SNE, PCA"}

engine = jobs.current()
job_id = state.parameter("job")

if job_id and engine is not None:
    watch.draw(engine, job_id)
else:
    st.title("Train your own. What will it learn?", anchor=False)
    st.markdown(":gray[Choose, look at the network, start. It trains beside the pages: go on using all of them.]")
    if state.take("what").get("what") == "map":
        state.put("train-what", "map")
    what = st.segmented_control(
        "What",
        list(WHAT),
        default="train",
        format_func=WHAT.get,
        key="train-what",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    if what == "map":
        map_form.draw(engine)
    else:
        train_form.draw(engine)
    if engine is not None:
        job_list.draw(engine)

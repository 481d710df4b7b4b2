"""Train: choose, see what it will be, start it, watch it happen."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.ui import state
from ae_models.ui.widgets import job_list, train_form, watch

engine = jobs.current()
job_id = state.parameter("job")

if job_id and engine is not None:
    watch.draw(engine, job_id)
else:
    st.title("Train your own. What will it learn?", anchor=False)
    st.markdown(":gray[Choose, look at the network, start. It trains beside the pages: go on using all of them.]")
    train_form.draw(engine)
    if engine is not None:
        job_list.draw(engine)

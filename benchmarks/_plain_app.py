"""A plain Streamlit app: a slider a number, decode in the script, ``st.image``. Measured beside the canvas."""

import numpy as np
import streamlit as st

from ae_models.runs import Graphs, shipped_runs


@st.cache_resource
def graphs(run_id: str) -> Graphs:
    store = shipped_runs()
    return Graphs(store, store.read(run_id))


decoder = graphs(st.query_params.get("run", "mnist-dense-2d"))
point = [st.slider(f"z{dim + 1}", -10.0, 10.0, 0.0, 0.01) for dim in range(decoder.record.latent_dim)]
image = decoder.decode(np.array([point], np.float32))[0, 0].clip(0, 1)
st.image(1 - image, width=280)

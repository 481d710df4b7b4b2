"""Draw: what an encoder makes of a picture from outside."""

from __future__ import annotations

import streamlit as st

from ae_models import datasets
from ae_models.ui import state
from ae_models.ui.draw import drawing
from ae_models.ui.shared import bar, walk_spaces
from ae_models.ui.shared.run_data import run_list
from ae_models.ui.shared.strip import why

view = state.current(bar.available_datasets())
runs = run_list()
run = bar.choose_run(view, runs)

st.title("Draw a picture. What does it see?", anchor=False)
st.markdown(":gray[It is encoded while you draw, and moves over the maps. Then draw what it has never seen.]")
row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="draw-bar")
bar.pickers(row, view, runs)
bar.problems(view, runs)
is_drawable = datasets.kind_of(view.dataset).draws_by_hand
walk = walk_spaces.gather(view, run) if run is not None and is_drawable else None
if not is_drawable:
    st.info("These are rows of numbers: there is no picture to draw. Walk and Compare show them as bars or lines.")
elif isinstance(walk, walk_spaces.WalkSpaces):
    why(view)
    drawing.sees(walk)
    place = st.container()
    given = drawing.upload(walk)
    with place:
        drawing.render(walk, given)
        drawing.kept(walk)
    state.write_model(view)
elif walk is None:
    bar.no_run(view)
else:
    st.error(walk, icon=":material/error:")

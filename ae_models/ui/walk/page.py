"""Walk: what a decoder knows between its images."""

from __future__ import annotations

import streamlit as st

from ae_models import datasets
from ae_models.ui import state
from ae_models.ui.shared import bar, walk_spaces
from ae_models.ui.shared.run_data import run_list
from ae_models.ui.shared.strip import why
from ae_models.ui.walk import between, bits, grid, numbers, samples, sums

VIEWS = {  # these words stand in the address too
    "Between two": ("Choose two {samples}, or click dots on the maps, and walk from one to the other.", between),
    "Grid": ("What does every place of the code look like?", grid),
    "One number": ("What does each number of the code do, and what is lost without it?", numbers),
    "Few bits": ("What is {a_picture} worth, written as a few rounded numbers?", bits),
    "A - B + C": ("Can the difference between two {samples} be given to a third?", sums),
    "New pictures": ("Can it invent? And is that memory?", samples),
}

view = state.current(bar.available_datasets())
runs = run_list()
run = bar.choose_run(view, runs)

kind = datasets.kind_of(view.dataset)
st.title(f"What lies between the {kind.samples}?", anchor=False)
line = st.empty()
row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="walk-bar")
bar.pickers(row, view, runs)
chosen = row.segmented_control(
    "Walk",
    list(VIEWS),
    default="Between two",
    key="walk",
    required=True,
    bind="query-params",
)
words, module = VIEWS[str(chosen)]
line.markdown(f":gray[{' '.join([kind.say(words), datasets.scaling(view.dataset)]).strip()}]")
bar.problems(view, runs)
stage = walk_spaces.gather(view, run) if run is not None else None
if isinstance(stage, walk_spaces.WalkSpaces):
    why(view)
    if not between.nothing(stage):
        module.render(stage)
    state.write_model(view)
elif stage is None:
    bar.no_run(view)
else:
    st.error(stage, icon=":material/error:")

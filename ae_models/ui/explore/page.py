"""Explore: three maps of the same images, and what the point under the sliders looks like."""

from __future__ import annotations

import streamlit as st

from ae_models import datasets
from ae_models.canvas.captions import heading
from ae_models.ui import state
from ae_models.ui.explore import maps, save
from ae_models.ui.shared import bar, scene, sharing, strip
from ae_models.ui.shared.run_data import run_list
from ae_models.ui.view import View


@st.fragment
def explorer(view: View, shown: scene.Scene) -> None:
    """Draw what changes when a point is settled on or a dot is clicked: nothing else runs again."""
    known = len(view.problems)
    shown = scene.turned(view, shown)
    scene.settle(view, shown, "The point that was asked for")  # it may be another model's, left a moment before
    bar.lines(view.problems[known:])
    if view.decodes_here:
        decoded = scene.at(view, shown)
        strip.why(view)
        strip.render(view, shown, decoded)
        maps.render(view, shown)
        strip.neighbours(view, shown, decoded)
    else:
        maps.render(view, shown)
    state.write_address(view)


view = state.current(bar.available_datasets())
runs = run_list()
run = bar.choose_run(view, runs)

shape = datasets.source(view.dataset).shape
row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="explore-title")
row.title(heading(view.dim if run is None else run[1].latent_dim, shape), anchor=False, width="stretch")
sharing.leave(row, view.shared, view.leave_present)
hint = datasets.kind_of(view.dataset).say(
    "Move over a map: the {picture} is drawn from that point. Click a dot to keep its {sample}."
)
st.markdown(f":gray[{' '.join([hint, datasets.scaling(view.dataset)]).strip()}]")

alone = bar.choose_pca(view, runs) if run is None else None  # data that nobody has trained on yet
shown = run or alone
stage = scene.of(view, shown) if shown else None
if isinstance(stage, scene.Scene):
    scene.settle(view, stage)
sharing.dress(view.shared, "explore")
bar.render(view, runs, run)
bar.problems(view, runs)
sharing.task(view.shared)
if isinstance(stage, scene.Scene):
    if stage.alone:
        bar.only_pca(view)
    explorer(view, stage)
    save.window(view, scene.turned(view, stage))
elif stage is None:
    bar.no_run(view)
else:
    st.error(stage, icon=":material/error:")

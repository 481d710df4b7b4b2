"""My models: all that is here as cards, what was deleted lately, what was interrupted."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.runs import own_runs
from ae_models.ui.models import cards, interrupted, tools
from ae_models.ui.shared import ownership
from ae_models.ui.shared.run_data import run_list

runs = run_list()
found = [(store, run) for store, run in runs.runs if run.model.name != "pca" or store == own_runs()]  # one was sent
has_own = any(cards.is_own(record) for _, record in found)

st.title("My models", anchor=False)
st.markdown(
    ":gray[Everyone who uses this server sees the same ones. Those that ship with Latent Lab cannot be changed: "
    f"lessons and tests rest on them. {ownership.line()}]"
)
words, whose, sort = tools.bar(has_own)
tools.messages()
tools.recovery()
cards.render_damaged(runs.damaged)
interrupted.render(jobs.current())
shown = cards.chosen(found, words, whose, sort)
if shown:
    cards.render(shown)
elif words:
    st.info("No model has all these words.")
else:
    st.info("You have no models of your own yet.")
    st.page_link("train/page.py", label="Train one", icon=":material/model_training:")
tools.trash()
tools.edit_window()
ownership.sign_in_link()

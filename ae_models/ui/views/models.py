"""My models: all that is here as cards, what was deleted lately, what was interrupted."""

from __future__ import annotations

import streamlit as st

from ae_models import jobs
from ae_models.ui.cache import run_list
from ae_models.ui.widgets import interrupted, model_cards, model_tools, ownership

runs = run_list()
found = [run for run in runs.runs if run[1].model.name != "pca"]
has_own = any(model_cards.is_own(record) for _, record in found)

st.title("My models", anchor=False)
st.markdown(
    ":gray[Everyone who uses this server sees the same ones. Those that ship with Latent Lab cannot be changed: "
    f"lessons and tests rest on them. {ownership.line()}]"
)
words, whose, sort = model_tools.bar(has_own)
model_tools.messages()
model_tools.recovery()
model_cards.draw_damaged(runs.damaged)
interrupted.draw(jobs.current())
shown = model_cards.chosen(found, words, whose, sort)
if shown:
    model_cards.draw(shown)
elif words:
    st.info("No model has all these words.")
else:
    st.info("You have no models of your own yet.")
    st.page_link("views/train.py", label="Train one", icon=":material/model_training:")
model_tools.trash()
model_tools.edit_window()
ownership.sign_in_link()

"""Bring your own: images or numbers, a public set, a model, a map; each is looked at before anything is kept."""

from __future__ import annotations

import streamlit as st

from ae_models.ui.shared import ownership
from ae_models.ui.shared.opened_files import get_ready
from ae_models.ui.your_data import cards, coordinates, files, imported_models, public

VIEWS = {  # these words stand in the address too
    "Images or numbers": ("Drop files: you see what they are taken for before anything is kept.", files),
    "A public set": ("Fetched from where it is published, with its checksum.", public),
    "A model": (
        "An encoder and a decoder as ONNX files are tried on real images before they are kept.",
        imported_models,
    ),
    "A map": ("Points that were computed elsewhere, laid beside ours on Explore.", coordinates),
}

get_ready()
st.title("Does an autoencoder beat PCA on your images?", anchor=False)
line = st.empty()
chosen = st.segmented_control(
    "Bring", list(VIEWS), default="Images or numbers", key="bring", required=True, bind="query-params",
    label_visibility="collapsed",
)  # fmt: skip
words, module = VIEWS[str(chosen)]
line.markdown(f":gray[{words} {ownership.line()}]")
cards.messages()
cards.recovery()
module.render()
cards.render()

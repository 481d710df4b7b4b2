"""Clusters of a space's codes: found when a browser first asks for them, kept while somebody may ask again."""

from __future__ import annotations

import streamlit as st

from ae_models.latent.clusters import SEED, clusters, method_of
from ae_models.ui.routes import Blob, blob_later, publish
from ae_models.ui.shared.canvas import Clusters
from ae_models.ui.shared.scene import DecodedSpace


def clusters_of(space: DecodedSpace, split: str, k: int) -> Clusters:
    """Return the ``k`` clusters of all codes of a space."""
    found = _blob(space, str(space.store.root), space.record.id, space.record.digest, split, k)
    return Clusters(publish(found), method_of(*space.codes.values.shape, k), SEED)


@st.cache_resource(max_entries=64, show_spinner=False)
def _blob(_space: DecodedSpace, root: str, run_id: str, digest: str, split: str, k: int) -> Blob:
    codes = _space.codes.values
    name = f"clusters {k} {SEED} {root} {run_id} {digest} {_space.record.files['encoder.onnx'].sha256} {split}"
    return blob_later(f"{name} {len(codes)}", len(codes), lambda: clusters(codes, k))

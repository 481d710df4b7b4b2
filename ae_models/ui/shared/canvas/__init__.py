"""The latent canvas: linked maps, decoders in the browser, and small pictures, as Streamlit components.

Here live the Python face (``face`` with its ``nouns`` and what was ``said``, ``strip``), what runs in the browser
(``browser/``: plain ES modules, no build step; ``onnxruntime/``: the decoders' engine, vendored) and the routes that
bring it there (``assets``). No model, no data set and no session state may live here: what is drawn comes in as values
and addresses of arrays, and what a visitor settled on goes out as a ``CanvasState``.

The browser's modules carry their types in JSDoc; ``browser/jsconfig.json`` says how strictly. An editor with TypeScript
checks them as they stand; ``npx -p typescript tsc -p ae_models/canvas/browser/jsconfig.json`` does the same.
"""

from __future__ import annotations

from ae_models.canvas.types import Axis, Clusters, CodeSpace, Fields, Film, ImageSheet, MapPanel
from ae_models.ui.shared.canvas.component import latent_canvas
from ae_models.ui.shared.canvas.events import CanvasState
from ae_models.ui.shared.canvas.strip import Picture, pictures

__all__ = [
    "Axis",
    "CanvasState",
    "Clusters",
    "CodeSpace",
    "Fields",
    "Film",
    "ImageSheet",
    "MapPanel",
    "Picture",
    "latent_canvas",
    "pictures",
]

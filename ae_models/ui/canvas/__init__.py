"""The latent canvas: linked maps, decoders in the browser, and small pictures, as Streamlit components.

Here live the Python face (``face``, ``strip``), what runs in the browser (``browser/``: plain ES modules, no build
step; ``onnxruntime/``: the decoders' engine, vendored) and the routes that bring it there (``assets``). No model, no
data set and no session state may live here: what is drawn comes in as values and addresses of arrays, and what a
visitor settled on goes out as a ``CanvasState``.
"""

from __future__ import annotations

from ae_models.ui.canvas.face import Axis, CanvasState, CodeSpace, Film, MapPanel, Sheet, latent_canvas
from ae_models.ui.canvas.strip import Picture, pictures

__all__ = ["Axis", "CanvasState", "CodeSpace", "Film", "MapPanel", "Picture", "Sheet", "latent_canvas", "pictures"]

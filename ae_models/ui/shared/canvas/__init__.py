"""The latent canvas: linked maps, decoders in the browser, and small pictures, as Streamlit components.

Here live the components (``component``, ``strip``), what they say (``events``) and the routes that bring the browser
its files (``assets``). What they are given, and what runs in the browser, is in ``ae_models.canvas``. No model, no data
set and no session state may live here: what is drawn comes in as values and addresses of arrays, and what a visitor
settled on goes out as a ``CanvasState``.
"""

from __future__ import annotations

from ae_models.ui.shared.canvas.component import latent_canvas
from ae_models.ui.shared.canvas.events import CanvasState
from ae_models.ui.shared.canvas.strip import Picture, pictures

__all__ = ["CanvasState", "Picture", "latent_canvas", "pictures"]

"""The latent canvas: maps of the same images side by side, and small pictures, as Streamlit components.

Here live the Python face (``panels``, ``strip``), what runs in the browser (``browser/``: plain ES modules, no build
step) and the routes that bring it there (``assets``). No model, no data set and no session state may live here: what
is drawn comes in as values and addresses of arrays, and what is clicked goes out as an image's id.
"""

from __future__ import annotations

from ae_models.ui.canvas.panels import CanvasState, MapPanel, latent_maps
from ae_models.ui.canvas.strip import Picture, pictures

__all__ = ["CanvasState", "MapPanel", "Picture", "latent_maps", "pictures"]

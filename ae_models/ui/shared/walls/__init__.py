"""Walk and Draw as Streamlit components: walls of pictures that the decoders draw, and a sheet to draw on.

Here live their Python faces and what runs in the browser (``browser/``, served in one folder with the canvas's, whose
modules it imports). No model, no data set, no session state: values and addresses come in, what a visitor did goes out.
"""

from __future__ import annotations

from ae_models.canvas.walk_types import Block, Dot, Drawer, Placed, Reader, SmallMap
from ae_models.ui.shared.walls.component import draw, walk
from ae_models.ui.shared.walls.events import DrawState

__all__ = ["Block", "Dot", "DrawState", "Drawer", "Placed", "Reader", "SmallMap", "draw", "walk"]

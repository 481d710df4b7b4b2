"""Walk and Draw as Streamlit components: walls of pictures that the decoders draw, and a sheet to draw on.

What they are given is said in ``ae_models.canvas.walk_types``. No model, no data set, no session state: values and
addresses come in, what a visitor did goes out.
"""

from __future__ import annotations

from ae_models.ui.shared.walls.component import draw, walk
from ae_models.ui.shared.walls.events import DrawState

__all__ = ["DrawState", "draw", "walk"]

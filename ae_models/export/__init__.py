"""Work goes out: tables, a folder for the Embedding Projector, a script or notebook, a page in one file. No model.

Everything is given as arrays and text and comes back as bytes by file name; the recipes say what goes in.
"""

from __future__ import annotations

from ae_models.export.notebook import notebook
from ae_models.export.tables import TABLES, Columns, markdown, size_of, table, zipped
from ae_models.export.tensorboard import projector, sprite_side

__all__ = ["TABLES", "Columns", "markdown", "notebook", "projector", "size_of", "sprite_side", "table", "zipped"]

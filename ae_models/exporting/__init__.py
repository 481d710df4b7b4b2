"""Work goes out: tables of codes and maps, a folder for the Embedding Projector, a script, a page in one file. No page, no model.

Everything is given as arrays and text and comes back as bytes by file name; the recipes say what goes in.
"""

from __future__ import annotations

from ae_models.exporting.tables import TABLES, Columns, size_of, table
from ae_models.exporting.tensorboard import projector

__all__ = ["TABLES", "Columns", "projector", "size_of", "table"]

"""A script as a Jupyter notebook: its parts as cells, nothing run yet."""

from __future__ import annotations

import ast
import json
from typing import Any

_MARK = "# %%"


def notebook(script: str) -> bytes:
    """Return a script as the bytes of a notebook; a line that begins with "# %%" begins a cell.

    What the script says of itself becomes text above the cells, the words behind a mark a heading; the last cell ends
    with ``figure`` where the script makes one, so that it is shown.

    References
    ----------
    The notebook format, version 4.5: nbformat.readthedocs.io.
    """
    said = ast.get_docstring(ast.parse(script)) or ""
    _, *parts = script.rstrip().split(f"\n{_MARK}")
    if parts and "\nfigure = " in script:
        parts[-1] += "\nfigure"
    # A title may be a stranger's: in a notebook a "<" would begin markup.
    cells: list[dict[str, Any]] = (
        [_cell(0, "markdown", said.replace("&", "&amp;").replace("<", "&lt;"))] if said else []
    )
    for part in parts:
        heading, _, code = part.partition("\n")
        if heading.strip():
            cells.append(_cell(len(cells), "markdown", f"**{heading.strip()}**"))
        cells.append(_cell(len(cells), "code", code.strip()))
    made = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode()


def _cell(place: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{place}", "metadata": {}}
    cell["source"] = text.splitlines(keepends=True)
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})

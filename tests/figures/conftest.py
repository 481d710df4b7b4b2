"""Plotly's own check of a figure, once the names of colours are replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ae_models.figures.look import COLOURS


@pytest.fixture
def checked() -> Callable[[dict[str, Any]], Any]:
    """Return a figure that Plotly has looked at: an attribute or a value that it does not know raises."""
    import plotly.graph_objects as go

    def coloured(value: Any) -> Any:
        if isinstance(value, str):
            return "#123456" if value in COLOURS else value
        if isinstance(value, list):
            return [coloured(one) for one in value]
        return {key: coloured(one) for key, one in value.items()} if isinstance(value, dict) else value

    return lambda spec: go.Figure(coloured(spec))

"""How a dark exhibit prints: every colour of the dark theme has its light one."""

from __future__ import annotations

from dataclasses import asdict

import plotly.graph_objects as go

from ae_models.figures.style import DARK, LIGHT, figure
from ae_models.ui.lessons.printing import rgb, rules


def test_every_colour_of_the_dark_theme_is_printed_as_that_of_the_light_one() -> None:
    written = rules()
    for name, colour in asdict(DARK).items():
        for kind in ("fill", "stroke"):
            assert f'[style*="{kind}: {rgb(colour)}"] {{ {kind}: {asdict(LIGHT)[name]} !important; }}' in written
    assert written.startswith("@media print {")
    assert written.count("{") == written.count("}")


def test_figures_have_no_colours_but_the_themes() -> None:
    dark: go.Figure = figure(True)
    for colour in (dark.layout.font.color, dark.layout.paper_bgcolor, dark.layout.xaxis.gridcolor):
        assert colour in asdict(DARK).values()

"""How an exhibit prints from the dark theme: dark ink on white paper, as from the light one."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from ae_models.figures.style import DARK, LIGHT

IN_COLOUR = "in-colour"  # begins the key of a container whose pictures keep their colours

# Pictures are light on black, or orange and blue on the dark panel: turned over, hues kept, they are what the light
# theme shows. Those in colours of their own stay.
_PICTURES = f"""
  :is(.js-plotly-plot image, [data-testid="stImage"] img):not([class*="st-key-{IN_COLOUR}"] *) {{
    filter: invert(1) hue-rotate(180deg);
  }}"""


def render() -> None:
    """Tell the browser; for a page that is dark."""
    st.html(f"<style>{rules()}</style>")  # made of the themes' own colours, never of data


def rules() -> str:
    """Return the style sheet: each colour of the dark theme becomes the light theme's in figures."""
    light, lines = asdict(LIGHT), []
    for name, colour in asdict(DARK).items():
        for kind in ("fill", "stroke"):
            lines.append(f'  .js-plotly-plot [style*="{kind}: {rgb(colour)}"] {{ {kind}: {light[name]} !important; }}')
    return "@media print {\n" + "\n".join(lines) + _PICTURES + "\n}"


def rgb(colour: str) -> str:
    """Return a colour as browsers write it in a style.

    Examples
    --------
    >>> rgb("#1a1d27")
    'rgb(26, 29, 39)'
    """
    return f"rgb({int(colour[1:3], 16)}, {int(colour[3:5], 16)}, {int(colour[5:7], 16)})"

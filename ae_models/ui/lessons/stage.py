"""What an exhibit declares, and what it draws on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.base import FloatArray
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.style import larger
from ae_models.figures.tint import ink
from ae_models.ui.lessons.printing import IN_COLOUR
from ae_models.ui.lessons.text import Lesson, Value
from ae_models.ui.shared import chart

_PROJECTED = 1.25  # times as large as on a desk
_PAPER = {False: (228, 226, 220), True: (43, 48, 64)}  # the theme's lines
Option = str | int | float | bool


@dataclass(frozen=True)
class Control:
    """Something that a visitor may change in an exhibit.

    Parameters
    ----------
    name : str
        In the address and for a teacher who hides it.
    label : str
    options : sequence
        What it may hold; their text is what the address says.
    default
        One of them.
    words : callable
        What an option is called.
    kind : str
        ``segments``: all side by side; ``list``: one below the other when opened; ``slider``.
    tip : str
        What it means.
    """

    name: str
    label: str
    options: Sequence[Option]
    default: Option
    words: Callable[[Any], str] = str
    kind: Literal["segments", "list", "slider"] = "segments"
    tip: str = ""

    def read(self, text: str) -> Option:
        """Return the option that an address names; ``ValueError`` with a line for the visitor."""
        for option in self.options:
            if str(option) == text:
                return option
        choices = ", ".join(map(str, self.options))
        raise ValueError(f"{self.name} in the address must be one of {choices}: got “{text[:40]}”")


@dataclass(frozen=True)
class Facts:
    """What an exhibit computed.

    Parameters
    ----------
    values : mapping
        For the text: ``{name}``.
    right : str or int
        The key of the choice that the data agree with; for a slider the number.
    run : str
        The model for "See it on the map"; empty: there is none.
    train : mapping
        Settings for the form of "Train it yourself", as the address of Train says them.
    notes : str
        On what all of it was measured.
    """

    values: Mapping[str, Value]
    right: str | int
    run: str = ""
    train: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""


class Exhibit(Protocol):
    """A module in ``exhibits/``; ``opening(stage)`` may be there too: what stands beside the question."""

    DATA: tuple[str, ...]

    def controls(self, dataset: str) -> tuple[Control, ...]:
        """Return what may be changed."""
        ...

    def facts(self, dataset: str, chosen: Mapping[str, Any]) -> Facts:
        """Return what was computed for the data and what the controls hold."""
        ...

    def render(self, stage: Stage) -> None:
        """Draw what stands below the answer."""
        ...


@dataclass(frozen=True)
class Stage:
    """A lesson on the page: its data, what its controls hold, what was computed; it draws panels with its words."""

    lesson: Lesson
    dataset: str
    chosen: Mapping[str, Any]
    facts: Facts
    present: bool = False

    def __getitem__(self, control: str) -> Any:
        """Return what a control holds."""
        return self.chosen[control]

    @property
    def dark(self) -> bool:
        """Whether this visitor's page is dark."""
        return chart.is_dark()

    def words(self, section: str) -> str:
        """Return a section of the lesson with its values put in, as Markdown."""
        return self.lesson.section(section).filled(self.facts.values).strip()

    def heading(self, section: str) -> str:
        """Return a section's heading with its values put in, as Markdown."""
        return self.lesson.section(section).heading(self.facts.values)

    def say(self, section: str) -> None:
        """Draw a section's heading and text."""
        st.markdown(f"### {self.heading(section)}\n\n{self.words(section)}")

    def figure(self, section: str, figure: Any, table: pd.DataFrame, *, in_colour: bool = False) -> None:
        """Draw a panel: a section's heading and text, a Plotly figure, the numbers behind it.

        Where the figure's pictures are ``in_colour``, they are printed as they are in the dark theme too.
        """
        key = f"lesson-{self.lesson.name}-{section}"
        with st.container(border=True, height="stretch", key=f"panel-{key}"):
            self.say(section)
            with _place(key, in_colour):
                figure = larger(figure, _PROJECTED) if self.present else figure
                chart.plot(figure, key=key, name=f"latent-lab-{key}", alt=self.heading(section))
            if not self.present:
                chart.numbers_when_opened(table, key=key, name=f"latent-lab-{key}")

    def grid(
        self,
        lines: Mapping[str, FloatArray],
        errors: Mapping[str, FloatArray],
        *,
        side: int,
        columns: Sequence[str] = (),
        group: int = 0,
        decimals: int = 0,
    ) -> Any:
        """Return a figure of rows of images ``(n, c, h, w)`` by their titles, with errors under those of some."""
        n = len(next(iter(lines.values())))
        notes = [[f"{error:.{decimals}f}" for error in errors[name]] if name in errors else [""] * n for name in lines]
        return picture_grid(
            ink(np.stack(list(lines.values())), self.dark),
            rows=list(lines),
            columns=columns or [""] * n,
            notes=notes,
            group=group,
            dark=self.dark,
            side=side,
        )

    def strip(self, lines: Sequence[FloatArray]) -> None:
        """Draw rows of images, each ``(n, c, h, w)``, as one picture: at once, where a figure takes a second."""
        gap = 1
        tiles = [ink(line, self.dark) for line in lines]  # (n, h, w, 3) each
        paper = np.array(_PAPER[self.dark], np.uint8)
        high, wide = tiles[0].shape[1:3]
        sheet = np.empty((len(tiles) * (high + gap) - gap, max(map(len, tiles)) * (wide + gap) - gap, 3), np.uint8)
        sheet[:] = paper
        for row, line in enumerate(tiles):
            for column, tile in enumerate(line):
                top, left = row * (high + gap), column * (wide + gap)
                sheet[top : top + high, left : left + wide] = tile
        zoom = max(1, 640 // sheet.shape[1])
        with _place(f"{self.lesson.name}-strip", any(line.shape[1] == 3 for line in lines)):
            st.image(sheet.repeat(zoom, axis=0).repeat(zoom, axis=1), width="content")


def _place(key: str, in_colour: bool) -> Any:
    return st.container(key=f"{IN_COLOUR}-{key}") if in_colour else nullcontext()

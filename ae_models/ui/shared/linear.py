"""Linear autoencoders beside PCA, in words and tables, as Compare and the lesson show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

from ae_models.analysis.linear_course import LinearStory
from ae_models.analysis.nonlinear_half import KINDS, Bent
from ae_models.base import FloatArray
from ae_models.recipes.linear_courses import Course

Training = TypeVar("Training", LinearStory, Course)


def short(name: str) -> str:
    """Return what a penalty is called without its strength."""
    return name.split(" (")[0]


def in_degrees(angle: float) -> str:
    """Return an angle in words."""
    return "less than 0.01°" if angle < 0.01 else f"{angle:.2f}°"


def in_short(value: float) -> str:
    """Return a small difference in words."""
    return "less than 0.00001" if value < 1e-5 else f"{value:.1g}"


def spanned(angles: FloatArray) -> str:
    """Return from where to where angles go, in words."""
    low, high = float(angles.min()), float(angles.max())
    return in_degrees(high) if high < 0.1 else f"{high:.1f}°" if high - low < 0.1 else f"{low:.1f}° to {high:.1f}°"


def angle_table(named: Mapping[str, Training]) -> pd.DataFrame:
    """Return the angles of every unit under each penalty, a row a step."""
    table = pd.DataFrame({"step": next(iter(named.values())).steps})
    for name, course in named.items():
        for unit in range(course.columns.shape[1]):
            table[f"{short(name)}: column {unit + 1}, degrees"] = course.columns[:, unit]
            table[f"{short(name)}: singular vector {unit + 1}, degrees"] = course.singular[:, unit]
    return table


def error_histories(found: Iterable[Bent]) -> dict[str, FloatArray]:
    """Return held-out errors after each epoch, by which half is nonlinear; of a run without a history the last one."""
    return {
        KINDS[each.kind]: each.history if len(each.history) else np.array([each.record.test.sse], np.float32)
        for each in found
    }

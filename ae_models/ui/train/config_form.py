"""A form made from a config class: every label, bound, default and line of help is the one in ``config.py``."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import annotated_types
import streamlit as st
from pydantic.fields import FieldInfo

from ae_models.base import UserError
from ae_models.base.config import Config, label_of
from ae_models.kinds import IMAGE, Kind
from ae_models.kinds.glossary import tip
from ae_models.ui import state
from ae_models.ui.shared.markdown import escape_markdown

_WORDS = {"auto": "automatic", "sse": "squared error", "bce": "cross-entropy", "both": "both halves"}


_TERMS = {"latent_dim": "code", "seed": "random start", "beta": "variational", "k": "sparse"}  # of the glossary


def note_of(config_class: type[Config], name: str, kind: Kind = IMAGE) -> str | None:
    """Return what a setting's tip says: its own line of ``config.py``, then what the glossary says of its term."""
    own = kind.say(config_class.model_fields[name].description or "")
    parts = [own, tip(_TERMS[name], kind=kind) if name in _TERMS else ""]
    return " ".join(part for part in parts if part) or None


@dataclass(frozen=True)
class FieldBounds:
    """What a number may be; None where nothing is said. An open bound is left to the config's own check."""

    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, field: FieldInfo) -> FieldBounds:
        """Return the closed bounds that a field was given."""
        low = [mark.ge for mark in field.metadata if isinstance(mark, annotated_types.Ge)]
        high = [mark.le for mark in field.metadata if isinstance(mark, annotated_types.Le)]
        return cls(_number(low[0]) if low else None, _number(high[0]) if high else None)

    def at_most(self, limit: float | None) -> FieldBounds:
        """Return these bounds with an upper one that is no higher than ``limit``."""
        highest = [value for value in (self.high, limit) if value is not None]
        return FieldBounds(self.low, min(highest, default=None))


def settings(
    config_class: type[Config],
    key: str,
    *,
    only: Sequence[str] | None = None,
    without: Collection[str] = (),
    columns: int = 2,
    most: dict[str, float] | None = None,
    kind: Kind = IMAGE,
) -> dict[str, Any]:
    """Draw a widget for each setting and return what they hold, for ``Config.of``.

    Parameters
    ----------
    config_class : type
    key : str
        What the widgets' keys begin with; the setting's name follows.
    only, without : collections of str
        Which settings, in which order; all of them by default.
    columns : int
        Side by side.
    most : dict, optional
        Upper bounds that the server's owner set, by setting.
    kind : Kind
        Of the data.
    """
    names = [name for name in (only or config_class.model_fields) if name not in without]
    values: dict[str, Any] = {}
    for start in range(0, len(names), columns):
        for place, name in zip(st.columns(columns), names[start : start + columns], strict=False):
            with place:
                limit = (most or {}).get(name)
                values[name] = setting(config_class, name, f"{key}-{name}", limit=limit, kind=kind)
    return values


def setting(config_class: type[Config], name: str, key: str, *, limit: float | None = None, kind: Kind = IMAGE) -> Any:
    """Draw the widget of one setting and return what it holds."""
    field = config_class.model_fields[name]
    label, note = kind.say(label_of(config_class, name)), note_of(config_class, name, kind)
    annotation, default = field.annotation, field.default
    keep: dict[str, Any] = {"key": key, "help": note, "persist_state": "session"}
    bounds = FieldBounds.of(field).at_most(limit) if annotation in (int, float) else FieldBounds()
    state.start(key, _first(default, bounds))
    if annotation is bool:
        return st.toggle(label, **keep)
    if get_origin(annotation) is Literal:
        return st.selectbox(label, list(get_args(annotation)), format_func=word, **keep)
    if get_origin(annotation) is tuple:
        return _listed(config_class, name, st.text_input(label, **keep))
    if annotation is str:
        return st.text_input(label, **keep)
    if annotation is int:
        return st.number_input(label, _whole(bounds.low), _whole(bounds.high), step=1, **keep)
    if annotation is float:
        step = step_of(default, bounds)
        return st.number_input(label, bounds.low, bounds.high, step=step, format=_format(step), **keep)
    raise TypeError(f"{config_class.__name__}.{name} is a {annotation}: no widget is known for it")


def word(choice: str) -> str:
    """Return a choice as a person reads it.

    Examples
    --------
    >>> word("bce"), word("linear")
    ('cross-entropy', 'linear')
    """
    return _WORDS.get(choice, choice.replace("-", " "))


def step_of(default: float, bounds: FieldBounds) -> float:
    """Return the step of a number's buttons: a tenth of the power of ten at or below its default.

    Examples
    --------
    >>> step_of(0.002, FieldBounds()), step_of(1.0, FieldBounds()), step_of(0.0, FieldBounds(0, 1))
    (0.0001, 0.1, 0.01)
    """
    scale = default or (bounds.high or 1.0) / 10
    return 10.0 ** (math.floor(math.log10(abs(scale)) + 1e-9) - 1)


def _listed(config_class: type[Config], name: str, text: str | None) -> str:
    """Return a list's text as it was typed, and say under it what is wrong with it."""
    typed = (text or "").replace(";", ",").replace(" ", ",").strip(",")
    typed = ",".join(part for part in typed.split(",") if part)
    try:
        config_class.of(**{name: typed})
    except UserError as mistake:
        st.caption(f":red[{escape_markdown(str(mistake))}]")
    return typed


def _format(step: float) -> str:
    return f"%.{max(1, -math.floor(math.log10(step) + 1e-9))}f"


def _first(default: Any, bounds: FieldBounds) -> Any:
    """Return what a widget holds at first: a list as text, a number no higher than it may be."""
    if isinstance(default, tuple):
        return text_of(default)
    if isinstance(default, bool) or not isinstance(default, int | float):
        return default
    return default if bounds.high is None else type(default)(min(default, bounds.high))


def text_of(values: Sequence[Any]) -> str:
    """Return a list as a person types it.

    Examples
    --------
    >>> text_of((512, 256)), text_of((0.1,))
    ('512, 256', '0.1')
    """
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a bound must be a number: got {value!r}")
    return float(value)

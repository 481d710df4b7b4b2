"""Figures in words, as all views say them."""

from __future__ import annotations


def count(k: int) -> str:
    """Return "1 number", "8 numbers"."""
    return "1 number" if k == 1 else f"{k} numbers"


def gain(share: float) -> str:
    """Return a share of error saved in words.

    Examples
    --------
    >>> gain(0.25), gain(-0.1)
    ('25 % less', '10 % more')
    """
    return f"{100 * abs(share):.0f} % {'less' if share >= 0 else 'more'}"

"""Figures in words, as all views say them."""

from __future__ import annotations

from collections.abc import Sequence


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


def listed(words: Sequence[str]) -> str:
    """Return words with commas and a last "and".

    Examples
    --------
    >>> listed(["PCA", "UMAP", "t-SNE"]), listed(["PCA"])
    ('PCA, UMAP and t-SNE', 'PCA')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last

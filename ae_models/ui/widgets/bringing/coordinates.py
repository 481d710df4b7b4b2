"""coordinates."""

from __future__ import annotations


def draw() -> None:
    """Draw it."""

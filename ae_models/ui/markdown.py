"""Text from elsewhere in a page that reads Markdown."""

from __future__ import annotations

_SPECIAL = "\\`*_{}[]<>()#+-.!|$~:"


def plain(text: str) -> str:
    r"""Return text that Markdown shows as it is written.

    Examples
    --------
    >>> print(plain("<b>*1*</b>"))
    \<b\>\*1\*\</b\>
    """
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)

"""Text from elsewhere in a page that reads Markdown."""

from __future__ import annotations

_SPECIAL = "\\`*_{}[]<>()#+-.!|$~:"
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # marks of direction


def escape_markdown(text: str) -> str:
    r"""Return text that Markdown shows as it is written, without what would turn the text around it.

    Examples
    --------
    >>> print(escape_markdown("<b>*1*</b>"))
    \<b\>\*1\*\</b\>
    """
    shown = (letter for letter in text if letter not in _TURNS and (letter >= " " or letter in "\n\t"))
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in shown)

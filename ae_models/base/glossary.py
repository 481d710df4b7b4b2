"""The glossary: what each term means, written once in ``glossary.md`` beside it, for the tips of all pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ae_models.base import UserError

FILE = Path(__file__).parent / "glossary.md"  # for a teacher to edit


def terms() -> Mapping[str, str]:
    """Return what each term means, as Markdown, in the order of the file; read again when it has changed."""
    return _read(FILE.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(changed: int) -> Mapping[str, str]:
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, str]:
    r"""Return the terms of a glossary: each ``## term`` with the paragraph under it.

    Examples
    --------
    >>> parse("# Words\n\n## code\nA few\nnumbers.\n")
    {'code': 'A few numbers.'}
    """
    found: dict[str, str] = {}
    term = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("## "):
            term = line[3:].strip()
            if term in found:
                raise UserError(f"glossary.md, line {number}: “{term}” is explained already")
            found[term] = ""
        elif term:
            found[term] = f"{found[term]} {line.strip()}".strip()
    return found


def tip(*asked: str) -> str:
    """Return what terms mean, for the tip of a control; an unknown term is a ``UserError`` with the choices."""
    known = terms()
    for term in asked:
        if term not in known:
            raise UserError(f"glossary.md does not explain “{term}”: it has {', '.join(known)}")
    return " ".join(known[term] for term in asked)

"""The glossary: what each term means, written once in ``glossary.md`` beside it, for the tips of all pages.

Its texts are templates: ``{samples}`` and the like are the nouns of the data (see ``Kind.say``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ae_models.base import UserError
from ae_models.kinds import IMAGE, NOUNS, Kind

FILE = Path(__file__).parent / "glossary.md"  # for a teacher to edit


def terms(kind: Kind = IMAGE) -> Mapping[str, str]:
    """Return what each term means for a kind of data, as Markdown, in the order of the file.

    The file is read again when it has changed.
    """
    return _read(FILE.stat().st_mtime_ns, kind)


@lru_cache(maxsize=16)
def _read(changed: int, kind: Kind) -> Mapping[str, str]:
    return {term: _filled(term, text, kind) for term, text in parse(FILE.read_text(encoding="utf-8")).items()}


def _filled(term: str, text: str, kind: Kind) -> str:
    try:
        return kind.say(text)
    except (KeyError, ValueError):
        raise UserError(f"glossary.md, “{term}”: between braces stands one of {', '.join(NOUNS)}") from None


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


def tip(*asked: str, kind: Kind = IMAGE) -> str:
    """Return what terms mean for a kind of data, for the tip of a control; an unknown term is a ``UserError``."""
    known = terms(kind)
    for term in asked:
        if term not in known:
            raise UserError(f"glossary.md does not explain “{term}”: it has {', '.join(known)}")
    return " ".join(known[term] for term in asked)

"""The command that holds published figures against those measured here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ae_models.cli.terminal import Answer, Bar, table

if TYPE_CHECKING:
    from ae_models.recipes import Verified


def verify(arguments: argparse.Namespace) -> Answer:
    """Compute the published figures here, by which protocol, with what difference, and which lie in their band."""
    from ae_models.recipes import verify

    with Bar("verify") as bar:
        rows = verify("full" if arguments.full else "quick", arguments.only, bar)
    counted = [row for row in rows if row.here is not None]
    passed = sum(row.passes is True for row in counted)
    left_out = len(rows) - len(counted)
    found = {
        "rows": [row.to_json() for row in counted],
        "left_out": [row.to_json() for row in rows if row.here is None],
        "passed": passed,
        "counted": len(counted),
    }
    parts = []
    for protocol in dict.fromkeys(row.published.protocol for row in rows):
        some = [row for row in rows if row.published.protocol == protocol]
        parts.append(f"{protocol[0].upper()}{protocol[1:]}:\n{table([_HEAD, *(_line(row) for row in some)])}")
    tables = "\n\n".join(parts)
    return found, f"{tables}\n\n{passed} of {len(counted)} in their band; {left_out} left out"


_HEAD = ("figure", "published", "here", "band", "", "difference from the source")


def _line(row: Verified) -> tuple[str, ...]:
    about = row.published
    name, value = f"  {about.figure}", f"{about.value:g}"
    if row.here is None:
        return name, value, "-", "", f"left out: {row.left_out}", about.difference
    band = f"{about.low:.4g} to {about.high:.4g}"
    return name, value, f"{row.here:.4g}", band, row.verdict, about.difference

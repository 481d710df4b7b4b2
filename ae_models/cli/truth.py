"""The command that holds published figures against those measured here."""

from __future__ import annotations

import argparse

from ae_models.cli.terminal import Answer, Bar, table


def verify(arguments: argparse.Namespace) -> Answer:
    """Compute the published figures here, and say which lie in their band."""
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
    lines = [("figure", "published", "here", "band", "")]
    for row in rows:
        about = row.published
        if row.here is None:
            lines.append((about.figure, f"{about.value:g}", "-", "", f"left out: {row.left_out}"))
        else:
            verdict = "pass" if row.passes else f"outside{': ' + about.reason if about.reason else ''}"
            lines.append(
                (about.figure, f"{about.value:g}", f"{row.here:.4g}", f"{about.low:.4g} to {about.high:.4g}", verdict)
            )
    words = f"{table(lines)}\n\n{passed} of {len(counted)} in their band; {left_out} left out"
    return found, words

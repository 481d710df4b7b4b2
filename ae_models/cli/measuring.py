"""The commands that measure: methods beside each other, and published figures against those computed here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ae_models.base import UserError
from ae_models.cli.terminal import Answer, Bar, table
from ae_models.kinds import kind_of

if TYPE_CHECKING:
    from ae_models.recipes import Comparison, Verified


def compare(arguments: argparse.Namespace) -> Answer:
    """Score runs and maps on the same held-out images."""
    from ae_models import recipes

    scoring = recipes.Scoring(
        dim=_whole("--dim", arguments.dim, 1, 64),
        metrics=arguments.metrics,
        variant=arguments.variant,
        k=_whole("--k", arguments.k, 1, 1000),
        seed=_whole("--seed", arguments.seed, 0, 2**31 - 1),
    )
    with Bar(f"comparing on {arguments.dataset}") as bar:
        found = recipes.compare(
            arguments.dataset,
            arguments.run_ids,
            arguments.projection,
            scoring,
            threads=recipes.every_core(),
            progress=bar,
        )
    return found.to_json(), _words(found)


def _whole(name: str, text: str, low: int, high: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise UserError(f"{name} must be a whole number from {low} to {high}: got {text}")
    return number


def _words(found: Comparison) -> str:
    from ae_models import datasets

    images = kind_of(datasets.source(found.dataset).shape).samples
    head = f"{found.dataset}: {found.n:,} held-out {images} ({found.variant}), k = {found.k}, seed {found.seed}"
    methods = [
        (row.title, row.id, f"fitted on {row.fitted_on['n']:,} ({row.fitted_on['variant']})", row.version)
        for row in found.rows
    ]
    lines = [head, "", table(methods), "", table([tuple(line) for line in found.to_table()]), ""]
    lines.append("* best   = a tie with the best   – no value")
    lines += sorted({f"{row.title}: {row.note}" for row in found.rows if row.note})
    for row in found.rows:
        reasons: dict[str, list[str]] = {}
        for name, value in row.values.items():
            if value.value is None:
                reasons.setdefault(value.why, []).append(name)
        lines += [f"{row.title}: no {', '.join(names)}, for {why}" for why, names in reasons.items()]
    lines += [line for name in found.metrics for line in _drawn(found, name)]
    return "\n".join(lines)


def _drawn(found: Comparison, name: str) -> list[str]:
    """Return what was drawn for a figure: how many, with which seed, and each method's interval."""
    known = [(row.title, row.values[name]) for row in found.rows if row.values[name].value is not None]
    if not known or not (known[0][1].of in ("pairs", "triplets") or "fitted on" in known[0][1].note):
        return []
    first = known[0][1]
    intervals = [
        f"{title} {value.interval[0]:.3f} to {value.interval[1]:.3f}" for title, value in known if value.interval
    ]
    return [f"{name}: {first.note}, seed {first.seed}; {first.interval_how}: {'; '.join(intervals)}"]


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

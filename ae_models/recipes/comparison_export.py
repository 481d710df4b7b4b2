"""A comparison to take away: a CSV with a line a figure, a Markdown table with a line a metric."""

from __future__ import annotations

import csv
import io

from ae_models.metrics import metric
from ae_models.recipes.comparison import Comparison

_HEAD = (
    "method", "title", "latent_dim", "metric", "metric_title", "better", "value", "chance", "n", "of", "seed",
    "interval_low", "interval_high", "spread_low", "spread_high", "spread_n", "why",
)  # fmt: skip


def as_csv(comparison: Comparison) -> str:
    """Return one line a method and metric: value, chance, n, seed, interval, spread, or why there is none."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(_HEAD)
    for row in comparison.rows:
        for name, value in row.values.items():
            entry = metric(name)
            low, high = value.interval or (None, None)
            least, most = value.spread or (None, None)
            lines.writerow(
                [
                    _safe(row.id),
                    _safe(row.title),
                    row.latent_dim,
                    name,
                    entry.title,
                    entry.direction,
                    value.value,
                    value.chance,
                    value.n,
                    value.of,
                    value.seed,
                    low,
                    high,
                    least,
                    most,
                    value.spread_n,
                    _safe(value.why),
                ]
            )
    return written.getvalue()


def as_markdown(comparison: Comparison) -> str:
    """Return the table of ``Comparison.to_table`` as Markdown, with what it stands on underneath."""
    head, *lines = comparison.to_table()
    text = [_line(head), _line(["---"] * len(head)), *(_line(line) for line in lines), ""]
    text.append(
        f"{comparison.n:,} held-out images of {comparison.dataset}, {comparison.k} neighbours, seed {comparison.seed}."
    )
    for row in comparison.rows:
        text.append(f"- {_cell(row.title)}: fitted on {row.fitted_on.get('n', 0):,} images; {_cell(row.version)}")
    return "\n".join(text) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Return text that stays in its cell: no bar, no line break, no tag."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _safe(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

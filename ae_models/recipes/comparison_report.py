"""A comparison as JSON, as a table of text, as CSV with a line a figure, and as Markdown."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ae_models.analysis.figures_in_words import shown
from ae_models.metrics import METRICS, Value, metric

if TYPE_CHECKING:
    from ae_models.recipes.comparison import Comparison


_ABOUT = (
    "id", "method", "title", "kind", "latent_dim", "seed", "version", "parameters", "fitted_on", "scored_on",
)  # fmt: skip
_DETAILS = ("chance", "chance_n", "k", "n", "of", "seed", "interval", "interval_how", "spread", "spread_n", "note")


def to_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values.

    ``{"dataset", "n", "rows": [{"method", "latent_dim", "metrics": {name: value or null}}]}``, and beside them for each
    row who it is, ``why`` a value is null, ``details`` of every value (chance, n, seed, interval, spread, by class,
    curve), ``costs``; for the whole the ``leaders`` of each metric: the best and those that tie with it.
    """
    rows = [
        {
            **{field: getattr(row, field) for field in _ABOUT},
            "metrics": {name: value.value for name, value in row.values.items()},
            "why": {name: value.why for name, value in row.values.items() if value.value is None},
            "details": {name: _details(value) for name, value in row.values.items() if value.value is not None},
            "costs": asdict(row.costs),
            "siblings": list(row.siblings),
            "note": row.note,
        }
        for row in comparison.rows
    ]
    return {
        **{field: getattr(comparison, field) for field in ("dataset", "variant", "n", "k", "seed")},
        "metrics": list(comparison.metrics),
        "rows": rows,
        "leaders": {name: list(comparison.leaders(name)) for name in comparison.metrics},
        "notes": list(comparison.notes),
    }


def _details(value: Value) -> dict[str, Any]:
    found: dict[str, Any] = {field: getattr(value, field) for field in _DETAILS}
    found["by_class"] = list(value.by_class)
    found["curve"] = {column: [round(float(x), 6) for x in array] for column, array in value.curve.items()}
    return found


def to_table(comparison: Comparison) -> list[list[str]]:
    """Return a head and a line a metric: title, what is better, chance, and a column a method.

    ``*`` marks the best, ``=`` what ties with it. The chance level is that of the best method.
    """
    titles = [row.title for row in comparison.rows]
    names = [row.title if titles.count(row.title) == 1 else row.id for row in comparison.rows]
    head = ["metric", "better", "chance", *names]
    table = [head]
    for name in comparison.metrics:
        leaders = comparison.leaders(name)
        chance = comparison.row(leaders[0]).values[name].chance if leaders else None
        line = [metric(name).title, metric(name).direction, shown(name, chance)]
        for row in comparison.rows:
            mark = "" if row.id not in leaders else " *" if row.id == leaders[0] else " ="
            line.append(shown(name, row.values[name].value) + mark)
        table.append(line)
    return table


def metrics_json() -> list[dict[str, Any]]:
    """Return what every metric says of itself, as plain values."""
    fields = ("title", "summary", "group", "direction", "chance", "unit", "formula", "reference", "per_point")
    found = []
    for name in METRICS:
        entry = metric(name)
        about = {field: getattr(entry, field) for field in fields}
        found.append({"name": name, **about, "range": [entry.low, entry.high], "needs": list(entry.needs)})
    return found


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
            entry, who, why = metric(name), (_safe(row.id), _safe(row.title), row.latent_dim), _safe(value.why)
            figure = (value.value, value.chance, value.n, value.of, value.seed)
            ends = (*(value.interval or (None, None)), *(value.spread or (None, None)))
            lines.writerow([*who, name, entry.title, entry.direction, *figure, *ends, value.spread_n, why])
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

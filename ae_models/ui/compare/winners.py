"""Who wins by how many metrics: only those count that all can enter."""

from __future__ import annotations

from ae_models.metrics import metric
from ae_models.recipes import Comparison
from ae_models.ui.shared import methods
from ae_models.ui.shared.figure_words import listed


def changes(found: Comparison) -> str:
    """Say how the winner changes with the metric."""
    wins: dict[str, list[str]] = {}
    for name in _met(found):
        leaders = found.leaders(name)
        who = "a tie" if len(leaders) > 1 else methods.name_of(found, leaders[0]) if leaders else ""
        if who:
            wins.setdefault(who, []).append(metric(name).title)
    alone = {who: names for who, names in wins.items() if who != "a tie"}
    if not alone:
        return f"No metric has a single winner. {_unequal(found)}".strip()
    most = sorted(alone.items(), key=lambda pair: -len(pair[1]))
    parts = [f"{who} {len(names)}" for who, names in most]
    n = len(wins.get("a tie", ()))
    ties = "" if not n else "; 1 is a tie" if n == 1 else f"; {n} are ties"
    changes = "The winner changes with the question" if len(alone) > 1 else "One method wins wherever one does"
    met = len(_met(found))
    says = f"{changes}. Of the {met} metrics that all can enter they win: {listed(parts)}{ties}."
    return f"{says} {_unequal(found)}".strip()


def _met(found: Comparison) -> list[str]:
    """Return the metrics by which every method has a figure: only there winning means something."""
    return [
        name
        for name in found.metrics
        if all(name in row.values and row.values[name].value is not None for row in found.rows)
    ]


def _unequal(found: Comparison) -> str:
    """Say by how many metrics some cannot enter, and how many of those measure the same thing."""
    others = [name for name in found.metrics if name not in _met(found)]
    if not others:
        return ""
    draws = sum(metric(name).group == "reconstruction" for name in others)
    words = f"{len(others)} are not counted, since not all methods can enter"
    return f"{words}: {draws} of those measure one thing, how near drawings come." if draws > 1 else f"{words}."

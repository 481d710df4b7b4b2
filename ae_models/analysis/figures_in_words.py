"""Figures in plain words, computed: what one means, where it stands among others, and when two are a tie."""

from __future__ import annotations

from collections.abc import Mapping

from ae_models.kinds import IMAGE, Kind
from ae_models.metrics import Metric, Value, metric


def ties(name: str, one: Value, other: Value) -> str:
    """Return why two values are a tie ("inside the spread of 3 seeds"), or nothing when they are not.

    A difference is a tie when both figures read the same at the decimals shown; when it is not larger than the spread
    over seeds of either, where several seeds exist; and else when it is not larger than the half-width of either's
    95 % interval.
    """
    if one.value is None or other.value is None:
        return ""
    if shown(name, one.value) == shown(name, other.value):
        return "they read the same"
    difference = abs(one.value - other.value)
    several = [value for value in (one, other) if value.spread is not None]
    for value in several:
        assert value.spread is not None  # it was chosen so
        if difference <= value.spread[1] - value.spread[0]:
            return f"inside the spread of {value.spread_n} seeds"
    if several:
        return ""
    for value in (one, other):
        if value.interval is not None and difference <= (value.interval[1] - value.interval[0]) / 2:
            return "inside the 95 % interval"
    return ""


def shown(name: str, value: float | None) -> str:
    """Return a figure as it is shown: with its metric's decimals, a dash where there is none.

    Examples
    --------
    >>> shown("trustworthiness", 0.96634), shown("sse", 25.9913), shown("sse", None)
    ('0.9663', '25.99', '–')
    """
    if value is None:
        return "–"
    text = f"{value:.{metric(name).decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text  # no "-0.00"


def reading(name: str, value: Value, others: Mapping[str, Value] | None = None, kind: Kind = IMAGE) -> str:
    """Return a figure in plain words, computed: what it means, and where it stands among ``others`` (by title).

    Examples
    --------
    >>> reading("triplets", Value(0.584, chance=0.5), {"PCA": Value(0.7, chance=0.5)})
    'Asked which of two pictures is nearer to a third, the map is right 58.4 % of the time. PCA is better (0.700).'
    """
    entry = metric(name)
    if value.value is None:
        return f"No figure: {value.why}."
    sentence = kind.say(
        entry.says,
        value=shown(name, value.value),
        percent=_percent(value.value),
        root=f"{max(value.value, 0.0) ** 0.5:.3f}",
        k=value.k,
        of_k=f"{value.value * value.k:.1f}",
        chance=shown(name, value.chance),
    )
    return " ".join([sentence, *_standing(entry, name, value, others or {})])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _standing(entry: Metric, name: str, value: Value, others: Mapping[str, Value]) -> list[str]:
    assert value.value is not None  # its reader saw to that
    sign = 1 if entry.direction == "higher" else -1
    known = {title: other for title, other in others.items() if other.value is not None}
    if not known:
        return []
    tied = [title for title, other in known.items() if ties(name, value, other)]
    better = {
        title: other.value
        for title, other in known.items()
        if title not in tied and other.value is not None and sign * other.value > sign * value.value
    }
    found = []
    if better:
        best = max(better, key=lambda title: sign * better[title])
        more = f", and {len(better) - 1} more" if len(better) > 1 else ""
        found.append(f"{best} is better ({shown(name, better[best])}){more}.")
    else:
        found.append("Nothing here is better." if tied else f"Best of {len(known) + 1}.")
    if tied:
        found.append(f"A tie with {' and '.join(tied)}: {ties(name, value, known[tied[0]])}.")
    return found

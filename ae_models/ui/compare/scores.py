"""Scores: methods by metrics, who wins by which, ties said, every figure in words, all of it to take away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.figures.bars import Standing, standings
from ae_models.kinds import IMAGE, Kind
from ae_models.kinds.glossary import terms, tip
from ae_models.metrics import METRICS, Value, metric
from ae_models.recipes import Comparison, reading
from ae_models.recipes.comparison_report import as_csv, as_markdown
from ae_models.ui.shared import chart, methods
from ae_models.ui.shared import scoring as kept
from ae_models.ui.shared.figure_words import listed
from ae_models.ui.shared.markdown import escape_markdown

K = 5
BETTER = {"higher": "↑ more", "lower": "↓ less"}
BEST, TIE, NONE = "★ ", "≈ ", "–"
CHOSEN = (
    "The autoencoder that opens here has the least error of its size on these same {samples}: none were kept aside to "
    "choose by, which flatters it a little. A whisker over {samples} says nothing of another seed."
)


def render(dataset: str) -> None:
    """Draw the view."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    by = row.selectbox(
        "Who wins by",
        list(METRICS),
        index=list(METRICS).index("trustworthiness"),
        format_func=lambda name: metric(name).title if name in METRICS else name,
        key="scores-by",
        bind="query-params",
        width=300,
    )
    chosen = methods.choose(dataset, row, key="scores")
    if chosen is None or by not in METRICS:
        return
    found = kept.comparison(dataset, chosen.runs, chosen.projections, chosen.dim, None, K)
    _winner(found, by)
    _all(found)
    _costs(found)
    methods.what_they_are(found)


def _winner(found: Comparison, by: str) -> None:
    kind = datasets.kind_of(found.dataset)
    entry = metric(by, kind)
    ranked = found.ranking(by)
    leaders = found.leaders(by)
    titles = {row.id: methods.name_of(found, row.id) for row in found.rows}
    with_value = {titles[row.id]: row.values[by] for row in ranked}
    if not ranked:
        with st.container(border=True):
            chart.heading(metric(by).title, _tip(by, IMAGE))
            st.markdown("No method has a value here:")
            _whys(found, by)
        return
    places = [_standing(titles[row.id], row.values[by], row.id in leaders) for row in ranked]
    chart.render(
        standings(
            places,
            x=f"{entry.title} ({_unit(by)}; {'more' if entry.direction == 'higher' else 'less'} is better)",
            decimals=entry.decimals,
            dark=chart.is_dark(),
        ),
        key="scores-winner",
        name=f"latent-lab-{found.dataset}-{by}",
        title=f"{entry.title}: {entry.summary}",
        tip=_tip(by, kind),
        says=_verdict(found, by, titles) + " " + _reading(by, titles[ranked[0].id], with_value, kind),
        table=_figures(found, by),
    )
    with st.expander("Each method in words"):
        for title, value in with_value.items():
            first, basis = _reading(by, title, with_value, kind), _basis(value)
            st.markdown(f"**{escape_markdown(title)}**: {escape_markdown(first)} :gray[{escape_markdown(basis)}]")
        _whys(found, by)


def _reading(by: str, title: str, values: dict[str, Value], kind: Kind) -> str:
    return reading(by, values[title], {other: value for other, value in values.items() if other != title}, kind)


def _standing(title: str, value: Value, leads: bool) -> Standing:
    low, high = value.spread or value.interval or (None, None)
    return Standing(title, float(value.value or 0.0), low, high, value.chance, leads)


def _unit(by: str) -> str:
    unit = metric(by).unit
    return f"range {metric(by).range}" if unit == "none" else f"{unit}, {metric(by).range}"


def _tip(by: str, kind: Kind) -> str:
    entry, known = metric(by, kind), terms(kind)
    meaning = known.get(entry.title) or known.get(entry.title.lower()) or f"{entry.summary}."
    return f"{meaning} Range {entry.range}. {entry.formula}. Chance: {entry.chance}. {entry.reference}."


def _verdict(found: Comparison, by: str, titles: dict[str, str]) -> str:
    leaders = [titles[row_id] for row_id in found.leaders(by)]
    if len(found.ranking(by)) == 1:
        return f"{leaders[0]} is alone."
    return f"{leaders[0]} wins." if len(leaders) == 1 else f"A tie: {listed(leaders)}."


def _basis(value: Value) -> str:
    """Say on how many of what a figure stands, with seed and interval."""
    parts = [f"{value.n:,} {value.of}"]
    if value.seed is not None:
        parts.append(f"seed {value.seed}")
    if value.spread is not None:
        parts.append(f"{value.spread[0]:.4g} to {value.spread[1]:.4g} over {value.spread_n} seeds")
    if value.interval is not None:
        parts.append(f"95 %: {value.interval[0]:.4g} to {value.interval[1]:.4g} ({value.interval_how})")
    if value.note:
        parts.append(value.note)
    return "; ".join(parts)


def _whys(found: Comparison, by: str) -> None:
    for row in found.rows:
        value = row.values.get(by)
        if value is not None and value.value is None:
            st.markdown(
                f"**{escape_markdown(methods.name_of(found, row.id))}** has no value: {escape_markdown(value.why)}"
            )


def _all(found: Comparison) -> None:
    with st.container(border=True, key="panel-scores-all"):
        chart.heading(
            "All scores",
            f"{BEST.strip()} best of its line; {TIE.strip()} a tie with it: a difference inside the spread over seeds "
            "or the 95 % interval, or below the decimals shown, is nobody’s victory. "
            f"Chance: {tip('chance')}",
        )
        st.markdown(escape_markdown(changes(found)))
        kind = datasets.kind_of(found.dataset)
        st.dataframe(
            _wide(found),
            hide_index=True,
            height="content",
            column_config={
                "metric": st.column_config.TextColumn(width=270),
                "it asks": st.column_config.TextColumn(width="large"),
            },
        )
        _empty_places(found, kind)
        st.caption(
            f"{found.n:,} held-out {kind.samples}, {found.k} neighbours, seed {found.seed}. {kind.say(CHOSEN)} "
            + " ".join(found.notes)
        )
        name = f"latent-lab-scores-{found.dataset}"
        chart.save_buttons(as_csv(found), as_markdown(found), key="scores", name=name)


def _empty_places(found: Comparison, kind: Kind) -> None:
    """Say of each place that is empty why."""
    missing = [
        f"{methods.name_of(found, row.id)}, {metric(name, kind).title}: {value.why}"
        for row in found.rows
        for name, value in row.values.items()
        if value.value is None
    ]
    if missing:
        with st.expander(f"Why {len(missing)} places are empty"):
            st.markdown("\n".join(f"- {escape_markdown(line)}" for line in missing))


def _wide(found: Comparison) -> pd.DataFrame:
    lines = []
    for name in found.metrics:
        entry, leaders = metric(name, datasets.kind_of(found.dataset)), found.leaders(name)
        line: dict[str, object] = {"metric": entry.title, "better": BETTER[entry.direction]}
        for row in found.rows:
            value = row.values.get(name)
            mark = "" if row.id not in leaders else BEST if len(leaders) == 1 else TIE
            shown = NONE if value is None or value.value is None else mark + _figure(value.value, entry.decimals)
            line[methods.name_of(found, row.id)] = shown
        chances = [row.values[name].chance for row in found.rows if name in row.values]
        known = [chance for chance in chances if chance is not None]
        line["chance"] = _span(known, entry.decimals)
        line["it asks"] = entry.summary
        lines.append(line)
    return pd.DataFrame(lines)


def _figure(value: float, decimals: int) -> str:
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # no minus before a zero


def _span(values: list[float], decimals: int) -> str:
    if not values:
        return NONE
    low, high = _figure(min(values), decimals), _figure(max(values), decimals)
    return low if low == high else f"{low} to {high}"


def _figures(found: Comparison, name: str) -> pd.DataFrame:
    """Return all that is known of each method's figure by a metric."""
    known = [(row, row.values[name]) for row in found.rows if name in row.values]
    return pd.DataFrame(
        [
            {
                "method": methods.name_of(found, row.id),
                "metric": metric(name).title,
                "value": value.value,
                "chance": value.chance,
                "on": f"{value.n:,} {value.of}",
                "seed": value.seed,
                "low": (value.interval or (None, None))[0],
                "high": (value.interval or (None, None))[1],
                "least over seeds": (value.spread or (None, None))[0],
                "greatest over seeds": (value.spread or (None, None))[1],
                "why empty": value.why,
            }
            for row, value in known
        ]
    )


def _costs(found: Comparison) -> None:
    yes, kind = {True: "yes", False: "no"}, datasets.kind_of(found.dataset)
    encoding = kind.say("ms to encode 1,000 {samples}")
    table = pd.DataFrame(
        [
            {
                "method": methods.name_of(found, row.id),
                "parameters": row.costs.n_parameters,
                "seconds to fit": row.costs.fit_seconds,
                encoding: None if encode is None else 1000 * encode,
                "repeatable": yes[row.costs.repeatable]
                + (f": {row.costs.repeatable_note}" if row.costs.repeatable_note else ""),
                kind.say("draws {pictures}"): yes[row.costs.decodes],
                kind.say("takes new {samples}"): yes[row.costs.new_images]
                + (f": {row.costs.new_images_note}" if row.costs.new_images_note else ""),
            }
            for row in found.rows
            for encode in (row.costs.encode_seconds,)
        ]
    )
    with st.container(border=True, key="panel-scores-costs"):
        chart.heading("What each costs", f"Times depend on the machine; {NONE} where nobody measured.")
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            placeholder=NONE,
            column_config={
                "parameters": st.column_config.NumberColumn(format="localized"),
                "seconds to fit": st.column_config.NumberColumn(format="%.1f"),
                encoding: st.column_config.NumberColumn(format="%.2f"),
            },
        )
        chart.saves(table, key="scores-costs", name=f"latent-lab-costs-{found.dataset}")


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
    parts = [f"{who} {len(names)}" for who, names in sorted(alone.items(), key=lambda pair: -len(pair[1]))]
    n = len(wins.get("a tie", ()))
    ties = "" if not n else "; 1 is a tie" if n == 1 else f"; {n} are ties"
    changes = "The winner changes with the question" if len(alone) > 1 else "One method wins wherever one does"
    says = f"{changes}. Of the {len(_met(found))} metrics that all can enter they win: {listed(parts)}{ties}."
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

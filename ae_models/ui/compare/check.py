"""Check the numbers: what the field has published beside what this server computes, by the same protocols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.recipes import Verified, verify
from ae_models.recipes.published import PUBLISHED, Published, Verdict, lessons, verdict
from ae_models.recipes.verifying import basis, why_left_out
from ae_models.ui.cache import cached
from ae_models.ui.shared import chart
from ae_models.ui.shared.figure_words import listed
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.progress_cache import is_kept, with_progress

COLOURS: dict[Verdict, str] = {"in its band": "green", "outside": "orange", "left out": "gray", "not yet": "gray"}
BAND = (
    "The band lies on both sides of the published value: a narrow one where there is one answer (PCA), a wider one "
    "where a random start decides. One outside it stays so, whichever side; what differs from the source stands beside."
)


@dataclass(frozen=True)
class Checked:
    """Published figures computed here, when, and in how many seconds."""

    rows: tuple[Verified, ...]
    when: datetime
    basis: str

    @property
    def seconds(self) -> float:
        """Seconds that the computing took."""
        return sum(row.seconds for row in self.rows)


def published(dataset: str) -> tuple[Published, ...]:
    """Return the published figures of a data set."""
    return tuple(figure for figure in PUBLISHED if figure.dataset == dataset)


def checked(dataset: str, *, now: bool) -> Checked | None:
    """Return the figures of a data set computed here: those that are kept, or if ``now`` new ones, with a bar."""
    digest = _basis(dataset, datasets.source(dataset).resolve("auto"))
    key = ("check", dataset, digest)
    if not now and not is_kept(key):
        return None
    return with_progress(
        key,
        "Computing",
        lambda progress: Checked(
            tuple(verify("quick", [figure.id for figure in published(dataset)], progress)), datetime.now(), digest
        ),
    )


@cached()
def _basis(dataset: str, variant: str) -> str:
    return basis(published(dataset))


def render(dataset: str) -> None:
    """Draw the view."""
    figures = published(dataset)
    title = datasets.source(dataset).title
    if not figures:
        names = dict.fromkeys(datasets.source(figure.dataset).title for figure in PUBLISHED)
        st.info(
            f"No published figures of {escape_markdown(title)} are listed here. "
            f"Choose {escape_markdown(listed(list(names)))} above."
        )
        return
    found = checked(dataset, now=False)
    with st.container(border=True, key="panel-check"):
        if found is not None:
            _says(found, title)
        elif _ask(figures, title):
            checked(dataset, now=True)
            st.rerun()
    rows = found.rows if found else tuple(Verified(figure, None, left_out=why_left_out(figure)) for figure in figures)
    _tables(rows)
    table = pd.DataFrame([{**row.to_json(), "band": _band(row.published)} for row in rows])
    chart.saves(table, key="check", name=f"latent-lab-check-{dataset}")


def _ask(figures: Sequence[Published], title: str) -> bool:
    open_ones = [figure for figure in figures if not why_left_out(figure)]
    sources = listed(list(dict.fromkeys(figure.source for figure in figures)))
    st.markdown(
        escape_markdown(
            f"{len(figures)} figures of {title} were published by {sources}. {len(open_ones)} of them can be computed "
            f"here and now from the models that ship; {len(figures) - len(open_ones)} are left out, each with the "
            "reason beside it."
        )
    )
    trained = any(figure.needs == "training images" for figure in open_ones)
    pressed: bool = st.button(
        "Compute them",
        type="primary",
        key="check-now",
        icon=":material/calculate:",
        help="With the training images a minute or so." if trained else "A few seconds.",
    )
    return pressed


def _says(found: Checked, title: str) -> None:
    counted = [row for row in found.rows if row.here is not None]
    outside = [row for row in counted if not row.passes]
    n_in = len(counted) - len(outside)
    words = f"Of {len(counted)} figures of {title} computed here, {n_in} lie in the band around the published one"
    words += f"; outside: {listed([_short(row.published) for row in outside])}. " if outside else ". "
    left = len(found.rows) - len(counted)
    words += f"{left} are left out." if left else ""
    st.markdown(f"**{escape_markdown(words)}** {escape_markdown(' '.join(lessons(found.rows)))}")
    st.caption(
        f"Computed by this server at {found.when:%H:%M on %d %b %Y} in {found.seconds:.0f} s, and kept while version, "
        f"images and models stay what they are (digest {found.basis[:12]}). No figure of ours is stored anywhere."
    )


def _tables(rows: Sequence[Verified]) -> None:
    protocols = dict.fromkeys(row.published.protocol for row in rows)
    for place, protocol in enumerate(protocols):
        some = [row for row in rows if row.published.protocol == protocol]
        with st.container(border=True, key=f"panel-check-{place}"):
            st.markdown(f"**{escape_markdown(protocol[0].upper() + protocol[1:])}**", help=BAND if place == 0 else None)
            st.table(pd.DataFrame([_line(row) for row in some]), border="horizontal", hide_index=True)


def _line(row: Verified) -> dict[str, str]:
    about, says = row.published, verdict(row)
    return {
        "figure": escape_markdown(_short(about)),
        "published": f"{about.value:g}",
        "here": "–" if row.here is None else f"**{row.here:.4g}**",
        "band": _band(about),
        "verdict": f":{COLOURS[says]}[{'✓ ' if says == 'in its band' else ''}{_verdict(row)}]",
        "difference": escape_markdown(about.difference),
        "left out because": escape_markdown(row.left_out),
        "source": escape_markdown(about.source),
    }


def _verdict(row: Verified) -> str:
    return row.verdict if row.passes is False else verdict(row)


def _short(figure: Published) -> str:
    """Return a figure's name without its data set, which stands above."""
    return figure.figure.partition(", ")[2]


def _band(figure: Published) -> str:
    if figure.low <= 0 <= figure.value and figure.how[0] == "angle":
        return f"at most {figure.high:.4g}"
    return f"{figure.low:.4g} to {figure.high:.4g}"

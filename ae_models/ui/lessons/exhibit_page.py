"""One exhibit: ask, wait for a guess, then show what the data say, with the controls that matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import streamlit as st

from ae_models import datasets
from ae_models.base import UserError
from ae_models.kinds.glossary import tip
from ae_models.ui import state
from ae_models.ui.lessons import EXHIBITS, predict, printing
from ae_models.ui.lessons.stage import Control, Exhibit, Stage
from ae_models.ui.lessons.text import Lesson, lesson
from ae_models.ui.shared import broken, chart, sharing
from ae_models.ui.shared.bar import available_datasets
from ae_models.ui.shared.canvas.components import clicker
from ae_models.ui.shared.link import NAMES, Shared, parse_shared
from ae_models.ui.shared.markdown import escape_markdown

PRESENT = "Large type, few controls. S reveals, N and P turn the page, as a clicker does."
_WRITTEN, _PROBLEMS, _SHARED = "lesson-written", "lesson-problems", "lesson-shared"


def exhibit_of(name: str) -> Exhibit:
    """Return the module of an exhibit of the table."""
    module: Any = import_module(f"ae_models.ui.lessons.exhibits.{name}")
    return module  # type: ignore[no-any-return]


def data_of(exhibit: Exhibit) -> Control:
    """Return the control that chooses data: of those that the exhibit can show, what is here."""
    here = available_datasets()
    options = [name for name in exhibit.DATA if name in here] or list(exhibit.DATA[:1])
    return Control("data", "Data", options, options[0], lambda name: datasets.source(name).title)


def names_of(name: str) -> tuple[str, ...]:
    """Return the names of an exhibit's controls, as a link may hide them."""
    exhibit = exhibit_of(name)
    data = data_of(exhibit)
    more = ("data",) if len(data.options) > 1 else ()
    return (*more, *(control.name for control in exhibit.controls(str(data.default))))


@dataclass(frozen=True)
class Shown:
    """An exhibit as it is on the page: its data and controls, what these hold, what a teacher added to the link."""

    name: str
    data: Control
    dataset: str
    controls: tuple[Control, ...]
    chosen: Mapping[str, Any]
    shared: Shared

    def address(self, shared: Shared) -> dict[str, str]:
        """Return the query parameters that bring it back, with other additions to the link."""
        held = {control.name: str(self.chosen[control.name]) for control in self.controls}
        usual = {control.name: str(control.default) for control in self.controls} | {"data": str(self.data.default)}
        wanted = {key: value for key, value in {"data": self.dataset, **held}.items() if value != usual[key]}
        return {"lesson": self.name} | wanted | shared.address()

    @property
    def labels(self) -> dict[str, str]:
        """What a teacher may hide, by its name, and what it is called."""
        data = {"data": "Data"} if len(self.data.options) > 1 else {}
        return data | {control.name: control.label for control in self.controls}


def render(name: str) -> None:
    """Draw an exhibit of the table."""
    exhibit, text = exhibit_of(name), lesson(name)
    shown = _shown(name, exhibit)
    shared = shown.shared
    sharing.look(shared)
    if shared.present:
        clicker(name)
    if chart.is_dark():
        printing.render()
    _title(text, shown)
    for line in state.get(_PROBLEMS) or ():
        st.warning(escape_markdown(line), icon=":material/info:")
    sharing.task(shared)
    with broken.alone(text.title):
        try:
            facts = exhibit.facts(shown.dataset, shown.chosen)
            _body(exhibit, Stage(text, shown.dataset, shown.chosen, facts, shared.present), shown)
        except UserError as mistake:
            st.error(escape_markdown(str(mistake)), icon=":material/error:")
    wanted = shown.address(shared)
    state.go(**wanted)
    state.put(_WRITTEN, wanted)


def _shown(name: str, exhibit: Exhibit) -> Shown:
    """Return what is shown now: what the address says where a link led here, else what was there before."""
    data, arrived = data_of(exhibit), _arrived()
    if arrived is not None:
        state.put(_SHARED, parse_shared(arrived, names_of(name)))
    found = state.get(_SHARED)
    shared = found if isinstance(found, Shared) else Shared()
    problems = list(shared.problems)
    dataset = str(_value(name, data, arrived, problems))
    controls = exhibit.controls(dataset)
    chosen = {control.name: _value(name, control, arrived, problems) for control in controls}
    if arrived is not None:
        state.put(_PROBLEMS, problems + _unknown(arrived, (data, *controls)))
    return Shown(name, data, dataset, controls, chosen, shared)


def _arrived() -> dict[str, str] | None:
    """Return what the address says, where that is not what this page wrote itself."""
    found = state.address()
    return None if found == state.get(_WRITTEN) else found


def _unknown(arrived: Mapping[str, str], controls: tuple[Control, ...]) -> list[str]:
    known = ["lesson", *(control.name for control in controls), *NAMES]
    odd = ", ".join(name[:20] for name in arrived if name not in known)[:60]
    return [f"The address may say {', '.join(known)} here: got “{odd}”"] if odd else []


def _key(name: str, control: str) -> str:
    return f"lesson-{name}-{control}"


def _value(name: str, control: Control, arrived: Mapping[str, str] | None, problems: list[str]) -> Any:
    """Return what a control holds: what the address says where a link led here, else what it held before."""
    key = _key(name, control.name)
    if arrived is not None:
        value = control.default
        if control.name in arrived:
            try:
                value = control.read(arrived[control.name])
            except ValueError as error:
                problems.append(str(error))
        state.put(key, value)
    if state.get(key) not in control.options:
        state.put(key, control.default)
    return state.get(key)


def _title(text: Lesson, shown: Shown) -> None:
    shared, order = shown.shared, list(EXHIBITS)
    place = order.index(shown.name)
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="lesson-nav")
    row.title(f"{EXHIBITS[shown.name]} · {escape_markdown(text.title)}", anchor=False, width="content")
    row.space("stretch")
    before = order[place - 1] if place else ""
    after = order[place + 1] if place + 1 < len(order) else ""
    _step(row, "Previous", before, shared, "P", ":material/arrow_back:")
    _step(row, "All lessons", "", shared, None, None)
    _step(row, "Next", after, shared, "N", ":material/arrow_forward:")
    other = shown.address(replace(shared, present=not shared.present))
    row.button(
        "Leave" if shared.present else "Present",
        key="lesson-present",
        on_click=lambda: state.go(**other),
        type="tertiary",
        icon=":material/close:" if shared.present else ":material/slideshow:",
        help=None if shared.present else PRESENT,
    )
    if not shared.present:
        with row.container(width="content"):
            sharing.share(shown.name, lambda: shown.address(Shared()), shown.labels, shared)
    st.markdown(f":gray[{text.lead}]")


def _step(row: Any, label: str, to: str, shared: Shared, key: str | None, icon: str | None) -> None:
    asked = ({"lesson": to} if to else {}) | ({"present": "1"} if shared.present else {})
    row.button(
        label,
        icon=icon,
        key=f"lesson-step-{label}",
        disabled=not to and label != "All lessons",
        on_click=lambda: state.go(**asked),
        shortcut=key if shared.present else None,
        type="tertiary",
    )


def _body(exhibit: Exhibit, stage: Stage, shown: Shown) -> None:
    if not predict.render(stage, getattr(exhibit, "opening", None)):
        return
    controls = [
        control
        for control in (shown.data, *shown.controls)
        if len(control.options) > 1 and not shown.shared.hides(control.name)
    ]
    if controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="lesson-controls")
        for control in controls:
            _render_control(row, shown.name, control)
    exhibit.render(stage)
    _foot(stage)


def _render_control(row: Any, name: str, control: Control) -> None:
    more: dict[str, Any] = {
        "format_func": control.words,
        "key": _key(name, control.name),
        "help": control.tip or None,
        "persist_state": "session",
    }
    options = list(control.options)
    if control.kind == "slider":
        row.select_slider(control.label, options, width=420, **more)
    elif control.kind == "list":
        row.selectbox(control.label, options, width=260, **more)
    else:
        row.segmented_control(control.label, options, required=True, **more)


def _foot(stage: Stage) -> None:
    sections = stage.lesson.sections
    if stage.present:
        if "in-short" in sections:
            stage.say("in-short")
        return
    left, right = st.columns(2, gap="large")
    if "try-it" in sections:
        with left, st.container(key="lesson-try"):
            stage.say("try-it")
    if "in-short" in sections:
        with right:
            stage.say("in-short")
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium", key="lesson-on")
    facts = stage.facts
    if facts.train and row.button("Train it yourself", key="lesson-train", icon=":material/model_training:"):
        st.switch_page("train/page.py", query_params=dict(facts.train))
    if facts.run and row.button("See it on the map", key="lesson-map", icon=":material/scatter_plot:"):
        view = state.open_model(stage.dataset, facts.run)
        st.switch_page("explore/page.py", query_params=view.address())
    for word in stage.lesson.words:
        row.markdown(f":gray[{escape_markdown(word)}]", help=tip(word), width="content")
    if facts.notes:
        st.caption(escape_markdown(facts.notes))
    st.caption(f"Sources: {' '.join(stage.words('sources').replace('- ', '').splitlines())}")

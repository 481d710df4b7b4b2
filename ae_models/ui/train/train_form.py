"""What to train: the form on the left, what will come of it on the right, and the button that starts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ae_models import datasets, jobs
from ae_models.autoencoders import ARCHITECTURES, PENALTIES, layers_of
from ae_models.base import UserError
from ae_models.base.config import MAX_LATENT_DIM, NoConfig, TrainConfig
from ae_models.base.registry import Registry
from ae_models.cli.lines import line_of
from ae_models.corruptions import CORRUPTIONS
from ae_models.figures.network import network_sketch
from ae_models.kinds import Kind
from ae_models.kinds.glossary import tip
from ae_models.recipes import TrainRequest
from ae_models.recipes.run_folder import title
from ae_models.ui import state
from ae_models.ui.shared.actions import attempt, reason
from ae_models.ui.shared.bar import available_datasets
from ae_models.ui.shared.canvas.components import chart
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.train import estimate
from ae_models.ui.train.config_form import setting, settings, text_of
from ae_models.ui.visitor import visitor

_VARIANTS = {"auto": "the most that is here", "full": "the full files", "bundled": "those that ship"}
_FIRST = ("epochs", "seed")
_ELSEWHERE = (*_FIRST, "threads")  # how many threads a job gets is the server's business
_SAID, _AMISS = "train-said", "train-amiss"
SKETCH = 260


@dataclass(frozen=True)
class Choice:
    """What the form holds: a request, or why it is none."""

    request: TrainRequest | None
    mistake: str = ""


def render(engine: jobs.Engine | None) -> None:
    """Draw the form and what will come of it."""
    _presets()
    left, right = st.columns([5, 7], gap="medium")
    with left, st.container(border=True, key="train-form"):
        choice = _choose(jobs.limits())
    with right, st.container(border=True, key="train-outlook"):
        _outlook(choice, engine)


def _choose(limits: jobs.JobLimits) -> Choice:
    wide, narrow = st.columns([2, 1])
    with wide:
        names = available_datasets()
        titles = {name: datasets.source(name).title for name in names}
        dataset = st.selectbox(
            "Data", names, format_func=lambda name: titles.get(name, name), key="train-data", persist_state="session"
        )
    with narrow:
        place = st.empty()
    kind = datasets.kind_of(dataset)
    model = _pick("Model", ARCHITECTURES, "dense", "train-model", kind)
    model_class = ARCHITECTURES.entry(model).config or NoConfig
    with place:
        latent_dim = setting(model_class, "latent_dim", "train-code", kind=kind)
    corruption, corruption_values = _pick_with_settings(
        "Spoil the input", CORRUPTIONS, "train-corruption", "denoising", kind
    )
    penalty, penalty_values = _pick_with_settings("Penalty", PENALTIES, "train-penalty", "penalty", kind)
    most = {} if limits.epochs is None else {"epochs": float(limits.epochs)}
    first = settings(TrainConfig, "train", only=_FIRST, most=most, kind=kind)
    with st.expander("More"):
        name, variant = _name_and_images(kind)
        rest = settings(model_class, f"train-{model}", without=("latent_dim",), kind=kind)
        training = settings(TrainConfig, "train", without=_ELSEWHERE, kind=kind)
    parts = [{"latent_dim": latent_dim, **rest}, corruption_values, penalty_values, {**first, **training}]
    values = {"model": model, "dataset": dataset, "corruption": corruption, "penalty": penalty}
    try:
        request = TrainRequest.from_dict({**values, "variant": variant, "name": name, "parts": parts})
        limits.check_epochs(request.training.epochs)
    except UserError as mistake:
        return Choice(None, str(mistake))
    return Choice(request)


def _name_and_images(kind: Kind) -> tuple[str, str]:
    """Draw what a model is called and which images it is trained on; return both."""
    name = st.text_input("Name", key="train-name", max_chars=120, placeholder="what it is", persist_state="session")
    variant = st.selectbox(
        kind.say("{Samples}"),
        list(_VARIANTS),
        format_func=_VARIANTS.get,
        key="train-variant",
        persist_state="session",
        help=f"The full files have 60,000 {kind.samples} to train on and 10,000 held out; those that ship are split 4 "
        "to 1.",
    )
    return name or "", variant


def _pick(label: str, registry: Registry, default: str, key: str, kind: Kind) -> str:
    state.start(key, default)
    picked = str(
        st.selectbox(
            label,
            list(registry),
            format_func=lambda name: registry.entry(name).title,
            key=key,
            persist_state="session",
            help=tip("autoencoder", kind=kind),
        )
    )
    st.caption(kind.say(registry.entry(picked).summary))
    return picked


def _pick_with_settings(label: str, registry: Registry, key: str, term: str, kind: Kind) -> tuple[str, dict[str, Any]]:
    entries = {name: registry.entry(name) for name in registry}
    each = " ".join(f"{entry.title}: {kind.say(entry.summary)}." for entry in entries.values())
    picked = str(
        st.selectbox(
            label,
            list(registry),
            format_func=lambda name: registry.entry(name).title,
            key=key,
            persist_state="session",
            help=f"{tip(term, kind=kind)} {each}",
        )
    )
    return picked, settings(registry.entry(picked).config or NoConfig, f"{key}-{picked}", kind=kind)


def _outlook(choice: Choice, engine: jobs.Engine | None) -> None:
    st.markdown("**The network**")
    request, mistake = choice.request, choice.mistake
    place, facts = st.container(height=SKETCH, border=False, key="train-sketch"), st.columns(3)
    if request is not None:
        layers = layers_of(request.design, *request.shapes)
        total = sum(layer.parameters for layer in layers)
        with place:
            words = f"Layers of {', '.join(f'{layer.units:,}' for layer in layers)} numbers"
            chart(network_sketch(layers, height=SKETCH), key="sketch", height=SKETCH, label=words)
        with facts[0]:
            _fact("Parameters", f"{total:,}", f"{4 * total / 1e6:.1f} MB of weights", "What training sets.")
        with facts[1]:
            images = "–" if request.n_train is None else f"{request.n_train:,}"
            kind = datasets.kind_of(request.dataset)
            label = kind.say("{Samples} to learn from")
            _fact(label, images, "others are held out", tip("held out", kind=kind))
        with facts[2]:
            estimate.render(engine, request)
        try:
            jobs.limits().check_parameters(total)
        except UserError as too_large:
            mistake = str(too_large)
    else:
        place.empty()
    _start(request, mistake, engine)


def _fact(label: str, value: str, below: str, tip: str) -> None:
    st.metric(label, value, below, delta_color="off", delta_arrow="off", help=tip)


def _start(request: TrainRequest | None, mistake: str, engine: jobs.Engine | None) -> None:
    row = st.container(horizontal=True, vertical_alignment="center", key="train-start")
    row.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=request is None or bool(mistake) or engine is None,
        on_click=_submit,
        args=(request, engine),
    )
    if said := mistake or reason(_SAID):
        row.markdown(f":red[{escape_markdown(said)}]", width="stretch")
    limits = jobs.limits().words
    if limits:
        st.caption(limits)
    if engine is None:
        st.info("Training needs the server: python -m streamlit run dashboard.py. Or train on the command line:")
    if request is not None:
        with st.expander("The same on the command line", expanded=engine is None):
            st.code(line_of(request), language="bash", wrap_lines=True)


def _submit(request: TrainRequest, engine: jobs.Engine) -> None:
    name = request.name or title(request.design)
    attempt(_SAID, lambda: state.go(job=engine.submit("train", request.to_dict(), visitor(), name).id))


def load(request: dict[str, Any]) -> None:
    """Put a request into the form, for a training that is to be much like an earlier one."""
    for field in ("model", "corruption", "penalty", "variant", "name"):
        state.put(f"train-{field}", request[field])
    state.put("train-data", request["dataset"])
    model, corruption, penalty, training = request["parts"]
    keys = {
        f"train-{request['model']}": model,
        f"train-corruption-{request['corruption']}": corruption,
        f"train-penalty-{request['penalty']}": penalty,
        "train": training,
    }
    for key, values in keys.items():
        for name, value in values.items():
            shown = text_of(value) if isinstance(value, list) else value
            state.put("train-code" if name == "latent_dim" else f"{key}-{name}", shown)


def _presets() -> None:
    """Take what an address asks for into the form, once; say of what cannot be taken why."""
    wanted = state.take("data", "model", "code", "corruption", "penalty", "epochs", "seed")
    problems = []
    tables = {
        "data": ("train-data", available_datasets()),
        "model": ("train-model", list(ARCHITECTURES)),
        "corruption": ("train-corruption", list(CORRUPTIONS)),
        "penalty": ("train-penalty", list(PENALTIES)),
    }
    for name, (key, choices) in tables.items():
        if name in wanted:
            if wanted[name] in choices:
                state.put(key, wanted[name])
            else:
                problems.append(f"{name} in the address must be one of {', '.join(choices)}: got “{wanted[name][:40]}”")
    most = {"code": ("train-code", 1, MAX_LATENT_DIM), "epochs": ("train-epochs", 1, jobs.limits().epochs or 2_000)}
    for name, (key, low, high) in {**most, "seed": ("train-seed", 0, 2**31 - 1)}.items():
        if name in wanted:
            text = wanted[name]
            if text.isascii() and text.isdigit() and len(text) < 11 and low <= int(text) <= high:
                state.put(key, int(text))
            else:
                problems.append(f"{name} in the address must be a number from {low:,} to {high:,}: got “{text[:40]}”")
    if wanted:
        state.put(_AMISS, problems)
    for line in state.get(_AMISS) or ():
        st.warning(escape_markdown(line), icon=":material/info:")

"""What files are taken for, and why; each guess can be changed, and the sheet is drawn again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ae_models.base.config import ImportConfig
from ae_models.datasets.readers import Guess
from ae_models.recipes.import_data import Incoming
from ae_models.ui import state
from ae_models.ui.shared.markdown import escape_markdown

_KEY = "bring-guess"
_SIZES = (0, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64)
_MOST_COLUMNS = 500
TITLES = {
    "kind": "They are",
    "labels": "Labels",
    "inverted": "Ink",
    "transposed": "Pixels stand",
    "range": "Black and white are",
    "colour": "Colour",
    "order": "Colour values stand",
    "split": "Held out for the test",
    "size": "Size",
    "scaling": "Numbers are scaled",
}
WORDS = {
    ("kind", "images"): "pictures",
    ("kind", "vectors"): "rows of numbers",
    ("colour", "grey"): "grey",
    ("colour", "colour"): "in colour",
    ("range", "0-1"): "0 and 1",
    ("range", "0-255"): "0 and 255",
    ("range", "minus1-1"): "−1 and 1",
    ("range", "0-16"): "0 and 16",
    ("range", "0-65535"): "0 and 65,535",
    ("range", "min-max"): "the least and the largest value",
    ("inverted", "no"): "light on dark: kept as it is",
    ("inverted", "yes"): "dark on light: turned round",
    ("transposed", "no"): "row by row",
    ("transposed", "yes"): "column by column: turned over",
    ("order", "planes"): "plane after plane",
    ("order", "pixels"): "three by three",
    ("split", "given"): "the test rows that came",
    ("split", "fifth"): "one row in five",
    ("scaling", "common"): "all by one scale",
    ("scaling", "column"): "each column by its own",
    ("labels", "auto"): "as guessed",
    ("labels", "given"): "those that came",
    ("labels", "none"): "none",
    ("labels", "first"): "the first column",
    ("labels", "last"): "the last column",
}
_SURE = {"sure": ":green[sure]", "likely": ":gray[likely]", "unsure": ":orange[unsure]", "yours": ":blue[you said so]"}


def config(turn: int) -> ImportConfig:
    """Return what the visitor said of these files; ``UserError`` when it cannot be."""
    return ImportConfig.of(**_said(turn))


def _said(turn: int) -> dict[str, Any]:
    found = state.get(f"{_KEY}-{turn}")
    return dict(found) if isinstance(found, dict) else {}


def forget(turn: int) -> None:
    """Go back to the guesses."""
    state.put(f"{_KEY}-{turn}", {})


def render(found: Incoming, turn: int) -> None:
    """Draw a choice for each guess, with its reason."""
    said = _said(turn)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.subheader("Taken for", anchor=False, width="stretch")
    if said:
        head.button("Back to the guesses", icon=":material/undo:", type="tertiary", on_click=forget, args=(turn,))
    shown = [guess for guess in found.plan.guesses if guess.key in TITLES]
    shown.sort(key=lambda guess: list(TITLES).index(guess.key))
    for start in range(0, len(shown), 2):
        for column, guess in zip(st.columns(2, gap="medium"), shown[start : start + 2], strict=False):
            with column:
                _choice(guess, found, said, turn)
    with st.expander("More"):
        _names(found, turn)
        reading(turn)


def _choice(guess: Guess, found: Incoming, said: dict[str, Any], turn: int) -> None:
    options = _options(guess, found)
    value = said.get(guess.key, "auto" if guess.key == "labels" else guess.value)
    if guess.key == "size":
        value = int(value)
    key = f"{_KEY}-{turn}-{guess.key}"
    if value not in options:
        options = [value, *options]
    state.put(key, value)
    st.selectbox(
        TITLES[guess.key],
        options,
        format_func=lambda option: _word(guess, option),
        key=key,
        on_change=_changed,
        args=(guess.key, turn),
    )
    why = "" if guess.confidence == "yours" else f" · {escape_markdown(guess.why)}"
    st.caption(f"{_SURE[guess.confidence]}{why}")


def _options(guess: Guess, found: Incoming) -> list[Any]:
    if guess.key == "size":
        return list(_SIZES)
    if guess.key == "labels":
        columns = list(found.raw.columns or ())[:_MOST_COLUMNS]
        return ["auto", "none", *(["first", "last", *columns] if columns else [])]
    if guess.key == "split" and found.raw.is_test is None:
        return ["fifth"]
    return list(guess.choices) or [guess.value]


def _word(guess: Guess, option: Any) -> str:
    if guess.key == "size":
        return "as they came" if option == 0 else f"{option} x {option} pixels"
    if guess.key == "labels" and option == "auto":
        return guess.value if guess.confidence != "yours" and guess.value not in ("given", "none") else _came(guess)
    return WORDS.get((guess.key, str(option)), f"the column “{option}”" if guess.key == "labels" else str(option))


def _came(guess: Guess) -> str:
    return "as guessed" if guess.confidence == "yours" else WORDS[("labels", guess.value)]


def _names(found: Incoming, turn: int) -> None:
    names = found.rows.train.class_names
    if not names:
        return
    key = f"{_KEY}-{turn}-class_names"
    state.start(key, "")
    st.text_input(
        f"Names of the {len(names)} classes, with commas between them",
        key=key,
        placeholder=", ".join(names)[:200],
        on_change=_changed,
        args=("class_names", turn),
    )


def reading(turn: int) -> None:
    """Draw what changes which files are read, and how."""
    only, ground = f"{_KEY}-{turn}-only", f"{_KEY}-{turn}-background"
    state.start(only, str(_said(turn).get("only", "")))
    st.text_input(
        "Read only files with this in their name",
        key=only,
        max_chars=200,
        placeholder="letters",
        on_change=_changed,
        args=("only", turn),
    )
    state.start(ground, str(_said(turn).get("background", "white")))
    st.segmented_control(
        "Under transparent pictures lies",
        ["white", "black"],
        key=ground,
        required=True,
        on_change=_changed,
        args=("background", turn),
    )


def _changed(name: str, turn: int) -> None:
    value = state.get(f"{_KEY}-{turn}-{name}")
    if name == "class_names":
        value = tuple(part.strip() for part in str(value or "").split(",") if part.strip())
    said = {**_said(turn), name: value}
    if value in ("", (), None) or (name == "labels" and value == "auto"):
        said.pop(name)
    if name == "kind":  # what was said of pictures does not hold of rows of numbers
        said = {key: said[key] for key in ("kind", "labels", "split", "only") if key in said}
    state.put(f"{_KEY}-{turn}", said)

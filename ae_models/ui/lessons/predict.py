"""The question of an exhibit: a guess first, kept for the visit, then what the data say."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ae_models.ui import state
from ae_models.ui.lessons.stage import Stage
from ae_models.ui.lessons.text import Question, filled
from ae_models.ui.shared.canvas.components import fetch_plots


def render(stage: Stage, opening: Callable[[Stage], None] | None) -> bool:
    """Draw the question, or (once revealed) the guess beside the answer; return whether it is revealed."""
    name, question = stage.lesson.name, stage.lesson.question
    given = state.answers()
    with st.container(border=True, key="panel-lesson-question"):
        if name not in given:
            left, right = st.columns([5, 6], gap="large") if opening else (st.container(), None)
            with left:
                st.markdown(question.text.filled(stage.facts.values).strip())
                _ask(stage, question)
            if opening and right is not None:
                with right:
                    opening(stage)
            fetch_plots()
            return False
        st.markdown(f":gray[{_line(question.text.filled(stage.facts.values))}]")
        row = st.container(horizontal=True, vertical_alignment="center", gap="small")
        row.markdown(_verdict(stage, question, given[name]), width="stretch")
        row.button("Ask again", key="lesson-again", type="tertiary", on_click=lambda: given.pop(name, None))
        st.markdown(stage.words("answer"))
    return True


def _line(text: str) -> str:
    return " ".join(text.split())


def _ask(stage: Stage, question: Question) -> None:
    name, given = stage.lesson.name, state.answers()
    key = f"lesson-{name}-guess"
    if question.slider is not None:
        slider = question.slider
        start = start_of(slider.low, slider.high, stage.facts.right)
        state.start(key, start)
        st.slider(slider.unit or "Your guess", slider.low, slider.high, key=key, persist_state="session")
    else:
        st.radio(
            "Your guess",
            list(question.choices),
            format_func=_choices(stage, question).get,
            index=None,
            key=key,
            label_visibility="collapsed",
            persist_state="session",
        )
    guess = state.get(key)
    if question.slider is not None and guess == start:  # where it stood: nobody has guessed
        guess = None

    first = "Move the slider first." if question.slider else "Guess first."

    def reveal() -> None:
        given[name] = guess if isinstance(guess, str | int) else ""

    st.button(
        "Reveal",
        key="lesson-reveal",
        type="primary",
        icon=":material/visibility:",
        disabled=guess is None and not stage.present,
        on_click=reveal,
        shortcut="S" if stage.present else None,
        help=None if guess is not None or stage.present else first,
    )


def _verdict(stage: Stage, question: Question, guess: str | int) -> str:
    right = stage.facts.right

    def said(value: str | int) -> str:
        if question.slider is not None:
            return f"{value} {question.slider.unit}".strip()
        return _choices(stage, question).get(str(value), str(value))

    answer = f"The data say: **{said(right)}**"
    if guess == "":
        return answer
    slider = question.slider
    near = slider is not None and is_near(guess, right, slider.high - slider.low)
    mark = ":green[:material/check:] " if guess == right or near else ""
    away = f", {abs(int(guess) - int(right))} away" if slider is not None and guess != right else ""
    return f"{mark}You said: **{said(guess)}**{away} · {answer}"


def start_of(low: int, high: int, right: str | int) -> int:
    """Return where a slider stands before a guess: at its low end, which is none; at the other where that is right.

    Examples
    --------
    >>> start_of(0, 100, 50), start_of(2, 64, 2)
    (0, 64)
    """
    return high if int(right) == low else low


def is_near(guess: str | int, right: str | int, span: int) -> bool:
    """Return whether a guess on a slider counts: within a twentieth of its length.

    Examples
    --------
    >>> is_near(52, 50, 100), is_near(60, 50, 100)
    (True, False)
    """
    return abs(int(guess) - int(right)) <= span / 20


def _choices(stage: Stage, question: Question) -> dict[str, str]:
    values, section = stage.facts.values, question.text
    return {key: filled(words, values, section.file, section.line) for key, words in question.choices.items()}

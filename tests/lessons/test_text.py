"""A lesson's file: what it must have, how values are put in, and what is said of a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from ae_models.base import UserError
from ae_models.kinds import glossary
from ae_models.ui.lessons import EXHIBITS, text

WHOLE = """# Title
A line
under it.

## Question
How many of {n}?

- few: Few of {n}
- many: Many

## Answer
**{n}**, that is {share:.0f} %, says {who}.

## A figure {#fig}
Words.

## Sources
- Somebody 1999.
"""
VALUES = {"n": 1234, "share": 12.345, "who": "<b>*x*</b>"}


def test_a_whole_lesson_is_read() -> None:
    lesson = text.parse("whole", WHOLE)
    assert (lesson.title, lesson.lead) == ("Title", "A line under it.")
    assert list(lesson.question.choices) == ["few", "many"]
    assert lesson.question.text.filled(VALUES).strip() == "How many of 1,234?"
    assert lesson.section("fig").title == "A figure"
    assert lesson.section("answer").filled(VALUES).strip() == r"**1,234**, that is 12 %, says \<b\>\*x\*\</b\>."


def test_an_unknown_value_is_named_with_file_line_and_choices() -> None:
    lesson = text.parse("whole", WHOLE)
    with pytest.raises(UserError, match=r"whole\.md, line 12: unknown value \{share\}: choose from n, who"):
        lesson.section("answer").filled({"n": 1, "who": "x"})
    with pytest.raises(UserError, match="words and takes no format"):
        text.filled("{who:.1f}", {"who": "x"})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("# Title", "Title", "line 1: a lesson begins with its title"),
        ("## Sources", "## Resources", "needs a section “## Sources”"),
        ("## A figure {#fig}", "## Answer", "there is a section “answer” already"),
        ("- many: Many\n", "", "two choices at least"),
        ("- few: Few of {n}\n- many: Many", "- slider: 9 to 3", "a slider is"),
    ],
)
def test_a_slip_is_one_line_with_the_file(old: str, new: str, says: str) -> None:
    with pytest.raises(UserError, match=r"bad\.md") as found:
        text.parse("bad", WHOLE.replace(old, new))
    assert says in str(found.value)
    assert "\n" not in str(found.value)


def test_every_file_is_in_the_table_and_every_line_has_its_files() -> None:
    lessons = {path.stem for path in text.HERE.glob("*.md")} - {"glossary"}
    exhibits = text.HERE.parent / "exhibits"
    assert lessons == set(EXHIBITS) == {path.stem for path in exhibits.glob("*.py")} - {"__init__"}
    assert list(EXHIBITS.values()) == sorted(set(EXHIBITS.values()))


@pytest.mark.parametrize("name", EXHIBITS)
def test_the_words_of_a_lesson_are_in_the_glossary_and_nothing_in_it_is_html(name: str) -> None:
    lesson = text.lesson(name)
    assert lesson.words
    assert all(glossary.tip(word) for word in lesson.words)
    raw = Path(text.HERE / f"{name}.md").read_text(encoding="utf-8")
    assert "</" not in raw
    assert len(lesson.section("sources").text.strip()) > 20


def test_an_unknown_term_is_named_with_the_choices() -> None:
    with pytest.raises(UserError, match="does not explain “entropy”: it has autoencoder"):
        glossary.tip("entropy")

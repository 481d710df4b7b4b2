"""A lesson's words: one Markdown file, its sections, and the computed values that are put into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ae_models.base import UserError
from ae_models.ui.shared.markdown import escape_markdown

HERE = Path(__file__).parent / "texts"
NEEDED = ("question", "answer", "sources")
_HEADING = re.compile(r"##\s+(?P<title>.+?)\s*(?:\{#(?P<id>[a-z][a-z0-9-]*)\})?\s*")
_VALUE = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?::(?P<spec>,?(?:\.\d)?[dfg%]?))?\}")
_CHOICE = re.compile(r"-\s+(?P<key>[a-z0-9-]+):\s+(?P<words>.+)")
_SLIDER = re.compile(r"(?P<low>\d+)\s+to\s+(?P<high>\d+)\s*(?P<unit>.*)")

Value = str | int | float


@dataclass(frozen=True)
class Section:
    """One ``##`` section: what it is called, its heading, its text, and the line of the file where that begins."""

    id: str
    title: str
    text: str
    line: int
    file: str

    def filled(self, values: Mapping[str, Value]) -> str:
        """Return the text with its values put in; ``UserError`` for one that is not known."""
        return filled(self.text, values, self.file, self.line)

    def heading(self, values: Mapping[str, Value]) -> str:
        """Return the heading with its values put in."""
        return filled(self.title, values, self.file, self.line - 1)


@dataclass(frozen=True)
class Slider:
    """A question that is answered with a whole number."""

    low: int
    high: int
    unit: str


@dataclass(frozen=True)
class Question:
    """What is asked, and what can be answered: words by key, or a slider."""

    text: Section
    choices: Mapping[str, str]
    slider: Slider | None


@dataclass(frozen=True)
class Lesson:
    """A lesson as its file has it."""

    name: str
    title: str
    lead: str
    question: Question
    sections: Mapping[str, Section]  # all of them, in the order of the file
    words: tuple[str, ...]  # terms of the glossary

    def section(self, name: str) -> Section:
        """Return a section by its name; an unknown one is a ``UserError`` with the choices."""
        if name not in self.sections:
            raise UserError(f"{self.name}.md has no section “{name}”: it has {', '.join(self.sections)}")
        return self.sections[name]


def lesson(name: str) -> Lesson:
    """Return a lesson of the table, read again when its file has changed."""
    path = HERE / f"{name}.md"
    return _read(name, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(name: str, changed: int) -> Lesson:
    return parse(name, (HERE / f"{name}.md").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Lesson:
    """Return the lesson that a file's text is; ``UserError`` with file and line where it is none."""
    file, lines = f"{name}.md", text.splitlines()
    if not lines or not lines[0].startswith("# "):
        raise UserError(f"{file}, line 1: a lesson begins with its title, “# ...”: got “{(lines or [''])[0][:40]}”")
    starts = [place for place, line in enumerate(lines) if line.startswith("## ")]
    lead = " ".join(" ".join(lines[1 : starts[0] if starts else len(lines)]).split())
    sections: dict[str, Section] = {}
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = _HEADING.fullmatch(lines[start])
        if found is None:
            raise UserError(f"{file}, line {start + 1}: a section begins with “## Title” or “## Title {{#name}}”")
        known = found["id"] or re.sub(r"[^a-z0-9]+", "-", found["title"].lower()).strip("-")
        if known in sections:
            raise UserError(f"{file}, line {start + 1}: there is a section “{known}” already")
        body = "\n".join(lines[start + 1 : end])
        sections[known] = Section(known, found["title"], body, start + 2, file)
    for needed in NEEDED:
        if needed not in sections:
            raise UserError(f"{file}: a lesson needs a section “## {needed.capitalize()}”")
    words = [line[1:].strip() for line in _text(sections, "words").splitlines() if line.startswith("-")]
    return Lesson(name, lines[0][2:].strip(), lead, _question(sections["question"]), sections, tuple(words))


def _text(sections: Mapping[str, Section], name: str) -> str:
    return sections[name].text if name in sections else ""


def _question(section: Section) -> Question:
    choices: dict[str, str] = {}
    rest = []
    for line in section.text.splitlines():
        found = _CHOICE.fullmatch(line.strip())
        if found:
            choices[found["key"]] = found["words"]
        rest.append("" if found else line)  # lines keep their numbers
    asked = Section(section.id, section.title, "\n".join(rest), section.line, section.file)
    if list(choices) == ["slider"]:
        found = _SLIDER.fullmatch(choices["slider"])
        if found is None or int(found["low"]) >= int(found["high"]):
            raise UserError(f"{section.file}: a slider is “- slider: 2 to 64 numbers”: got “{choices['slider'][:40]}”")
        return Question(asked, {}, Slider(int(found["low"]), int(found["high"]), found["unit"].strip()))
    if len(choices) < 2:
        raise UserError(f"{section.file}, line {section.line}: a question needs two choices at least, “- key: words”")
    return Question(asked, choices, None)


def filled(text: str, values: Mapping[str, Value], file: str = "text", line: int = 1) -> str:
    """Return text with ``{name}`` and ``{name:.1f}`` replaced by values; words are shown as they are written.

    Raises
    ------
    UserError
        For a name that is not among the values, with file, line and the choices; for a number's format on words.

    Examples
    --------
    >>> filled("PCA leaves {pca:.1f} of {all}.", {"pca": 43.645, "all": 1000})
    'PCA leaves 43.6 of 1,000.'
    """

    def put(found: re.Match[str]) -> str:
        name, spec = found["name"], found["spec"] or ""
        where = f"{file}, line {line + text[: found.start()].count(chr(10))}"
        if name not in values:
            raise UserError(f"{where}: unknown value {{{name}}}: choose from {', '.join(sorted(values))}")
        value = values[name]
        if isinstance(value, str):
            if spec:
                raise UserError(f"{where}: {{{name}}} is words and takes no format: got “{spec}”")
            return escape_markdown(value)
        if isinstance(value, int):
            return f"{value:{spec or ',d'}}"
        if spec.endswith("d"):
            return f"{round(value):{spec}}"
        return f"{value:{spec or '.1f'}}"

    return _VALUE.sub(put, text)

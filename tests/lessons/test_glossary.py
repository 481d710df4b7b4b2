"""The glossary is the one source of what a term means: no page says it again in other words, or something else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.autoencoders.dense_config import DenseConfig
from ae_models.autoencoders.penalties.k_sparse_config import KSparseConfig
from ae_models.autoencoders.variational_config import VariationalConfig
from ae_models.base.config import Config, ImportConfig, TrainConfig
from ae_models.base.paths import ROOT
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import IMAGE
from ae_models.kinds.glossary import parse, terms, tip
from ae_models.projections import PROJECTIONS
from ae_models.projections.umap import UMAPConfig
from ae_models.ui.train.config_form import note_of

UI = ROOT / "ae_models" / "ui"
RUN = 5  # words in a row that only the glossary may have
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`')


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9²]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def repeated(text: str) -> list[str]:
    """Return the terms whose meaning a text says again."""
    here = runs(text)
    return [term for term, meaning in terms().items() if here & runs(meaning)]


def literals(tree: ast.AST) -> Iterator[str]:
    """Yield what strings of Python say, docstrings and computed parts left out."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.Expr | ast.JoinedStr) or not isinstance(child, ast.Constant | ast.JoinedStr):
                continue
            yield said(child)


def said(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(said(part) if isinstance(part, ast.Constant) else " … " for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def of_pages() -> Iterator[tuple[str, str]]:
    """Yield where, and what is written there: Python and JavaScript of the pages, settings, tables of choices."""
    for path in sorted(UI.rglob("*.py")):
        for text in literals(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.name, text
    for path in sorted(UI.glob("*/browser/*.js")):
        for found in _STRING.finditer(path.read_text(encoding="utf-8")):
            yield path.name, found.group()
    tables = (ARCHITECTURES, CORRUPTIONS, PENALTIES, PROJECTIONS)
    classes = [cls for table in tables for line in table if (cls := table.entry(line).config)]
    for found in (TrainConfig, ImportConfig, *classes):
        name = found.__name__
        if issubclass(found, Config):
            for field in found.model_fields.values():
                yield name, IMAGE.say(field.description or "")
    for table in (ARCHITECTURES, PENALTIES, CORRUPTIONS, PROJECTIONS):
        for name in table:
            yield name, IMAGE.say(table.entry(name).summary)


def test_no_page_says_again_what_the_glossary_says() -> None:
    again = [(where, text, found) for where, text in of_pages() if (found := repeated(text))]
    assert again == []


def test_a_repetition_would_be_found() -> None:
    assert repeated("Here: squared error, summed over the pixels of a picture.") == ["SSE"]
    tree = ast.parse('"""SSE doc."""\nst.metric("A", help=f"{n}: squared error, summed over the pixels")')
    assert any(repeated(text) for text in literals(tree))


def tips() -> Iterator[tuple[str, str]]:
    """Yield the tips that are written into the pages' code."""
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in ("help", "tip"):
                yield path.name, said(node.value)


def test_no_tip_explains_a_term_by_itself() -> None:
    known = "|".join(re.escape(term) for term in terms())
    explains = re.compile(rf"^(?:(?:an?|the) )?(?:{known})s?(?::| is | are | means )", re.IGNORECASE)
    assert [found for found in tips() if explains.match(found[1])] == []
    assert explains.match("SSE: the sum")
    assert explains.match("A code is what comes out")


@pytest.mark.parametrize(
    ("config_class", "name", "term"),
    [
        (DenseConfig, "latent_dim", "code"),
        (TrainConfig, "seed", "random start"),
        (UMAPConfig, "seed", "random start"),
        (VariationalConfig, "beta", "variational"),
        (KSparseConfig, "k", "sparse"),
    ],
)
def test_a_setting_that_is_a_term_is_explained_by_the_glossary(
    config_class: type[Config], name: str, term: str
) -> None:
    note = note_of(config_class, name) or ""
    assert note.endswith(tip(term))
    assert note.startswith(config_class.model_fields[name].description or "none")


def test_what_a_teacher_writes_is_what_the_tips_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "glossary.md"
    own.write_text("# Words\n\n## code\nA label on a box.\n", encoding="utf-8")
    monkeypatch.setattr("ae_models.kinds.glossary.FILE", own)
    assert parse(own.read_text(encoding="utf-8")) == {"code": "A label on a box."}
    assert (note_of(DenseConfig, "latent_dim") or "").endswith("A label on a box.")

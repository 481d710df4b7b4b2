"""The documents: what they point to is there, and the settings they name are read somewhere."""

import re

import pytest

from ae_models.base.paths import ROOT

DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md"), *ROOT.glob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_security_says_what_is_set_and_how_to_report():
    text = (ROOT / "docs" / "security.md").read_text()
    for heading in ("Who is trusted", "What is bounded", "What goes over the network", "To report a hole"):
        assert f"## {heading}" in text
    assert "private report with the maintainers" in text
    settings = (ROOT / ".streamlit" / "config.toml").read_text()
    for setting in ("gatherUsageStats = false", "showEmailPrompt = false", "hideWelcomeMessage = true"):
        assert setting in settings


def test_every_file_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`([\w/]+\.(?:py|js))`", text))
    assert len(named) > 20
    for name in named:
        places = [ROOT / name, ROOT / "ae_models" / name]
        assert any(place.is_file() for place in places) or any((ROOT / "ae_models").rglob(name)), name


def test_the_drawn_map_holds_every_room():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    drawn = text.partition("```mermaid")[2].partition("```")[0]
    rooms = {path.name for path in (ROOT / "ae_models").iterdir() if (path / "__init__.py").is_file()}
    assert rooms == set(re.findall(r"(\w+)/", drawn)) & rooms

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

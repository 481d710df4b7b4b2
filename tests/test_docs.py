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
    text = re.sub(r"^`[^`]+`:$", "", text, flags=re.MULTILINE)  # an example of a file to add
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


def _words(name: str) -> str:
    """Return a document's text with one blank wherever there are blanks or lines end."""
    return re.sub(r"\s+", " ", (ROOT / "docs" / f"{name}.md").read_text())


def _minutes(seconds: float) -> str:
    return {120.0: "Two minutes", 180.0: "three minutes", 600.0: "ten", 1200.0: "20 minutes", 3600.0: "an hour"}[
        seconds
    ]


def _of_files() -> list[str]:
    """Sentences of docs/serving.md about visitors' files, with the numbers that hold."""
    from ae_models.datasets.readers.limits import MIB, UPLOADS
    from ae_models.jobs import sandbox, sandbox_child
    from ae_models.ui import cache, uploads
    from ae_models.ui.shared import visit_results

    return [
        f"`AE_MODELS_CACHE`, in megabytes, {cache.BUDGET} where it says nothing",
        f"A file may have {UPLOADS.file_bytes // MIB} MiB",
        f"One visit's files may have {uploads.MOST_HELD // MIB} MiB together",
        f"each may take {sandbox.MEMORY / 2**30:g} GiB of memory while it works | 2 to 4, one for each "
        f"{sandbox._ONE // 2**30} GiB",
        f"one that nobody asks for {_minutes(sandbox._IDLE)} ends",
        f"looks at its memory {['', '', '', '', '', 'five'][round(1 / sandbox_child._STEP)]} times a second",
        f"{_minutes(sandbox.SECONDS['look'])} ({_minutes(sandbox.SECONDS['keep_model'])} while a model's held-out "
        f"images are encoded, {sandbox.SECONDS['picture']:g} seconds for a picture to draw)",
        f"kept for {_minutes(visit_results.SECONDS)} or until the visit ends, at most "
        f"{visit_results.MOST_BYTES // 2**30} GiB of all visits",
    ]


def _of_people() -> list[str]:
    """Sentences of docs/serving.md about visitors, jobs and several servers, with the numbers that hold."""
    from ae_models.jobs import JobLimits, dispatch, leftovers, log
    from ae_models.jobs.limits import SHARED_MINUTES
    from ae_models.ui import server_owner, visitor

    most, words = JobLimits(), {4.0: "four", 20.0: "twenty", 12: "twelve"}
    return [
        f"for {words[server_owner._HOURS]} hours",
        f"types it at `/{server_owner.ADDRESS}`",
        f"At most {most.waiting} jobs of an owner wait (`AE_MODELS_MAX_WAITING`), "
        f"{most.waiting_address} from one address",
        f"and {most.waiting_all} in all (`AE_MODELS_MAX_WAITING_ALL`)",
        f"A job has {SHARED_MINUTES:g} minutes where the server listens beyond loopback",
        f"every {words[dispatch._LOOK_AROUND]} seconds; {words[log.STALE]} without one",
        f"within {words[dispatch._LOOK_AROUND]} more",
        f"nobody touched it for {_minutes(leftovers.LONG_AGO)}",
        f"hash $cookie_{visitor.NAME} consistent;",
    ]


def test_numbers_of_the_guide_to_serving_are_those_of_the_code():
    text = _words("serving")
    assert [said for said in (*_of_files(), *_of_people()) if said not in text] == []


def test_numbers_of_the_security_notes_are_those_of_the_code():
    from ae_models.runs import IMPORTED_BATCH, graph_checks, time_limit

    text = _words("security")
    for said in (
        "A cookie of 128 random bits",  # tests/ui/test_visitor.py counts them
        f"{graph_checks._MOST_WORK // 1_000_000:,} million multiplications for one image",
        f"given up after {time_limit.SERVING_SECONDS:g} seconds",
        f"({IMPORTED_BATCH} images go through at once)",
        f"more than {graph_checks._MOST_SECONDS:g} second for one image",
    ):
        assert said in text, said


@pytest.mark.parametrize("name", ["serving", "security"])
def test_every_setting_that_a_guide_names_is_read_somewhere(name):
    code = "\n".join(path.read_text() for path in (ROOT / "ae_models").rglob("*.py"))
    settings = (ROOT / ".streamlit" / "config.toml").read_text()
    named = set(re.findall(r"AE_MODELS_[A-Z_]+[A-Z]", _words(name)))
    assert len(named) > 5
    assert [each for each in named if f'"{each}"' not in code] == []
    for setting in re.findall(r"`(?:server|browser)\.(\w+)`", _words(name)):
        assert setting in settings or f".{setting}" in code, setting

"""Links edited by hand: each says in one clear line what is wrong with it, and the page is there all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ae_models.ui.lessons import EXHIBITS
from tests.ui.visiting import opened

UI = Path(__file__).resolve().parents[2] / "ae_models" / "ui"
LOSSY = {"lesson": "lossy"}


@pytest.fixture(autouse=True)
def _fresh_home(bundled_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(UI.parents[1]))


def visit(view: str, **parameters: str) -> AppTest:
    return opened(UI / view / "page.py", parameters)


def lines(page: AppTest) -> list[str]:
    return [str(part.value).replace("\\", "") for part in (*page.warning, *page.error)]


@pytest.mark.parametrize(
    ("view", "parameters", "says"),
    [
        ("lessons", {"lesson": "lossi"}, f"lesson in the address must be one of {', '.join(EXHIBITS)}: got “lossi”"),
        ("lessons", {"lesson": "linear", "seed": "abc"}, "seed in the address must be one of 0, 1, 2, 3, 4: got “abc”"),
        (
            "lessons",
            {**LOSSY, "hide": "nonsense"},
            "hide in the address must name controls of this page (data, size, bits): got “nonsense”",
        ),
        ("lessons", {**LOSSY, "task": "x" * 5_000}, "task in the address may have 400 letters at most: got 5,000"),
        (
            "lessons",
            {**LOSSY, "sice": "8"},
            "The address may say lesson, data, size, bits, task, hide, present here: got “sice”",
        ),
        (
            "explore",
            {"data": "mnist", "run": "fashion-dense-2d"},
            "belongs to other data; another one is shown.",
        ),
        ("explore", {"data": "digits", "dim": "7"}, "dim in the address must be one of 2, 3: got “7”"),
        ("explore", {"data": "digits", "z": "1,2,3,4,5"}, "z in the address has 5 numbers where this code has 2"),
        ("explore", {"data": "digits", "hide": "nonsense"}, "hide in the address must name controls of this page"),
        ("compare", {"images": "Small digits (8 x 8)", "hide": "nonsense"}, "hide in the address must name controls"),
    ],
)
def test_what_is_wrong_is_one_line_and_the_page_is_there(view: str, parameters: dict[str, str], says: str) -> None:
    page = visit(view, **parameters)
    (line,) = lines(page)
    assert says in line
    assert "\n" not in line
    assert page.title  # its heading
    assert page.button or page.get("bidi_component") or page.get("plotly_chart")


TASKS = {
    "<script>alert(1)</script>": r"\<script\>alert\(1\)\</script\>",
    "One\nTwo": "One  \nTwo",
    "a\u202eb\u200fc\u0000d": "abcd",  # marks that turn text around are left out
    "[x](javascript:alert(1)) $$x$$ :red[y]": r"\[x\]\(javascript\:alert\(1\)\) \$\$x\$\$ \:red\[y\]",
}


@pytest.mark.parametrize(("task", "shown"), TASKS.items())
@pytest.mark.parametrize(
    ("view", "where"),
    [("lessons", LOSSY), ("explore", {"data": "digits"}), ("compare", {"images": "Small digits (8 x 8)"})],
)
def test_a_task_is_text_whatever_it_holds(view: str, where: dict[str, str], task: str, shown: str) -> None:
    page = visit(view, **where, task=task)
    assert lines(page) == []
    assert [part.value for part in page.markdown if part.value.startswith("**Task**")] == [f"**Task** · {shown}"]

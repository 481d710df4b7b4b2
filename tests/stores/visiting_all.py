"""Opens every page, exhibit and view of Compare over a store that cannot be written; says in JSON what each showed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ae_models.base import paths
from ae_models.ui.lessons import EXHIBITS

APP = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"
TABLE = "\n".join(["a,b,c", *(f"{n},{n % 7},{n * n % 11}" for n in range(80))]).encode()


def said(page: AppTest) -> list[str]:
    """Return all that a page says, what it raised first."""
    parts = [*page.error, *page.warning, *page.info, *page.caption, *page.markdown, *page.title]
    raised = [f"raised {each.message}\n{each.stack_trace}" for each in page.exception]
    return [*raised, *(str(part.value).replace("\\", "") for part in parts)]


def opened(page: str, data: str = "my-shapes", **address: str) -> AppTest:
    visit = AppTest.from_file(str(APP), default_timeout=300)
    visit.query_params["data"] = visit.query_params["images"] = data
    visit.run()
    for name, value in address.items():
        visit.query_params[name] = value
    return visit.switch_page(f"{page}/page.py").run()


def alone(script: Path, **address: str) -> AppTest:
    visit = AppTest.from_file(str(script), default_timeout=300)
    for name, value in address.items():
        visit.query_params[name] = value
    return visit.run()


def views(page: str, words: str = r'"([^"]+)": \(') -> list[str]:
    """Return the names of a page's views as its address has them; the page itself is no module to import."""
    return re.findall(f"^    {words}", (APP.parent / page / "page.py").read_text(), re.MULTILINE)


def everything() -> Iterator[tuple[str, AppTest]]:
    """Open all that there is."""
    for page in ("explore", "draw", "train", "models"):
        yield page, opened(page)
    for page, name in (("walk", "walk"), ("your_data", "bring")):
        for view in views(page):
            yield f"{page} {view}", opened(page, **{name: view})
    for view in views("compare", r'"\w+": \(\s*"([^"]+)"'):
        yield f"compare {view}", alone(APP.parent / "compare" / "page.py", view=view, images="My shapes")
    yield "explore digits", opened("explore", "digits")
    yield "lessons", opened("lessons")
    for lesson in EXHIBITS:
        page = opened("lessons", lesson=lesson, present="1")
        yield f"lessons {lesson}", page
        next(button for button in page.button if button.label == "Reveal").click().run()
        yield f"lessons {lesson} revealed", page


def pressed(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def main() -> dict[str, list[str]]:
    """Return what every page says by its name."""
    found = {name: said(page) for name, page in everything()}
    run = next((paths.home() / "runs").glob("shapes*")).name
    found["delete a model"] = said(pressed(opened("models"), f"delete-{run}"))
    found["delete data"] = said(pressed(opened("your_data"), "bring-delete-my-shapes"))
    page = opened("your_data")
    page.file_uploader[0].set_value([("numbers.csv", TABLE, "")]).run()
    found["send a table"] = said(page)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))

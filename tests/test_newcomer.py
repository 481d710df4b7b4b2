"""A newcomer adds one of each as CONTRIBUTING shows it: at most two files and a line, and the rest follows."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ae_models.base.paths import ROOT

COPIED = ("ae_models", "tests", ".streamlit", "dashboard.py", "pyproject.toml", "requirements.txt", "README.md")
NAMES = {  # heading in CONTRIBUTING: the name of the example in its table
    "A corruption": "stripes",
    "A penalty": "code-l2",
    "An architecture": "shallow",
    "A metric": "worst_error",
    "A projection": "widest",
    "A data set": "bars",
    "A page": "about",
    "An exhibit": "mean",
    "An overlay": "middles",
}
# The tests that walk the tables, each asked for the cases of the examples.
WALKS = (
    *("corruptions/test_every.py", "autoencoders/test_family.py", "autoencoders/test_sizes.py"),
    *("autoencoders/test_suits.py", "figures/test_network.py", "metrics/test_each.py", "datasets/test_sources.py"),
    *("ui/test_config_form.py", "ui/test_lessons.py", "lessons/test_text.py", "stores/test_f59326a.py"),
)


@dataclass(frozen=True)
class Example:
    """What CONTRIBUTING says to add: files with their text, and a line in a table of another file."""

    files: dict[str, str]
    table: str
    place: str
    line: str


def examples() -> dict[str, Example]:
    """Return the examples of CONTRIBUTING by their headings."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    parts = text.split("## Adding one")[1].split("## Habits")[0].split("\n### ")[1:]
    return {part.splitlines()[0]: example(part) for part in parts}


def example(part: str) -> Example:
    code = r"`:\n\n```\w+\n(.*?)^```$"
    files = re.findall(r"^`(ae_models/[^`]+)" + code, part, flags=re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^In the \w+ `([\w.]+)` of `([^`]+)" + code, part, flags=re.MULTILINE | re.DOTALL)
    assert len(lines) == 1
    table, place, line = lines[0]
    assert line.startswith("+ ")
    return Example(dict(files), table, place, line[2:])


def add(root: Path, new: Example) -> None:
    """Write the files, which are not there yet, and put the line at the end of its table, or of a file that is one."""
    for name, text in new.files.items():
        (root / name).parent.mkdir(exist_ok=True)
        with (root / name).open("x", encoding="utf-8") as stream:
            stream.write(text)
    path = root / new.place
    text = path.read_text(encoding="utf-8")
    end = len(text)
    if path.name != new.table:
        table = re.search(rf"^{new.table}\b.*?^(    [\]}}]|[\]}}])", text, flags=re.MULTILINE | re.DOTALL)
        assert table is not None
        end = table.start(1)
    path.write_text(f"{text[:end]}{new.line.rstrip()}\n{text[end:]}", encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and its tests with the nine examples."""
    root = tmp_path_factory.mktemp("newcomer") / "lab"
    root.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, root / name)
    try:
        (root / "data").symlink_to(ROOT / "data", target_is_directory=True)
    except OSError:  # Windows asks for a privilege
        shutil.copytree(ROOT / "data", root / "data")
    for new in examples().values():
        add(root, new)
    return root


def run(root: Path, *arguments: str, **environment: str) -> str:
    settings = {**os.environ, "AE_MODELS_HOME": str(root / "home"), "PYTHONPATH": str(root), **environment}
    settings.pop("AE_MODELS_DATA", None)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_each_is_two_files_and_one_line_at_most() -> None:
    found = examples()
    assert list(found) == list(NAMES)
    for heading, new in found.items():
        assert 1 <= len(new.files) <= 2, heading
        assert len(new.line.strip().splitlines()) == 1, heading
        assert not any((ROOT / name).exists() for name in new.files), heading
        assert (ROOT / new.place).is_file(), heading


def test_each_line_goes_into_its_table_as_it_is_now(tmp_path: Path) -> None:
    for heading, new in examples().items():
        (tmp_path / new.place).parent.mkdir(parents=True, exist_ok=True)
        if not (tmp_path / new.place).exists():
            shutil.copyfile(ROOT / new.place, tmp_path / new.place)
        add(tmp_path, Example({}, new.table, new.place, new.line))
        text = (tmp_path / new.place).read_text(encoding="utf-8")
        if not new.place.endswith(".py"):
            continue
        tables = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Dict)]
        entries = [ast.unparse(key) for table in tables for key in table.keys if key]
        assert repr(NAMES[heading]) in entries or new.table == "PAGES", heading


@pytest.mark.slow
def test_the_examples_keep_the_rules_of_style(copy: Path) -> None:
    written = [name for new in examples().values() for name in new.files if name.endswith(".py")]
    run(copy, "-m", "ruff", "check", *written)
    run(copy, "-m", "ruff", "format", "--check", *written)


@pytest.mark.slow
def test_the_tests_that_walk_the_tables_pass(copy: Path) -> None:
    passed = cases(copy, " or ".join(NAMES.values()), *WALKS)
    for name in ("stripes", "code-l2", "shallow", "worst_error", "bars", "about", "mean"):
        assert any(name in line or name.title() in line for line in passed), name


@pytest.mark.browser
def test_the_overlay_is_drawn_over_the_maps(copy: Path) -> None:
    passed = cases(copy, "middles", "browser/test_overlays.py")
    assert len(passed) == 1 or (not passed and os.environ.get("LATENT_LAB_BROWSER") != "required")


def cases(root: Path, names: str, *files: str) -> list[str]:
    """Run the cases of these names in the copy, which must pass; return them."""
    quiet = ("-n0", "-m", "", "-q", "-rA", "-p", "no:cacheprovider", f"--basetemp={root.parent / 'base'}")
    done = run(root, "-m", "pytest", *quiet, "-k", names, *(f"tests/{name}" for name in files))
    return [line for line in done.splitlines() if line.startswith("PASSED")]


@pytest.mark.slow
def test_the_command_line_knows_them(copy: Path) -> None:
    settings = ("--set", "every=2", "--set", "strength=0.1", "--set", "units=8")
    chosen = ("--model", "shallow", "--corruption", "stripes", "--penalty", "code-l2", "--dataset", "bars")
    run(copy, "-m", "ae_models", "train", *chosen, "--latent-dim", "2", "--epochs", "1", *settings)
    runs = json.loads(run(copy, "-m", "ae_models", "runs", "--json"))["runs"]
    own = next(each["id"] for each in runs if each["id"].startswith("bars-shallow"))
    compared = run(
        copy, "-m", "ae_models", "compare", "--dataset", "bars", "--run", own, "--projection", "widest", "--json"
    )
    rows = {row["method"]: row["metrics"] for row in json.loads(compared)["rows"]}
    assert rows["shallow"]["worst_error"] > 0
    assert rows["widest"]["worst_error"] is None  # it cannot draw
    assert rows["widest"]["trustworthiness"] > 0
    page = """
import sys
from streamlit.testing.v1 import AppTest

def opened(page, **parameters):
    app = AppTest.from_file("ae_models/ui/app.py", default_timeout=600)
    app.query_params.update(parameters)
    app.run()
    if page: app.switch_page(page).run()
    assert not app.exception, app.exception
    return app

def offered(app):
    boxes = [box for kind in ("selectbox", "button_group", "multiselect") for box in app.get(kind)]
    return {str(option) for box in boxes for option in box.options}

first = offered(opened("", data="bars"))
train = offered(opened("train/page.py", data="bars"))
maps = offered(opened("train/page.py").segmented_control(key="train-what").set_value("map").run())
compare = offered(opened("compare/page.py", data="bars"))
print(*sorted(first | train | maps | compare), sep="\\n")
print(opened("about/page.py").title[0].value)
"""
    shown = run(copy, "-c", page)
    for title in ("Bars (12 x 12)", "Shallow autoencoder", "Stripes", "L2 on the code", "Widest map", "What is here?"):
        assert title in shown, title

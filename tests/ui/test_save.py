"""The window "Save" on Explore: what is offered, and that it is what is on the screen."""

import ast
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ae_models.recipes import find_run, heldout_of
from ae_models.recipes.onefile import page_of
from ae_models.ui.explore import save
from ae_models.ui.shared import scene
from ae_models.ui.view import View
from tests.exporting.test_onefile import page_in
from tests.ui.test_explore import SCRIPT, components


def opened(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.session_state["save-asked"] = True
    return page.run()


def offered(page: AppTest) -> list[str]:
    return [button.proto.label for button in page.get("download_button") if button.proto.id.find("-save-") >= 0]


@pytest.mark.usefixtures("home")
def test_everything_is_offered_with_its_size_once() -> None:
    page = opened(data="digits")
    assert not page.exception
    labels = offered(page)
    titles = [label.split(" · ")[0] for label in labels]
    assert titles == [
        *("HTML", "Parquet", "CSV", "NPZ", "Embedding Projector"),
        *("ONNX pair", "Whole run", "Script", "Notebook"),  # a shipped run keeps no weights beside its graphs
    ]
    assert all(label.endswith(("kB", "MB")) for label in labels)
    assert labels[0].startswith("HTML · about ")
    assert labels[4].startswith("Embedding Projector · about ")
    assert offered(page.run()) == []  # the next run does not open it again


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("run", "dim"), [("digits-dense-2d", 2), ("digits-dense-3d", 3)])
def test_the_file_has_what_the_page_has(run: str, dim: int) -> None:
    page = opened(data="digits", run=run, dim=str(dim))
    shown = next(data for data in components(page).values() if "panels" in data)
    views = page_in(page_of(*find_run(run)))["views"]
    kept = next(view for view in views if view["dim"] == dim)

    def bare(value: object) -> object:
        """The same without addresses: those differ."""
        if isinstance(value, dict):
            return {key: bare(one) for key, one in value.items() if not key.endswith("url")}
        return [bare(one) for one in value] if isinstance(value, list) else value

    assert set(kept) == set(shown) - {"module"}
    here = {
        "plotly",
        "runtime",
        "film",
        "looks",
        "panels",
        "decode",
        "counts",
    }  # they are of the browser, or of the file itself
    for name in sorted(set(kept) - here - {"ids_url", "labels_url"}):
        assert bare(kept[name]) == bare(shown[name]), name
    told = [dict(panel, choices=[], chosen="umap" if panel["chosen"] else "") for panel in kept["panels"]]
    asked = [dict(panel, choices=[]) for panel in shown["panels"]]
    assert bare(told) == bare(asked)


@pytest.mark.usefixtures("home")
def test_script_and_file_are_of_the_view() -> None:
    ids = heldout_of(find_run("digits-dense-3d")[1]).ids
    view = View(dataset="digits", run="digits-dense-3d", dim=2, dims=(2, 0), pin=int(ids[5]), third="tsne")
    stage = scene.of(view, find_run("digits-dense-3d"))
    assert isinstance(stage, scene.Scene)
    shown = scene.turned(view, stage)
    known = constants(save.script_of(view, shown))
    assert (known["RUN"], known["PIN"], known["DIMS"]) == ("digits-dense-3d", view.pin, [2, 0])
    assert known["MAPS"] == [("pca", 2), ("tsne", 2)]
    assert known["POINT"] == pytest.approx(shown.autoencoder.codes.values[5])
    view.move_to((1.0, 2.0, 3.0))
    view.colour, view.clusters = "clusters autoencoder", 4
    assert constants(save.script_of(view, shown))["POINT"] == [1.0, 2.0, 3.0]
    opening = save.opening_of(view, shown)
    assert (opening.dim, opening.dims, opening.third, opening.pin) == (2, (2, 0), "tsne", view.pin)
    assert opening.point == (1.0, 2.0, 3.0)
    assert (opening.colour, opening.clusters) == ("clusters autoencoder", 4)


def constants(text: str) -> dict[str, Any]:
    """What stands in a script as literals, by name."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found

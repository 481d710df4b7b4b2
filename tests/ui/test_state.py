"""The address bar: what it brings back, and what it refuses, a line each."""

import pytest

from ae_models.ui.view import View, parse_address, parse_point

DATASETS = ("mnist", "fashion-mnist", "digits")


def test_an_address_comes_back_as_the_view_it_was_made_from():
    view = View("digits", "digits-dense-2d", 3, "train", "pca", "pixels", 17, (-6.59, 0.76, 1e-4))
    view.dims, view.decode, view.third = (3, 0, 1), "server", "tsne"
    view.colour, view.clusters = "clusters pca", 12
    back = parse_address(view.address(), DATASETS)
    assert back == view
    assert view.address()["colour"] == "clusters-pca"


@pytest.mark.parametrize("dim", [2, 3])
def test_zoom_and_camera_come_back_with_the_address(dim):
    view = View(dim=dim)
    if dim == 2:
        view.zoom = ((-3.25, 4.0, -2.5, 6.125), None, (0.0, 1.0, -1e-4, 1.0))
    else:
        view.camera = (None, (1.05, -0.2, 0.65, 0.0, 0.0, 0.1, 0.0, 0.0, 1.0), None)
    parameters = view.address()
    assert ("zoom" in parameters, "cam" in parameters) == (dim == 2, dim == 3)
    assert parse_address(parameters, DATASETS) == view
    other = parse_address({**parameters, "dim": str(5 - dim)}, DATASETS)  # of maps that are not shown: nothing
    assert (other.viewports, other.problems) == ((), [])


def test_a_plain_address_is_the_first_screen():
    assert parse_address({}, DATASETS) == View()


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"data": "cats"}, "data"),
        ({"dim": "4"}, "dim"),
        ({"dim": "two"}, "dim"),
        ({"drive": "umap"}, "drive"),
        ({"near": ""}, "near"),
        ({"decode": "nowhere"}, "decode"),
        ({"dims": "0,1"}, "dims"),
        ({"dims": "x"}, "dims"),
        ({"map": ""}, "map"),
        ({"map": "../x"}, "map"),
        ({"map": "a" * 70}, "map"),
        ({"show": "all"}, "show"),
        ({"pin": "-1"}, "pin"),
        ({"pin": "1e9"}, "pin"),
        ({"pin": "²"}, "pin"),
        ({"pin": "9" * 30}, "pin"),
        ({"colour": "clusters"}, "colour"),
        ({"colour": "errors autoencoder"}, "colour"),
        ({"clusters": "1"}, "clusters"),
        ({"clusters": "51"}, "clusters"),
        ({"clusters": "ten"}, "clusters"),
        ({"clusters": "²"}, "clusters"),
        ({"z": ""}, "z"),
        ({"z": "a,b"}, "z"),
        ({"z": "1,,2"}, "z"),
        ({"z": "inf,0"}, "z"),
        ({"z": "nan"}, "z"),
        ({"z": "1e300,0"}, "z"),
        ({"z": ",".join(["1"] * 2000)}, "z"),
        ({"zoom": ""}, "zoom"),
        ({"zoom": "0,1"}, "zoom"),
        ({"zoom": "4,0,1,0,1"}, "zoom"),
        ({"zoom": "-1,0,1,0,1"}, "zoom"),
        ({"zoom": "1,1,0,0,1"}, "zoom"),
        ({"zoom": "1,0,inf,0,1"}, "zoom"),
        ({"zoom": "1,0,1,0,nan"}, "zoom"),
        ({"zoom": "1,0,1,0,1_1,0,1,0,1"}, "zoom"),
        ({"zoom": "1,0,1,0,1,0"}, "zoom"),
        ({"zoom": "_".join(["1,0,1,0,1"] * 5000)}, "zoom"),
    ],
)
def test_a_bad_value_is_named_and_left_out(parameters, named):
    view = parse_address(parameters, DATASETS)
    assert len(view.problems) == 1
    assert view.problems[0].startswith(f"{named} in the address")
    assert len(view.problems[0]) < 200
    view.problems.clear()
    assert view == View()


@pytest.mark.parametrize("camera", ["1,1,1,1", "1,1,1,1,1,1,1,0,0,1", "1,0,0,2,0,0,0,0,0,1", "1,1,1,1,0,0,0,0,0,0"])
def test_a_camera_that_sees_nothing_is_named_and_left_out(camera):
    view = parse_address({"dim": "3", "cam": camera}, DATASETS)
    assert view.viewports == ()
    assert view.problems[0].startswith("cam in the address")


def test_a_long_text_is_cut_short_in_the_message():
    with pytest.raises(ValueError, match="z in the address must be numbers") as caught:
        parse_point("x" * 5000)
    assert len(str(caught.value)) < 150


def test_what_a_teacher_adds_to_a_link_comes_back_with_it():
    asked = {"data": "digits", "dim": "2", "task": "Find <b>it</b>", "hide": "data,tools", "present": "1"}
    view = parse_address(asked, DATASETS)
    assert (view.problems, view.address()) == ([], asked)
    assert view.shared.hides("tools")
    wrong = parse_address({"task": "x" * 401, "hide": "data,everything", "present": "2"}, DATASETS)
    assert [problem.split()[0] for problem in wrong.problems] == ["task", "hide", "present"]
    assert wrong.address() == {"data": "mnist", "dim": "2", "hide": "data"}

"""The address bar: what it brings back, and what it refuses, a line each."""

import pytest

from ae_models.ui.state import View, parse_address, parse_point

DATASETS = ("mnist", "fashion-mnist", "digits")


def test_an_address_comes_back_as_the_view_it_was_made_from():
    view = View("digits", "digits-dense-2d", 3, "train", "pca", "pixels", 17, (-6.59, 0.76, 1e-4))
    view.dims, view.decode = (3, 0, 1), "server"
    back = parse_address(view.address(), DATASETS)
    assert back == view


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
        ({"show": "all"}, "show"),
        ({"pin": "-1"}, "pin"),
        ({"pin": "1e9"}, "pin"),
        ({"pin": "²"}, "pin"),
        ({"pin": "9" * 30}, "pin"),
        ({"z": ""}, "z"),
        ({"z": "a,b"}, "z"),
        ({"z": "1,,2"}, "z"),
        ({"z": "inf,0"}, "z"),
        ({"z": "nan"}, "z"),
        ({"z": "1e300,0"}, "z"),
        ({"z": ",".join(["1"] * 2000)}, "z"),
    ],
)
def test_a_bad_value_is_named_and_left_out(parameters, named):
    view = parse_address(parameters, DATASETS)
    assert len(view.problems) == 1
    assert view.problems[0].startswith(f"{named} in the address")
    assert len(view.problems[0]) < 200
    view.problems.clear()
    assert view == View()


def test_a_long_text_is_cut_short_in_the_message():
    with pytest.raises(ValueError, match="z in the address must be numbers") as caught:
        parse_point("x" * 5000)
    assert len(str(caught.value)) < 150

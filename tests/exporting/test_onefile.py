"""One HTML file: what lies in it is what the run holds, as text that a browser unpacks; names are never markup."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.canvas import webfiles
from ae_models.export.onefile import onefile, pack
from ae_models.recipes import codes_of, find_run, heldout_of
from ae_models.recipes.onefile import Opening, page_of

RUN = "digits-dense-3d"
Cli = Callable[..., tuple[int, str, str]]


def page_in(content: bytes) -> Any:
    found = re.search(r'<script type="application/json" id="ll-page">(.*?)</script>', content.decode(), re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def parts_in(content: bytes) -> dict[str, bytes]:
    found = re.findall(
        r'<script type="text/plain" data-part="([a-z0-9-]+)">([A-Za-z0-9+/=]*)</script>', content.decode()
    )
    return {name: gzip.decompress(b64decode(text)) for name, text in found}


@pytest.fixture(scope="module")
def made() -> bytes:
    return page_of(*find_run(RUN))


def test_a_view_for_flat_maps_and_one_for_maps_in_space_with_the_runs_own_numbers(made: bytes) -> None:
    store, record = find_run(RUN)
    images = heldout_of(record)
    page, parts = page_in(made), parts_in(made)
    assert [view["dim"] for view in page["views"]] == [2, 3]
    assert page["first"] == 3
    flat, deep = page["views"]
    assert [panel["title"] for panel in flat["panels"]] == ["Autoencoder", "PCA", "UMAP"]
    assert [name for name, _ in flat["panels"][2]["choices"]] == ["umap", "tsne"]
    space = deep["spaces"][0]
    codes = np.frombuffer(parts[space["codes_url"]], "<f4").reshape(-1, 3)
    assert np.array_equal(codes, codes_of(store, record, images))
    assert parts[space["decoder_url"]] == store.file(record, "decoder.onnx")
    points = np.frombuffer(parts[deep["panels"][0]["points_url"]], "<f4").reshape(-1, 3)
    assert np.array_equal(points, codes[:, deep["panels"][0]["dims"]])
    assert np.array_equal(np.frombuffer(parts[deep["ids_url"]], "<i4"), images.ids)
    assert np.array_equal(np.frombuffer(parts[deep["images"][0]["url"]], "u1"), images.pixels.ravel())
    assert sorted(page["film"]["dims"]) == [0, 1, 2]
    assert len(page["film"]["captions"]) * 3 * 2 * page["film"]["n"] == len(parts[page["film"]["url"]])


def test_everything_that_is_named_lies_in_the_file_and_nothing_else(made: bytes) -> None:
    page, parts = page_in(made), parts_in(made)
    named: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            named.update(one for key, one in value.items() if key == "url" or (key.endswith("_url") and one))
            value = list(value.values())
        for one in value if isinstance(value, list) else []:
            look(one)

    look(page)
    assert {name for name in parts if name.startswith("a-")} == named - {None}
    assert {name for name in parts if not name.startswith("a-")} == {
        *("modules", "runtime", "runtime-glue", "runtime-wasm"),
    }
    assert parts["runtime-wasm"][:4] == b"\0asm"
    text = made.decode()
    assert "connect-src data: blob:" in text
    assert not re.search(r'(src|href)="', text)  # nothing is fetched


def test_modules_find_one_another_without_a_folder(made: bytes) -> None:
    modules = json.loads(parts_in(made)["modules"])
    assert {"onefile/onefile.js", "explore/studio.js", "decode/decoders.js", "decode/plane.js"} <= set(modules)
    assert "shared/types.js" not in modules
    for name, source in modules.items():
        code = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
        assert not re.search(r'(from|import)\s*\(?"\.', code), name
        for other in re.findall(r'from "ll/([\w/-]+\.js)"', code):
            assert other in modules, (name, other)


def test_names_are_never_markup(made: bytes) -> None:
    store, record = find_run(RUN)
    evil = "</script><script>alert(1)</script><!-- \u2028"
    content = page_of(store, record.model_copy(update={"title": evil}))
    assert page_in(content)["title"] == evil
    assert content.count(b"<script") == made.count(b"<script")
    assert b"<!--" not in content
    with pytest.raises(ValueError, match="part's name"):
        onefile({}, {'x"><b>': pack(b"")}, style="", opening="")
    with pytest.raises(ValueError, match="must not hold"):
        onefile({}, {}, style="", opening='"</script>"')


def test_it_opens_as_it_was_asked_and_nonsense_is_left_out() -> None:
    run = find_run(RUN)
    camera = (1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    ids = heldout_of(run[1]).ids
    asked = Opening(
        dim=2, third="tsne", dims=(2, 0), pin=int(ids[9]), drive="pca", point=(1.0, 2.0, 3.0), near="pixels"
    )
    flat, deep = page_in(page_of(*run, asked))["views"]
    assert flat["panels"][0]["dims"] == [2, 0]
    assert flat["panels"][2]["chosen"] == "tsne"
    assert (flat["pinned"], flat["drive"], flat["point"], flat["near"]) == (
        int(ids[9]),
        "pca",
        [1.0, 2.0, 3.0],
        "pixels",
    )
    odd = Opening(third="nothing", dims=(7, 7), pin=-3, drive="me", point=(1.0,), looks=(camera, None))
    flat, deep = page_in(page_of(*run, odd))["views"]
    assert (flat["pinned"], flat["drive"], flat["point"], flat["looks"]) == (int(ids[0]), "autoencoder", None, [])
    assert deep["looks"] == [list(camera), None]  # it opens in space


def test_too_large_a_file_shows_fewer_images_and_says_so(made: bytes) -> None:
    run = find_run(RUN)
    content = page_of(*run, most=len(made) - 30_000)
    assert len(content) <= len(made) - 30_000
    page, parts = page_in(content), parts_in(content)
    view = page["views"][0]
    assert 100 <= view["n"] < 360
    about = dict(page["about"])
    assert about["Shown"].startswith(f"{view['n']:,} of 360 held-out images")
    assert "half precision" in about["Shown"]
    ids = np.frombuffer(parts[view["ids_url"]], "<i4")
    rows = np.searchsorted(heldout_of(run[1]).ids, ids)
    assert rows[0] == 0
    assert rows[-1] == 359
    codes = np.frombuffer(parts[view["spaces"][0]["codes_url"]], "<f2").reshape(-1, 3)
    assert view["spaces"][0]["codes_url"] in page["halves"]
    assert np.allclose(codes, codes_of(*run, heldout_of(run[1]))[rows], rtol=1e-3)
    with pytest.raises(UserError, match="too large for one file"):
        page_of(*run, most=len(made) - 150_000)


def test_pca_itself_has_a_file() -> None:
    page = page_in(page_of(*find_run("digits-pca-2d")))
    assert [panel["title"] for panel in page["views"][0]["panels"]] == ["PCA", "UMAP"]
    assert page["footers"]["2"]["umap"].startswith(
        "360 images never used to fit PCA · 360 of 1,797 shown · PCA fitted on"
    )


def test_themes_are_the_pages_own() -> None:
    light = webfiles.themes()["light"]
    assert light["--st-background-color"] == "#fbfaf8"
    sheets = webfiles.texts("decode/frame.css", "explore/canvas.css", "onefile/onefile.css")
    used = set(re.findall(r"var\((--st-[\w-]+)\)", sheets))
    own = set(re.findall(r"(--st-[\w-]+):", sheets))
    for theme in webfiles.themes().values():
        assert used - own <= set(theme)


def test_the_runtimes_version_is_the_one_that_lies_there() -> None:
    assert f"onnxruntime-web {webfiles.RUNTIME_VERSION}" in (webfiles.RUNTIME / "README.md").read_text()


def test_on_the_command_line(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("export", RUN, "--format", "html", "--out", str(tmp_path / "new"))
    assert (code, err) == (0, "")
    path = tmp_path / "new" / f"{RUN}.html"
    assert out.startswith(str(path))
    assert f"{path.stat().st_size / 1e6:.1f} MB" in out
    (tmp_path / "file").touch()
    for arguments, why in (
        ((RUN, "--format", "html", "--out", str(tmp_path / "file")), "is a file, not a folder"),
        (("nothing", "--format", "html", "--out", str(tmp_path)), "unknown run 'nothing': choose from"),
        ((RUN, "--format", "htm", "--out", str(tmp_path)), "invalid choice"),
        ((RUN, "--format", "html"), "--out"),
    ):
        code, out, err = cli("export", *arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1), err
        assert why in err

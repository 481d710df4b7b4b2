"""The browser's kinds and sentences, run by Node.js: the same kinds as Python's, drawn as Python draws them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.base.paths import ROOT
from ae_models.figures.tint import ink
from ae_models.kinds import IMAGE, KINDS, VECTOR, Kind

BROWSER = ROOT / "ae_models" / "canvas" / "browser"
SHAPES = [(1, 9, 7), (3, 5, 4), (1, 1, 5), (1, 1, 300)]
PLACES = {"title", "cannot", "number", "pin", "point"}  # what else stands between braces in a text
OF_IMAGES = re.compile(r"(?<![\w./{-])(images?|pictures?|pixels?)(?![\w./-])", re.IGNORECASE)
# Images alone are drawn by hand; a file of maps is a picture of any data; the rest are names, and read by programs.
FOR_IMAGES = {"walk/readings.js", "painter/map_files.js"}
NAMES = {"image", "pixels", "picture", "Picture", "no picture", "The maps as they lie here, as a picture"}


def ran(tmp_path: Path, script: str, **given: Any) -> Any:
    """Return what a module's ``export default`` is, with the browser's modules at ``@/`` and ``given`` as JSON."""
    from playwright._impl._driver import compute_driver_executable

    shutil.copytree(BROWSER, tmp_path / "browser")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    head = f"const given = {json.dumps(given)}\n"
    lines = script.replace("//given", head).replace('from "@/', 'from "./browser/')
    (tmp_path / "script.js").write_text(lines, encoding="utf-8")
    run = 'import found from "./script.js"\nconsole.log(JSON.stringify(found))\n'
    (tmp_path / "run.js").write_text(run, encoding="utf-8")
    command = [str(compute_driver_executable()[0]), str(tmp_path / "run.js")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_browser_knows_the_same_kinds(tmp_path: Path) -> None:
    found = ran(
        tmp_path,
        'import { KINDS, kindOf } from "@/kinds/kinds.js"\n//given\n'
        "export default { names: KINDS.map(({ name }) => name), of: given.shapes.map((shape) => kindOf(shape).name) }",
        shapes=SHAPES,
    )
    assert found == {"names": list(KINDS), "of": ["image", "image", "vector", "vector"]}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_sample_looks_the_same_in_the_browser_as_in_a_figure(
    tmp_path: Path, shape: tuple[int, ...], dark: bool
) -> None:
    values = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    found = ran(
        tmp_path,
        'import { kindOf } from "@/kinds/kinds.js"\n//given\n'
        "const kind = kindOf(given.shape)\nconst { width, height } = kind.size(given.shape)\n"
        "const pixels = new Uint8ClampedArray(4 * width * height)\n"
        "kind.fill(pixels, [7, ...given.values], 1, given.shape, 255, given.dark)\n"
        "export default { size: [height, width], pixels: [...pixels] }",
        shape=shape,
        values=values.ravel().tolist(),
        dark=dark,
    )
    drawn = np.array(found["pixels"]).reshape(*found["size"], 4)
    assert (drawn[..., 3] == 255).all()
    wanted = ink(values[None].astype(np.float32) / 255, dark)[0]
    assert drawn[..., :3].shape == wanted.shape
    if shape[0] == 1 and shape[1] > 1 and not dark:  # a figure's ink has a tint, the browser's is black
        order = np.argsort(values.ravel(), kind="stable")
        assert (np.diff(drawn[..., 0].ravel()[order].astype(int)) <= 0).all()
    else:
        assert np.abs(drawn[..., :3] - wanted.astype(int)).max() <= 1


def test_a_new_kind_is_a_line_in_the_table(tmp_path: Path) -> None:
    found = ran(
        tmp_path,
        'import { KINDS, kindOf } from "@/kinds/kinds.js"\n'
        'import { say, speakOf } from "@/shared/sentences.js"\n//given\n'
        'KINDS.push({ ...KINDS[0], name: "toy", holds: ([channels]) => channels === 5, '
        "size: () => ({ width: 3, height: 2 }), fill: (pixels) => pixels.fill(7) })\n"
        'speakOf({ samples: "toys", Samples: "Toys" })\n'
        "const pixels = new Uint8ClampedArray(24)\nkindOf([5, 8, 8]).fill(pixels)\n"
        "export default [kindOf([5, 8, 8]).name, kindOf([5, 8, 8]).size([5, 8, 8]), [...new Set(pixels)], "
        'kindOf([1, 1, 5]).name, say("{Samples}: 3 {samples}")]',
    )
    assert found == ["toy", {"width": 3, "height": 2}, [7], "vector", "Toys: 3 toys"]


@pytest.mark.parametrize("kind", [IMAGE, VECTOR], ids=lambda kind: kind.name)
def test_a_title_that_somebody_gave_stays_as_it_is(tmp_path: Path, kind: Kind) -> None:
    title = "image pixels {samples} {0} of pictures $& $1"
    words = "{A_sample} of {title}, its {parts}"
    found = ran(
        tmp_path,
        'import { say, speakOf } from "@/shared/sentences.js"\n//given\n'
        "speakOf(given.nouns)\nexport default say(given.words, { title: given.title })",
        nouns=dict(kind.nouns),
        words=words,
        title=title,
    )
    assert found == kind.say(words, title=title)


def texts() -> Iterator[tuple[str, str]]:
    """Every text in the browser's modules, with the module's address; what a program fills in is left out."""
    for path in sorted(BROWSER.rglob("*.js")):
        code = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        code = re.sub(r"(?<!:)//.*", "", code)
        for found in re.finditer(r'"([^"\n]*)"|`([^`]*)`', code):
            text = found[1] if found[1] is not None else re.sub(r"\$\{[^}]*\}", "", found[2])
            yield path.relative_to(BROWSER).as_posix(), text


def test_every_brace_in_a_text_of_the_browser_is_filled() -> None:
    known = set(IMAGE.nouns) | PLACES
    wrong = [(where, text) for where, text in texts() for name in re.findall(r"\{(\w+)\}", text) if name not in known]
    assert not wrong


def test_no_text_of_the_browser_calls_the_data_images() -> None:
    found = [(where, text) for where, text in texts() if OF_IMAGES.search(text) and text not in NAMES]
    assert not [each for each in found if each[0] not in FOR_IMAGES]

"""From files of any kind that is known here to one ``Raw``: what lies in folders and zips is put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

from ae_models.base import Progress, UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets import idx
from ae_models.datasets.readers import archive, folders, libsvm, mat, parquet, table
from ae_models.datasets.readers.arrays import Named, parse_npy, parts
from ae_models.datasets.readers.items import Item, Problems, unpacked
from ae_models.datasets.readers.limits import LIMITS, Budget, Limits
from ae_models.datasets.readers.names import TEST, TRAIN, VALID, shown, words
from ae_models.datasets.readers.pictures import Wish
from ae_models.datasets.readers.public import hints_of
from ae_models.datasets.readers.raw import Hint, Part, Raw, join
from ae_models.datasets.readers.recognise import DATA_ENDINGS, PICTURE_ENDINGS, kind_of

_ROLES = {"images", "image", "imgs", "img", "labels", "label", "x", "y", "data", "targets", "idx1", "idx2", "idx3"}
_FORMS = {"ubyte", "int", "gz", "bz2", "xz", "npy", "npz", "csv", "tsv", "txt", "parquet", "mat", "of", "svm", "libsvm"}


def read(
    items: Sequence[Item],
    config: ImportConfig | None = None,
    *,
    problems: Problems | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> Raw:
    """Return everything that is in these files.

    Parameters
    ----------
    items : sequence of Item
        From ``of_paths`` or ``of_bytes``.
    config : ImportConfig, optional
        What the user knows better: ``only`` chooses files by name, ``labels`` a column, ``size`` a size.
    problems : Problems, optional
        Whether bad files among good ones are refused (the default) or left out and listed.

    Raises
    ------
    UserError
        In one line: which file, and what is wrong with it.
    """
    with ExitStack() as stack:  # zips stay open until everything is read
        return _read(list(items), config or ImportConfig(), problems or Problems(), Budget(limits), progress, stack)


def _read(
    given: list[Item],
    config: ImportConfig,
    problems: Problems,
    budget: Budget,
    progress: Progress | None,
    stack: ExitStack,
) -> Raw:
    kinds = _kinds(_chosen(_expanded(given, budget, problems, stack), config.only), budget, problems)
    if not kinds:
        raise UserError(f"{_what(given)}: holds nothing that can be read")
    pictures = [item for item, kind in kinds if kind == "picture"]
    wish = Wish(config.size, config.background)
    if pictures:
        others = [item for item, kind in kinds if kind != "picture"]
        tables = [item for item, kind in kinds if kind == "table"] if config.labels != "none" else []
        found = folders.beside(tables, [item.name for item in pictures], config.labels, budget)
        made = folders.read(pictures, wish, budget, problems, progress, found)
        used = found.file if found is not None and "labels" in made[0].hints else ""
        unread = [item for item in others if shown(item.name) != used]
        made[0].notes += [f"{shown(item.name)} lies beside pictures and was not read" for item in unread[:5]]
    else:
        made = _data(kinds, config, wish, budget, problems, progress)
    raw = join(made, budget.limits)
    raw.hints = {**_said_by_names(kinds), **raw.hints}
    raw.sources = [(shown(item.name), item.size) for item in given]
    raw.left_out = list(problems.left_out)
    return raw


def _what(items: list[Item]) -> str:
    return shown(items[0].name) if items else "this"


def _expanded(items: list[Item], budget: Budget, problems: Problems, stack: ExitStack) -> list[Item]:
    """Return the items with zips opened, one level deep."""
    found: list[Item] = []
    for item in items:
        if item.head(4) == b"PK\x03\x04":
            inside = archive.members(item, budget.limits, problems, stack)
            _refuse_known_zips(item, inside)
            prefix = f"{item.name}/" if _is_npz(inside) else ""
            for member in inside:
                if member.size >= 4 and member.head(4) == b"PK\x03\x04" and not member.name.endswith(".npz"):
                    problems.add(f"{item.name}/{member.name}", "is a zip in a zip: unpack the outer one first")
                else:
                    found.append(Item(prefix + member.name, member.size, member.open))
        else:
            found.append(item)
    return found


def _is_npz(inside: list[Item]) -> bool:
    return bool(inside) and all(item.name.endswith(".npy") for item in inside)


def _refuse_known_zips(item: Item, inside: list[Item]) -> None:
    names = [member.name for member in inside]
    if any(name.endswith("data.pkl") for name in names):
        raise UserError(
            f"{shown(item.name)}: is a PyTorch file, made of pickles, which can run code and are never read"
        )
    if any(name.startswith("xl/") for name in names):
        raise UserError(f"{shown(item.name)}: is an Excel workbook: save it as CSV")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise UserError(f"{shown(item.name)}: is a Word or PowerPoint file")


def _chosen(items: list[Item], only: str) -> list[Item]:
    if not only:
        return items
    found = [item for item in items if only.lower() in item.name.lower()]
    if not found:
        raise UserError(f"only: no file has '{shown(only)}' in its name")
    return found


def _kinds(items: list[Item], budget: Budget, problems: Problems) -> list[tuple[Item, str]]:
    """Return each item, unpacked, with its kind; text and other things that lie beside data are passed over."""
    found, passed, first = [], [], None
    for item in items:
        is_expected = item.name.lower().endswith((*PICTURE_ENDINGS, *DATA_ENDINGS)) or len(items) == 1
        try:
            plain = unpacked(item, budget)
            kind = kind_of(plain)
        except UserError as mistake:
            first = first or mistake
            if item.name.lower().endswith(PICTURE_ENDINGS):
                found.append((item, "picture"))  # told, or left out, with the other pictures
            elif is_expected or "damaged" in str(mistake) or "unpacks to" in str(mistake):
                _tell(item, mistake, problems)
            else:
                passed.append(item)
            continue
        if kind == "zip":
            _tell(item, UserError(f"{shown(item.name)}: is a zip in a zip: unpack the outer one first"), problems)
        elif kind == "table" and len(items) > 1 and _is_beside_the_point(item.name):
            passed.append(item)
        else:
            found.append((plain, kind))
    if not found and first is not None:
        raise first
    for item in passed:
        problems.left_out.append((shown(item.name), "is neither pictures nor data"))
    return found


def _is_beside_the_point(name: str) -> bool:
    """Say whether a text file among others only tells about them: notes, mappings, Kaggle's sample of an answer."""
    small = name.lower()
    return small.endswith((".md", ".txt", ".rst", ".log", ".names", ".info")) or "sample_submission" in small


def _tell(item: Item, mistake: UserError, problems: Problems) -> None:
    if not problems.keep_good:
        raise mistake
    problems.left_out.append((shown(item.name), str(mistake).removeprefix(f"{shown(item.name)}: ")))


def _data(
    kinds: list[tuple[Item, str]],
    config: ImportConfig,
    wish: Wish,
    budget: Budget,
    problems: Problems,
    progress: Progress | None,
) -> list[Part]:
    _one_set([item.name for item, _ in kinds], 2)
    arrays: list[Named] = []
    tables: list[Part] = []
    for item, kind in kinds:
        if kind == "idx":
            arrays.append(Named(item.name, "", idx.parse(item.content(budget), shown(item.name), budget.spend), "IDX"))
        elif kind == "npy":
            file, _, key = item.name.rpartition("/") if ".npz/" in item.name else ("", "", "")
            array = parse_npy(item.content(budget), shown(item.name), budget)
            arrays.append(Named(file or item.name, key.removesuffix(".npy"), array, "NPZ" if file else "NPY"))
        elif kind == "mat":
            tables += mat.read(item.content(budget), item.name, budget)
        elif kind == "libsvm":
            tables.append(libsvm.read(item, budget))
        elif kind == "parquet":
            tables.append(parquet.read(item, wish, budget, problems, config.labels, progress))
        else:
            tables.append(table.read(item, budget, problems, config.labels))
    if arrays and tables:
        raise UserError(f"{shown(arrays[0].name)} and {shown(tables[0].name)} are of two kinds: choose one with only=")
    _one_set([named.file for named in arrays if not named.is_labels] or [part.name for part in tables], 1)
    made = parts(arrays) if arrays else libsvm.widened(tables, budget) if tables[0].format == "libsvm" else tables
    if config.labels == "none":
        for part in made:
            part.labels = None
    return made


def _group(name: str) -> tuple[str, ...]:
    """Return what is left of a file's name without its split, role and form: files of one set have it in common."""
    known = TEST | TRAIN | VALID | _ROLES | _FORMS
    file = name.split(".npz/")[0].rsplit("/", 1)[-1]
    return tuple(word for word in words(file) if word not in known and not word.isdigit() and len(word) < 16)


def _one_set(names: list[str], at_least: int) -> None:
    """Raise ``UserError`` where files of several sets, ``at_least`` of each, lie together: EMNIST's archive has six."""
    groups = Counter(_group(name) for name in names)
    if len(groups) > 1 and min(groups.values()) >= at_least:
        titles = [" ".join(group) or "no name" for group in groups]
        several = ", ".join(titles[:6]) + (" ..." if len(titles) > 6 else "")
        raise UserError(f"files of {len(groups)} sets ({several}): choose one with only={titles[0].split(' ')[-1]}")


def _said_by_names(kinds: list[tuple[Item, str]]) -> dict[str, Hint]:
    """Return what the names of the files say: EMNIST's IDX files are transposed too, and its letters have names."""
    return hints_of([item.name for item, _ in kinds])

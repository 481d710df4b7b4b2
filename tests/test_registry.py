"""Tables of names: every line leads somewhere, unknown names are answered."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest

import ae_models
from ae_models.base import UserError
from ae_models.base.config import Config
from ae_models.base.registry import Entry, Registry

ENTRY = Entry("math:sqrt", "Root", "the square root")


def _tables() -> dict[str, Registry]:
    """Every registry in the rooms that import nothing heavy."""
    found = {}
    for module in walk_packages(ae_models.__path__, "ae_models."):
        if module.ispkg and ".ui" not in module.name:
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, Registry) and name.isupper():
                    found[name] = value
    return found


TABLES = _tables()
LINES = [(table, name) for table, registry in TABLES.items() for name in registry]


def test_the_tables_of_the_design_are_there() -> None:
    assert {"ARCHITECTURES", "DATASETS", "PROJECTIONS"} <= set(TABLES)


@pytest.mark.parametrize(("table", "name"), LINES, ids="-".join)
def test_each_line_leads_to_something_and_says_what_it_is(table: str, name: str) -> None:
    entry = TABLES[table].entry(name)
    assert TABLES[table].load(name) is not None
    assert entry.title
    assert entry.summary
    if entry.config is not None:
        assert isinstance(entry.config(), Config)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_an_unknown_name_lists_all_choices(table: str) -> None:
    with pytest.raises(UserError) as caught:
        TABLES[table].entry("no such thing")
    assert all(name in str(caught.value) for name in TABLES[table])
    assert TABLES[table].kind in str(caught.value)


def test_a_near_miss_gets_a_hint_and_a_far_one_does_not() -> None:
    registry = Registry("dataset", {"fashion-mnist": ENTRY, "digits": ENTRY})
    with pytest.raises(UserError, match=r"unknown dataset 'fashon-mnist' \(did you mean 'fashion-mnist'\?\)"):
        registry.entry("fashon-mnist")
    with pytest.raises(UserError) as caught:
        registry.entry("zzz")
    assert "did you mean" not in str(caught.value)


def test_it_reads_like_a_mapping_in_the_order_of_the_table() -> None:
    registry = Registry("thing", {"b": ENTRY, "a": ENTRY})
    assert list(registry) == ["b", "a"]
    assert len(registry) == 2
    assert "a" in registry
    assert "c" not in registry
    assert registry.load("a")(9.0) == 3.0

"""Where files are, and what is said when nothing can be written there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ae_models.base import UserError, paths


def test_home_is_what_the_variable_says(home: Path) -> None:
    assert paths.home() == home


def test_home_is_beside_what_ships_when_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("AE_MODELS_HOME", raising=False)
        else:
            monkeypatch.setenv("AE_MODELS_HOME", value)
        assert paths.home() == paths.SHIPPED / "local"


def test_a_tilde_is_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("AE_MODELS_HOME", "~/lab")
    monkeypatch.setenv("AE_MODELS_DATA", "~/data")
    assert paths.home() == tmp_path / "lab"
    assert paths.full_data() == tmp_path / "data"


def test_no_full_data_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    assert paths.full_data() is None


def test_a_folder_that_is_missing_is_made_and_left_clean(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert paths.writable(folder) == folder
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_mistake_that_names_it_and_the_variable(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with pytest.raises(UserError, match="AE_MODELS_HOME") as caught:
        paths.writable(file / "home" / "runs")
    assert str(file / "home" / "runs") in str(caught.value)

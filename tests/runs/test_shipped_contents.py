"""What ships is not looked into each time it is read: here it is, once."""

from __future__ import annotations

import pytest

from ae_models.runs import shipped_runs
from ae_models.runs.contents import check_contents


@pytest.mark.parametrize("run_id", shipped_runs().ids())
def test_every_file_holds_what_its_record_says(run_id: str) -> None:
    store, record = shipped_runs(), shipped_runs().read(run_id)
    for name in record.files:
        check_contents(record, name, store.file(record, name))

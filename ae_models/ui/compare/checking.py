"""What Check the numbers keeps: figures that this server computed, under a digest of all that they follow from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ae_models import datasets
from ae_models.recipes import Verified, verify
from ae_models.recipes.published import PUBLISHED, Published
from ae_models.recipes.verifying import basis
from ae_models.ui.cache import cached
from ae_models.ui.shared.progress_cache import is_kept, with_progress


@dataclass(frozen=True)
class Checked:
    """Published figures computed here, when, and in how many seconds."""

    rows: tuple[Verified, ...]
    when: datetime
    basis: str

    @property
    def seconds(self) -> float:
        """Seconds that the computing took."""
        return sum(row.seconds for row in self.rows)


def published(dataset: str) -> tuple[Published, ...]:
    """Return the published figures of a data set."""
    return tuple(figure for figure in PUBLISHED if figure.dataset == dataset)


def checked(dataset: str, *, now: bool) -> Checked | None:
    """Return the figures of a data set computed here: those that are kept, or if ``now`` new ones, with a bar."""
    digest = _basis(dataset, datasets.source(dataset).resolve("auto"))
    key = ("check", dataset, digest)
    if not now and not is_kept(key):
        return None
    return with_progress(
        key,
        "Computing",
        lambda progress: Checked(
            tuple(verify("quick", [figure.id for figure in published(dataset)], progress)), datetime.now(), digest
        ),
    )


@cached()
def _basis(dataset: str, variant: str) -> str:
    return basis(published(dataset))
